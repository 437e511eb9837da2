"""Addresses that cost the processor so much that they wait in a queue of their own: those that hash a password.

The web server (`portal.web.request_gate`) answers them in threads of their own, so that many who sign in at once, or
one who tries passwords, hold up nobody else.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

F = TypeVar("F", bound=Callable[..., Any])


def costly(view: F) -> F:
    """Declare under an address that what is posted to it costs much of the processor."""
    view.__dict__["is_costly"] = True
    return view


def is_costly(app: Flask, endpoint: str | None) -> bool:
    """Say whether what is posted to an endpoint costs much; an address that there isn't costs nothing."""
    return bool(getattr(app.view_functions.get(endpoint or ""), "is_costly", False))
