"""The blueprint of learners."""

from flask import Blueprint

blueprint = Blueprint("learners", __name__)
