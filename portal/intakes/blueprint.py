"""The blueprint of intakes: signing up for one, and who signed up."""

from flask import Blueprint

blueprint = Blueprint("intakes", __name__)
