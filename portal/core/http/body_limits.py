"""How many bytes the body of a request may have: 1 MiB, or what an upload's address declares.

The web server takes in no more (`portal.web.request_gate`), and the app reads no more behind whatever server it runs.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

from portal.core.http.access import access_of

F = TypeVar("F", bound=Callable[..., Any])

MEBIBYTE = 1024 * 1024
USUAL = MEBIBYTE
LARGEST = 64 * MEBIBYTE


def takes_upload(mebibytes: int) -> Callable[[F], F]:
    """Declare under an address that it takes a body of so many MiB, at most 64; never under a public one."""
    if mebibytes * MEBIBYTE > LARGEST:
        raise ValueError(f"an upload is at most {LARGEST // MEBIBYTE} MiB")

    def declare(view: F) -> F:
        view.__dict__["body_limit"] = mebibytes * MEBIBYTE
        return view

    return declare


def body_limit_of(app: Flask, endpoint: str | None) -> int:
    """Return how many bytes an endpoint takes; an address that there isn't takes what is usual."""
    view = app.view_functions.get(endpoint or "")
    return int(getattr(view, "body_limit", USUAL))


def check_every_upload(app: Flask) -> None:
    """Raise RuntimeError, naming them, when an upload's address is open to people who aren't signed in."""
    declared = (rule for rule in app.url_map.iter_rules() if body_limit_of(app, rule.endpoint) > USUAL)
    public = sorted(rule.rule for rule in declared if access_of(app, rule.endpoint) == "public")
    if public:
        raise RuntimeError(f"uploads by people who aren't signed in: {', '.join(public)}")


def limit_body() -> None:
    """Hold the request in hand to its address's limit: reading more raises RequestEntityTooLarge."""
    request.max_content_length = body_limit_of(current_app, request.endpoint)
