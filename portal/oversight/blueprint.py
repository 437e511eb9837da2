"""The blueprint of oversight: reviews of access."""

from flask import Blueprint

blueprint = Blueprint("oversight", __name__)
