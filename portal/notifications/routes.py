"""Seeing what happened, and the mail of the day: switched by its holder, or by the link in it, without signing in."""

from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core.errors import NotFound
from portal.core.http.access import one_click, public, require_actor, requires
from portal.core.http.forms import Form
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.notifications.daily_mails.queries import is_wanted
from portal.notifications.daily_mails.services import find_unsubscriber, switch_mail, unsubscribe
from portal.notifications.services import see_notifications
from portal.permissions import Permission

blueprint = Blueprint("notifications", __name__)


@blueprint.post("/meldingen/gezien")
@requires(Permission.NOTIFICATION_OWN)
def see() -> BaseResponse:
    """Note that she saw what was listed."""
    see_notifications(request.form.getlist("melding", type=UUID), by=require_actor())
    return see_other(url_for("overview.notifications"))


@blueprint.get("/account/meldingen")
@requires(Permission.ACCOUNT_OWN)
def mail_setting() -> Response:
    """Say whether she gets the mail of the day."""
    return page("notifications/mail_setting.html", is_on=is_wanted(require_actor()), form=Form())


@blueprint.post("/account/meldingen")
@requires(Permission.ACCOUNT_OWN)
def set_mail() -> BaseResponse:
    """Switch the mail of the day on or off."""
    is_on = request.form.get("mail") == "aan"
    switch_mail(is_on=is_on, by=require_actor())
    flash(_("De mail over meldingen staat aan.") if is_on else _("De mail over meldingen staat uit."), "good")
    return see_other(url_for("notifications.mail_setting"))


@blueprint.get("/meldingen/mail-uit/<token>")
@public
def leave(token: str) -> Response:
    """Ask whether the mail of the day is to stop; opening it stops nothing."""
    if find_unsubscriber(token) is None:
        raise NotFound("daily_mail")
    return _private(page("notifications/leave.html", leave_url=url_for("notifications.leave_now", token=token)))


@blueprint.post("/meldingen/mail-uit/<token>")
@public
@one_click
def leave_now(token: str) -> Response:
    """Stop the mail of the day: by the button, or by a mail program's own one (RFC 8058), which has no form of ours."""
    unsubscribe(token)
    return _private(page("notifications/leave.html", leave_url=None))


def _private(response: Response) -> Response:
    """Keep the address, which holds a token, out of the Referer header."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
