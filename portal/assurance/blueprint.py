"""The blueprint of what shows that promises are kept."""

from flask import Blueprint

blueprint = Blueprint("assurance", __name__)
