"""The blueprint of accounts, and what its addresses share: entering a session, and the page for a link gone stale."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask import session as cookie
from flask_login import UserMixin, login_user, logout_user
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.models import Account
from portal.accounts.queries import Found
from portal.accounts.sessions.services import start_session
from portal.accounts.sign_in.attempts import Attempt
from portal.accounts.sign_in.services import begin_second_step, why_shut_out
from portal.core import audit
from portal.core.http.pages import page, see_other

blueprint = Blueprint("accounts", __name__)

SECOND_STEP = "second_step"


class NewSession(UserMixin):
    """Who has just signed in, as Flask-Login keeps her: by her session's token."""

    def __init__(self, token: str) -> None:
        self.id = token


def keep_signed_in(holder: Any, *, lasts: bool) -> None:
    """Sign this browser in with the token of a session.

    Whatever was in its cookie before is gone, so no session can be fixed beforehand.
    """
    cookie.clear()
    login_user(holder)
    cookie.permanent = lasts


def sign_out_browser() -> None:
    """Take out of this browser what it was signed in with."""
    logout_user()
    cookie.clear()


def enter(account: Account, *, is_own_device: bool, has_second_factor: bool) -> None:
    """Start a session in this browser for who proved to be the holder of an account."""
    token = start_session(
        account,
        is_own_device=is_own_device,
        has_second_factor=has_second_factor,
        ip_address=request.remote_addr,
        browser=request.user_agent.string,
    )
    keep_signed_in(NewSession(token), lasts=is_own_device)


def go_on(found: Found, *, is_own_device: bool = False, back: str = "/") -> BaseResponse:
    """Let in who proved the first step: at once, or by the second step where she has one.

    Whose account opens nothing today is told so and starts no session: a child whose parent signs in for her, say.
    """
    account = found.account
    elsewhere = _turned_away(account)
    if elsewhere is not None:
        return elsewhere
    if not found.asks_second_step:
        enter(account, is_own_device=is_own_device, has_second_factor=False)
        return see_other(back)
    token = begin_second_step(account)
    cookie.clear()
    cookie[SECOND_STEP] = {"token": token, "own": is_own_device, "terug": back}
    return see_other(url_for("accounts.second_step"))


def go_in(account: Account, *, is_own_device: bool = False, back: str = "/") -> BaseResponse:
    """Let in who proved both steps at once, unless her account opens nothing today."""
    elsewhere = _turned_away(account)
    if elsewhere is not None:
        return elsewhere
    enter(account, is_own_device=is_own_device, has_second_factor=True)
    return see_other(back)


def _turned_away(account: Account) -> BaseResponse | None:
    """Lead to why an account opens nothing today; None where it opens something."""
    why = why_shut_out(account)
    if why is None:
        return None
    audit.refused_way_in("accounts.sign_in")
    cookie.clear()
    return see_other(url_for("accounts.shut_out", waarom=why))


def attempt(what: str, name: str) -> Attempt:
    """Return an attempt under a name from the address of this request."""
    return Attempt(what, name, request.remote_addr)


def too_often(seconds: int) -> Response:
    """Say that there were too many wrong attempts, and when to try again."""
    audit.refused_way_in("accounts.too_often")
    response = page("accounts/too_often.html", status=429, minutes=max(1, -(-seconds // 60)))
    response.headers["Retry-After"] = str(seconds)
    return response


def stale_link(kind: str) -> Response:
    """Say that a link no longer works and what to do next; the same for one that never was."""
    audit.refused_way_in(f"accounts.stale_link.{kind}")
    return private(page("accounts/stale_link.html", status=410, kind=kind))


def private(response: Response) -> Response:
    """Keep the address of a page, which holds a token, out of the Referer header."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
