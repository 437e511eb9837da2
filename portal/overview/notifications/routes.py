"""The page behind the bell: what happened for whoever asks."""

from flask import Response
from flask_login import current_user

from portal.core import audit
from portal.core.http.access import require_actor, requires
from portal.core.http.forms import Form
from portal.core.http.pages import page
from portal.notifications.queries import MOST, list_notifications
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
