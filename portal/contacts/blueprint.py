"""The blueprint of people who are no learners: what they ask, what is known of them, the newsletter."""

from flask import Blueprint

blueprint = Blueprint("contacts", __name__)
