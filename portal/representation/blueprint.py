"""The blueprint of everything about who acts for a learner."""

from flask import Blueprint

blueprint = Blueprint("representation", __name__)
