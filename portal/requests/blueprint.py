"""The blueprint of everything about requests and complaints."""

from flask import Blueprint

blueprint = Blueprint("requests", __name__)
