"""The blueprint of everything about how long data is kept."""

from flask import Blueprint

blueprint = Blueprint("retention", __name__)
