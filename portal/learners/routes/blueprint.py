"""The blueprint of learners, which all its pages share."""

from flask import Blueprint

blueprint = Blueprint("learners", __name__)
