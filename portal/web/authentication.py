"""Who is asking, may she, and what she must do first: the actor's part of what happens around a request."""

from typing import Any

from flask import current_app, g, redirect, session, url_for
from flask_login import current_user
from htmx_flask import make_response as htmx_response
from htmx_flask import request
from werkzeug.wrappers import Response

from portal.accounts.sessions.last_seen import see
from portal.accounts.sessions.services import digest_of, is_fresh
from portal.core.db.scope import enter_by_host
from portal.core.errors import NotAllowed
from portal.core.http import access
from portal.core.http.access import Actor, current_actor, set_actor
from portal.core.http.pages import see_other, where_she_was
from portal.permissions import REACHES_LEARNERS, Permission
from portal.policy.queries import current_policy
from portal.web.signed_in import SignedIn, entering, entering_values, signed_in

OPEN_BEFORE_SECOND_STEP = frozenset({"accounts.set_up_second_factor", "accounts.sign_in_anew"})


def enter(host: str) -> Any:
    """Enter the school that answers to `host` and return its row, None for an unknown one.

    The session that the cookie names is looked up in the same statement.
    """
    token = session.get("_user_id")
    if token is None:
        return enter_by_host(host)
    asked = {"host": host, **entering_values(digest_of(token))}
    row = enter_by_host(host, lambda connection: connection.execute(entering(), asked).one_or_none())
    if row is not None:
        g.held = (token, row.who)
    return row


def load_signed_in(token: str) -> SignedIn | None:
    """Return who holds this token at this school; None where the session has ended or was idle for too long."""
    entered_with, who = g.get("held", (None, None))
    found = signed_in(token, who) if token == entered_with else None
    if found is None or found.is_own_device:
        return found
    if not see(found.session_id, since=found.authenticated_at, idle_minutes=g.school.idle_minutes):
        g.was_idle = True
        return None
    return found


def check_access() -> Response | None:
    """Refuse, or send elsewhere first, who may not open this address as things stand; None where she may.

    Who asks for an address that there isn't is known too: the page that says so keeps her menu and her language.
    """
    endpoint = request.endpoint
    if endpoint == "static":
        return None
    holder: SignedIn = current_user._get_current_object()
    if holder.is_authenticated:
        g.account_language = holder.language
        set_actor(holder.actor)
    if endpoint is None:
        return None
    asked = access.access_of(current_app, endpoint)
    if asked == "public":
        return None
    actor = current_actor()
    if actor is None:
        return _ask_to_sign_in()
    if not isinstance(asked, Permission) or not actor.may(asked):
        raise NotAllowed("not_allowed", permission=str(asked))
    first = _first(holder, actor, asked)
    return see_other(url_for(first, terug=where_she_was())) if first is not None else None


def _first(holder: SignedIn, actor: Actor, asked: Permission) -> str | None:
    """Return the endpoint of what she must do before this address opens; None where nothing stands in between."""
    endpoint = str(request.endpoint)
    wanted = not holder.has_second_factor and not actor.roles.isdisjoint(g.school.second_factor_roles)
    if wanted and endpoint not in OPEN_BEFORE_SECOND_STEP:
        return "accounts.sign_in_anew" if holder.has_totp else "accounts.set_up_second_factor"
    minutes = access.fresh_minutes_of(current_app, endpoint)
    if minutes is not None and not is_fresh(holder, minutes):
        return "accounts.sign_in_anew"
    if asked in REACHES_LEARNERS and actor.is_staff:
        return None if current_policy().confidentiality.version in holder.accepted else "accounts.confidentiality"
    if asked is Permission.RECORD_OWN and holder.must_choose and endpoint != "representation.choose_whom":
        return "representation.choose_whom"
    return None


def _ask_to_sign_in() -> Response:
    why = "stil" if g.get("was_idle") else None
    lost = 1 if request.method == "POST" else None
    url = url_for("accounts.sign_in", terug=where_she_was(), reden=why, kwijt=lost)
    if request.htmx:
        answer: Response = htmx_response("", 401, redirect=url)
        return answer
    return redirect(url, 303)
