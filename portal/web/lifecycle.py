"""What happens around every request: the school by host, who is asking, may she, the errors, the headers."""

import secrets
from typing import Any

import structlog
from flask import Flask, Response, g, make_response, render_template
from flask_login import LoginManager
from flask_wtf.csrf import CSRFError
from htmx_flask import make_response as htmx_response
from htmx_flask import request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.db import session as database
from portal.core.db.scope import leave_school
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from portal.core.http import languages as i18n
from portal.core.http.access import Actor, current_actor, public, set_actor
from portal.core.http.languages import language
from portal.core.http.pages import add_headers
from portal.core.logs import places
from portal.permissions import Permission
from portal.schools.queries import set_current_school, view_of
from portal.web.authentication import check_access, enter, load_signed_in
from portal.web.navigation import group_tabs, learner_tabs, menu_for

log = structlog.get_logger("portal")
STATUS = {NotFound: 404, NotAllowed: 403, Conflict: 409, Invalid: 422}


def _enter_school() -> BaseResponse | None:
    if request.endpoint == "static":
        return None
    set_actor(None)
    g.request_number = secrets.token_hex(4)
    asked = request.host
    host = asked.rpartition(":")[0] if ":" in asked else asked
    row = enter(host)
    if row is None:
        return make_response(render_template("errors/unknown_host.html"), 404)
    school = g.school = view_of(row)
    set_current_school(school)
    return None


def _render_error(status: int, code: str = "", **facts: Any) -> Response:
    known = hasattr(g, "school")
    template = f"errors/{status}.html" if known else "errors/unknown_host.html"
    number = getattr(g, "request_number", secrets.token_hex(4))
    response = make_response(render_template(template, number=number, code=code, facts=facts), status if known else 404)
    return htmx_response(response, retarget="body", reswap="innerHTML") if request.htmx else response


def _on_refusal(refusal: Refusal) -> Response:
    status = STATUS.get(type(refusal), 409)
    beyond = refusal.facts.get("refused") if isinstance(refusal, NotFound) else None
    if (isinstance(refusal, NotAllowed) or beyond) and current_actor() is not None:
        database.session.rollback()
        what = beyond or refusal.facts.get("permission") or refusal.code
        audit.refused(what, address=request.path, learner_id=refusal.facts.get("learner_id"))
    return _render_error(status, refusal.code, **refusal.facts)


def _on_http(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    shown = error.code if error.code in {401, 403, 404, 410, 413, 422, 429, 503} else 404 if error.code < 500 else 500
    response = _render_error(shown)
    response.status_code = error.code
    return response


def _on_csrf(_error: CSRFError) -> Response:
    return _render_error(422, "stale_form")


def _on_fault(error: Exception) -> Response:
    """Say that it is our fault, within her menu; without it where what draws the menu is what is broken."""
    number = getattr(g, "request_number", secrets.token_hex(4))
    log.error("fault", number=number, endpoint=request.endpoint, kind=type(error).__name__, at=places(error))
    try:
        return _render_error(500)
    except Exception as another:  # noqa: BLE001 - whatever it is, she is told
        log.error("fault", number=number, endpoint=request.endpoint, kind=type(another).__name__, at=places(another))
        set_actor(None)
        return _render_error(500)


def _everywhere() -> dict[str, Any]:
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


def _leave(_error: BaseException | None) -> None:
    if not hasattr(g, "request_number"):
        return
    set_actor(None)
    set_current_school(None)
    leave_school()
    i18n.forget_page()


def install(app: Flask, login: LoginManager) -> None:
    """Put all of this around the app's requests."""
    login.session_protection = None
    login._session_identifier_generator = str  # and so nothing is made of address and browser, at each request
    app.after_request_funcs[None].remove(login._update_remember_cookie)  # there is no such cookie
    login.user_loader(load_signed_in)
    app.before_request(_enter_school)
    app.before_request(check_access)
    app.before_request(i18n.know_page)
    app.after_request(add_headers)
    app.teardown_request(_leave)
    app.context_processor(_everywhere)
    app.register_error_handler(Refusal, _on_refusal)
    app.register_error_handler(CSRFError, _on_csrf)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(Exception, _on_fault)


def declare_static(app: Flask) -> None:
    """Say of the style sheets and scripts that anyone may read them."""
    app.view_functions["static"] = public(app.view_functions["static"])
