"""The addresses of bringing in workbooks."""

from flask import Blueprint

blueprint = Blueprint("imports", __name__)
