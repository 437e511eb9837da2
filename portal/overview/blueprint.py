"""The blueprint that all these addresses stand in."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, request

blueprint = Blueprint("overview", __name__)


def entry_before() -> tuple[datetime, UUID] | None:
    """Return the log entry after which the next page starts, from the address; None for the first page."""
    moment, _space, number = request.args.get("voor", "").partition(" ")
    try:
        return (datetime.fromisoformat(moment), UUID(number)) if number else None
    except ValueError:
        return None
