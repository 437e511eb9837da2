"""The page behind the bell: what happened for whoever asks."""

from uuid import UUID

from flask import Response, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.forms import Form
from portal.core.http.pages import page, see_other
from portal.notifications.queries import MOST, get_notification, list_notifications
from portal.notifications.services import see_notifications
from portal.overview.blueprint import blueprint, entry_before
from portal.overview.notifications.presenters import lines_of
from portal.overview.notifications.queries import list_subjects
from portal.permissions import Permission


@blueprint.get("/meldingen")
@requires(Permission.NOTIFICATION_OWN)
def notifications() -> Response:
    """Show what happened, the newest first, and what of it is new."""
    by = require_actor()
    found = list_notifications(by, before=entry_before())
    subjects = list_subjects(found, by)
    represented = current_user.represented
    about = {each.learner_id for each in found if each.learner_id is not None}
    audit.saw(about & {*subjects.names, *represented, by.learner_id}, "overview.notifications", folds=True)
    return page(
        "overview/notifications.html",
        lines=lines_of(found, subjects, represented, by),
        older=found[-1] if len(found) == MOST else None,
        form=Form(),
    )


@blueprint.post("/meldingen/openen")
@requires(Permission.NOTIFICATION_OWN)
def follow_notification() -> BaseResponse:
    """Note that she saw one, and lead to what it is about; where she can't open that any more, back to the list."""
    by, notification_id = require_actor(), request.form.get("naar", type=UUID)
    if notification_id is None:
        raise NotFound("notification")
    see_notifications([notification_id], by=by)
    found = [get_notification(notification_id, by)]
    [line] = lines_of(found, list_subjects(found, by), current_user.represented, by)
    return see_other(line.url or url_for("overview.notifications"))
