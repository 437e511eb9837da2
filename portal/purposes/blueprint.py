"""The blueprint of what learners decide on, and of who is told that the school has her data."""

from flask import Blueprint

blueprint = Blueprint("purposes", __name__)
