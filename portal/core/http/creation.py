"""Addresses that make something new: declared beside their access, so that the same form sent twice is stored once."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar

from flask import Flask, Response, current_app, flash, g, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from portal.core.http.access import current_actor
from portal.core.http.languages import _
from portal.core.http.pages import see_other, where_she_was
from portal.core.submissions import claim, note_answer

F = TypeVar("F", bound=Callable[..., Any])
_CHUNK = 64 * 1024


def creates(view: F) -> F:
    """Declare under an address that its form makes something new."""
    view.__dict__["creates"] = True
    return view


def is_creating(app: Flask, endpoint: str) -> bool:
    """Say whether the form of an endpoint makes something new."""
    return bool(getattr(app.view_functions[endpoint], "creates", False))


def answer_to_repeated() -> BaseResponse | None:
    """Claim the form in hand, where it makes something new; lead to what it made before where it was sent before."""
    if request.method != "POST" or not is_creating(current_app, str(request.endpoint)):
        return None
    g.submission_id, led_to = claim(_parts())
    if g.submission_id is not None:
        return None
    flash(_("Dit was al opgeslagen. Het staat er één keer."))
    return see_other(led_to or where_she_was())


def note_answer_of(response: Response) -> None:
    """Remember where the answer to the form in hand leads, for whoever sends it again."""
    if g.get("submission_id") is not None:
        note_answer(g.submission_id, response.headers.get("HX-Redirect") or response.location)


def _parts() -> list[str]:
    """Return all that tells this form from another: who sends it, where to, from which page, and what is in it."""
    actor = current_actor()
    files = [f"{name}={file.filename} {_digest_of(file)}" for name, file in request.files.items(multi=True)]
    values = [f"{name}={value}" for name, value in request.form.items(multi=True)]
    account = str(actor.account_id if actor is not None else None)
    token = request.headers.get("X-CSRFToken", "")
    return [account, request.full_path, token, *values, *files]


def _digest_of(file: FileStorage) -> str:
    digest = sha256()
    for chunk in iter(lambda: file.stream.read(_CHUNK), b""):
        digest.update(chunk)
    file.stream.seek(0)
    return digest.hexdigest()
