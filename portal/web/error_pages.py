"""Pages that say what went wrong, in a transaction of their own: what the request did so far is rolled back."""

import secrets
from typing import Any

import structlog
from flask import Flask, Response, g, make_response, render_template, url_for
from flask_wtf.csrf import CSRFError
from htmx_flask import make_response as htmx_response
from htmx_flask import request
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.db.scope import begin
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from portal.core.http.access import current_actor, require_actor, set_actor
from portal.core.http.pages import see_other
from portal.core.logs import places
from portal.representation.disputes.services import ParentsDisagree, raise_dispute
from portal.web.authentication import say_session_ended
from portal.web.kept_forms import kept_form

log = structlog.get_logger("portal")
_STATUS = {NotFound: 404, NotAllowed: 403, Conflict: 409, Invalid: 422}
_PAGES = frozenset({401, 403, 404, 410, 413, 422, 429, 503})


def _roll_back() -> None:
    """Drop what the request did, and what it would have shown."""
    audit.forget_views()
    session.rollback()


def _error_page(status: int, *, code: str = "", shown: int | None = None, **facts: Any) -> Response:
    """Render the page of a status (or of `shown`), within the school's bars where the school is known."""
    if "school" in g:
        begin(g.school.id)
    template = f"errors/{shown or status}.html"
    html = render_template(template, number=g.get("request_number") or secrets.token_hex(4), code=code, facts=facts)
    response = make_response(html, status)
    return htmx_response(response, retarget="body", reswap="innerHTML") if request.htmx else response


def _on_refusal(refusal: Refusal) -> Response:
    _roll_back()
    beyond = refusal.facts.get("refused") if isinstance(refusal, NotFound) else None
    if (isinstance(refusal, NotAllowed) or beyond) and current_actor() is not None:
        what = beyond or refusal.facts.get("permission") or refusal.code
        audit.refused(what, address=request.path, learner_id=refusal.facts.get("learner_id"))
    return _error_page(_STATUS.get(type(refusal), 409), code=refusal.code, **refusal.facts)


def _on_disagreement(refusal: ParentsDisagree) -> BaseResponse:
    """Drop what a parent chose, keep that she and the other parent disagree, and show that page."""
    _roll_back()
    begin(g.school.id)
    raise_dispute(refusal, by=require_actor())
    return see_other(url_for("representation.disagreements"))


def _on_http_error(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    _roll_back()
    if isinstance(error, InternalServerError):
        return _on_fault(error.original_exception or error)
    return _error_page(error.code, shown=error.code if error.code in _PAGES else 404)


def _on_stale_token(_error: CSRFError) -> Response:
    _roll_back()
    if "school" in g:
        audit.refused_way_in("form_token")
    if request.htmx:
        begin(g.school.id)
        return say_session_ended(422)
    return _error_page(422, code="stale_form", kept=kept_form())


def _on_fault(error: BaseException) -> Response:
    """Say that it is our fault, within her menu; without it where what draws the menu is what is broken."""
    _log_fault(error)
    try:
        _roll_back()
        return _error_page(500)
    except Exception as another:  # noqa: BLE001 - whatever it is, she is told
        _log_fault(another)
        set_actor(None)
        g.pop("school", None)
        return _error_page(500)


def _log_fault(error: BaseException) -> None:
    number = g.get("request_number")
    log.error("fault", number=number, endpoint=request.endpoint, kind=type(error).__name__, at=places(error))


def install(app: Flask) -> None:
    """Bind these pages to an app."""
    app.register_error_handler(Refusal, _on_refusal)
    app.register_error_handler(ParentsDisagree, _on_disagreement)
    app.register_error_handler(CSRFError, _on_stale_token)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(Exception, _on_fault)
