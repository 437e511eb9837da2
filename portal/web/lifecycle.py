"""The life of a request: what happens before a view, and what after it, in order.

A request is one transaction, which commits before its answer leaves. A GET changes nothing but the audit.
"""

import secrets
from collections.abc import Callable, Iterable
from contextvars import Context
from typing import Any

from flask import Flask, Response, current_app, g, has_request_context, make_response, render_template
from flask_wtf import CSRFProtect
from htmx_flask import request
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.db.restore_state import is_under_way
from portal.core.db.scope import begin_by_host, commit, restart
from portal.core.db.session import session
from portal.core.db.transactions import autocommit_connection
from portal.core.errors import NotAllowed
from portal.core.http.access import READING, Actor, current_actor, is_one_click, public
from portal.core.http.body_limits import limit_body
from portal.core.http.creation import answer_to_repeated, note_answer_of
from portal.core.http.languages import language, settle_language
from portal.core.http.pages import add_headers
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import note_collected
from portal.schools.queries import set_current_school, view_of
from portal.web import error_pages
from portal.web.authentication import (
    check_access,
    hide_restricted_categories,
    identify,
    login_manager,
    reveal_own_record,
)
from portal.web.navigation import group_tabs, learner_tabs, menu_for

csrf = CSRFProtect()
_RETRY_SECONDS = "300"


class GetChanges(RuntimeError):
    """A GET tried to change stored data: a mistake in the code, never the reader's."""


def begin_request() -> BaseResponse | None:
    """What happens before a view: the body, the school, who is asking, may she, what is hers, the form's token.

    Who asks for an address that there isn't is known too: the page that says so keeps her menu and her language.
    """
    limit_body()
    if request.endpoint == "static":
        return None
    g.request_number = secrets.token_hex(4)
    unreadable = _read_body()
    closed = _closed()
    if closed is not None:
        return closed
    holder = identify()
    settle_language()
    if unreadable is not None:
        raise unreadable
    if request.endpoint is None:
        return None
    elsewhere = check_access(holder)
    reveal_own_record()
    hide_restricted_categories()
    if elsewhere is None:  # whose session has ended is asked to sign in, whatever her form's token is worth
        if not is_one_click(current_app, request.endpoint):
            csrf.protect()
        elsewhere = answer_to_repeated()
    return elsewhere


def admits_upload() -> bool:
    """Say whether the address is open to who asks, before the body of her request is taken in."""
    g.request_number = secrets.token_hex(4)
    if not _enter_school():
        return False
    try:
        return check_access(identify()) is None
    except NotAllowed:
        return False


def _read_body() -> HTTPException | None:
    """Read the body whole, before a connection is taken; return why that can't be done, to be said within the bars."""
    if "\0" in request.path:
        return BadRequest()
    try:
        len(request.form)
    except HTTPException as error:
        return error
    return None


def _closed() -> Response | None:
    """Begin the transaction in the school of the host; return the answer where nobody is served at it."""
    try:
        if _enter_school():
            return None
    except DBAPIError:
        if not _is_being_restored():
            raise
        return make_response(render_template("errors/restoring.html"), 503, {"Retry-After": _RETRY_SECONDS})
    settle_language()
    if _is_of_school_that_left():
        return make_response(render_template("errors/school_left.html"), 410)
    return make_response(render_template("errors/unknown_host.html"), 404)


def _is_of_school_that_left() -> bool:
    """Say whether a school answered at the request's host, and left."""
    name, _, _port = request.host.rpartition(":")
    found = session.scalar(text("select closed_at_host(:host)"), {"host": name or request.host})
    return found is not None


def _is_being_restored() -> bool:
    """Say whether the database refused because a backup is being put back into it: then nobody is served (OP-07)."""
    session.remove()
    with autocommit_connection() as connection:
        return is_under_way(connection)


def _enter_school() -> bool:
    """Begin the transaction in the school that answers to the request's host; False where there is none."""
    name, _, _port = request.host.rpartition(":")
    row = begin_by_host(name or request.host)
    if row is None:
        return False
    g.school = view_of(row)
    set_current_school(g.school)
    return True


def finish_request(response: Response) -> Response:
    """Write what was shown into the audit and commit. What was refused (status 400 and up) keeps nothing else.

    A refused form is shown again with what it is about, so that is written too.
    """
    if session().in_transaction():
        if response.status_code >= 400 and request.method not in READING:
            restart()
        else:
            note_answer_of(response)
            note_collected(response)
        audit.write_views()
        commit()
    return response


def end_request(_error: BaseException | None) -> None:
    """Give the connection back, whatever happened."""
    if "request_number" in g:
        session.remove()


class ContextPerRequest:
    """WSGI middleware that runs each request in an empty context, so that nothing set for one is there for the next."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        return Context().run(self._app, environ, start_response)


@event.listens_for(Session, "before_flush")
def _refuse_in_get(flushing: Session, _context: Any, _instances: Any) -> None:
    if not has_request_context() or request.method not in READING:
        return
    changed = [*flushing.new, *flushing.deleted, *(row for row in flushing.dirty if flushing.is_modified(row))]
    if changed:
        raise GetChanges(f"a GET of {request.endpoint} would change {type(changed[0]).__name__}")


def _template_context() -> dict[str, Any]:
    actor: Actor | None = current_actor()
    return {
        "school": getattr(g, "school", None),
        "actor": actor,
        "may": actor.may if actor is not None else lambda _permission: False,
        "Permission": Permission,
        "menu": lambda: menu_for(actor),
        "group_tabs": group_tabs,
        "learner_tabs": learner_tabs,
        "lang": language(),
    }


def install(app: Flask) -> None:
    """Bind the life of a request to an app."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # `begin_request` asks for it, once the school is known
    app.before_request(begin_request)
    app.after_request(finish_request)
    app.after_request(add_headers)
    app.teardown_request(end_request)
    app.context_processor(_template_context)
    app.wsgi_app = ContextPerRequest(app.wsgi_app)  # type: ignore[method-assign]
    login_manager.init_app(app)
    csrf.init_app(app)
    error_pages.install(app)


def declare_static(app: Flask) -> None:
    """Say of the style sheets and scripts that anyone may read them."""
    app.view_functions["static"] = public(app.view_functions["static"])
