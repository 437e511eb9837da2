"""The notice of a new version for everybody, and how it goes for who keeps the policy."""

from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core.errors import Conflict
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _, language
from portal.core.http.pages import page, see_other
from portal.permissions import Permission
from portal.policy.announcements.forms import ConfirmForm
from portal.policy.announcements.queries import (
    count_read,
    count_stuck,
    describe,
    find_notice,
    find_waiting,
    has_read,
    list_announcements,
)
from portal.policy.announcements.services import cancel_announcement, note_read
from portal.policy.blueprint import blueprint
from portal.policy.presenters import texts_of


@blueprint.get("/privacyverklaring/bericht")
@requires(Permission.ACCOUNT_OWN)
def notice() -> Response:
    """Show what a new version changes, and what it asks anew; nothing here is an agreement (LB-05)."""
    actor = require_actor()
    row = find_notice(actor)
    if row is None:
        return page("policy/no_notice.html")
    found = describe(row)
    asked = [found.policy.text(found.policy.purpose(key).title, language()) for key in row.asked_anew]
    return page(
        "policy/notice.html",
        row=row,
        changes=found.changes,
        asked=asked if actor.learner_id is not None else [],
        is_read=has_read(row.id, actor),
        form=ConfirmForm(),
        **texts_of(found.policy),
    )


@blueprint.post("/privacyverklaring/bericht/<uuid:policy_announcement_id>/gelezen")
@requires(Permission.ACCOUNT_OWN)
def read_notice(policy_announcement_id: UUID) -> BaseResponse:
    """Note that she read it; a second time changes nothing."""
    if ConfirmForm().validate():
        note_read(policy_announcement_id, by=require_actor())
    return see_other(url_for("overview.start"))


@blueprint.get("/privacyverklaring/aankondigingen")
@requires(Permission.POLICY_VIEW)
def announcements() -> Response:
    """Show the version that waits for its day, what it changes, and how many read of each."""
    waiting = find_waiting()
    found = describe(waiting) if waiting is not None else None
    return page(
        "policy/announcements.html",
        found=found,
        changes=found.changes if found is not None else [],
        rows=list_announcements(),
        read=count_read(),
        stuck=count_stuck(),
        form=ConfirmForm(),
        **(texts_of(found.policy) if found is not None else {}),
    )


@blueprint.post("/privacyverklaring/aankondigingen/<uuid:policy_announcement_id>/intrekken")
@requires(Permission.POLICY_ANNOUNCE)
def cancel(policy_announcement_id: UUID) -> BaseResponse:
    """Take an announcement back before its day; where it is in force already the page says so."""
    if ConfirmForm().validate():
        try:
            cancel_announcement(policy_announcement_id, by=require_actor())
        except Conflict:
            flash(_("Deze versie geldt al. U kunt de aankondiging niet meer intrekken."), "bad")
        else:
            flash(_("De aankondiging is ingetrokken."), "good")
    return see_other(url_for("policy.announcements"))
