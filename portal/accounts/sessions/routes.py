"""The own sessions: where she is signed in, and ending that."""

from uuid import UUID

from flask import Response, flash, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.blueprint import blueprint, sign_out_browser
from portal.accounts.labels import device_name
from portal.accounts.models import AccountSession
from portal.accounts.queries import get_account, list_ended_sessions, list_sessions
from portal.accounts.sessions.services import end_session, end_sessions
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.permissions import Permission
from portal.policy.labels import length_of
from portal.policy.queries import current_policy


def _with_device(found: list[AccountSession]) -> list[tuple[AccountSession, str]]:
    return [(each, device_name(each.browser)) for each in found]


@blueprint.get("/account/sessies")
@requires(Permission.ACCOUNT_OWN)
def sessions() -> Response:
    """List where she is signed in, and where she was as long as the policy keeps that."""
    account_id, scope = current_user.actor.account_id, require_actor().scope
    in_force, ended = (_with_device(found(account_id, scope)) for found in (list_sessions, list_ended_sessions))
    return page(
        "accounts/sessions.html",
        devices=in_force,
        ended=ended,
        kept=length_of(current_policy().activity_term),
        current_id=current_user.session_id,
    )


@blueprint.post("/account/sessies/<uuid:session_id>/einde")
@requires(Permission.ACCOUNT_OWN)
def end_own_session(session_id: UUID) -> BaseResponse:
    """End one of the own sessions."""
    end_session(session_id, by=require_actor())
    if session_id == current_user.session_id:
        sign_out_browser()
        return see_other(url_for("accounts.signed_out"))
    flash(_("Dat apparaat is uitgelogd."), "good")
    return see_other(url_for("accounts.sessions"))


@blueprint.post("/account/sessies/overal-uitloggen")
@requires(Permission.ACCOUNT_OWN)
def sign_out_everywhere() -> BaseResponse:
    """End every own session, this one too."""
    end_sessions(get_account(current_user.actor.account_id, require_actor().scope))
    sign_out_browser()
    return see_other(url_for("accounts.signed_out"))
