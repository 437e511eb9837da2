"""The blueprint of the policy: the public statement, and what is announced of it."""

from flask import Blueprint

blueprint = Blueprint("policy", __name__)
