"""Somebody files a complaint in the portal, and reads how far it is and what the school answered (LB-14)."""

from uuid import UUID

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.languages import language
from portal.core.http.pages import page, see_other
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects
from portal.policy.queries import current_policy
from portal.requests.blueprint import blueprint
from portal.requests.complaints.forms import ComplaintForm
from portal.requests.complaints.presenters import steps_of
from portal.requests.complaints.queries import get_own_complaint, is_kept, reaches_nobody_else, texts_of
from portal.requests.complaints.services import due_on, file_complaint


@blueprint.route("/mijn/rechten/klacht", methods=["GET", "POST"])
@requires(Permission.REQUEST_OWN)
@creates
@collects
def complain() -> Response | BaseResponse:
    """Show whom a complaint goes to and until when the answer takes; store it."""
    by = require_actor()
    learner_id = by.scope.own_learner_id
    if not is_kept():
        raise NotFound("kind")
    form, status = ComplaintForm(), 200
    if form.validate_on_submit():
        try:
            row = file_complaint(form.grievance(), language=language(), by=by)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return see_other(url_for("requests.my_complaint", complaint_id=row.id))
    if form.is_submitted():
        status = 422
    if learner_id is not None:
        audit.saw([learner_id], "requests.my_complaint", folds=True)
    return page("requests/complain.html", form=form, policy=current_policy(), due_on=due_on(), status=status)


@blueprint.get("/mijn/rechten/klacht/<uuid:complaint_id>")
@requires(Permission.REQUEST_OWN)
def my_complaint(complaint_id: UUID) -> Response:
    """Show a complaint of hers: how far it is, who has it, until when, and the answer."""
    row = get_own_complaint(complaint_id, require_actor())
    if row.learner_id is not None:
        audit.saw([row.learner_id], "requests.my_complaint", folds=True)
    body, handling = texts_of(row)
    return page(
        "requests/my_complaint.html",
        complaint=row,
        body=body,
        handling=handling,
        steps_of=steps_of(row),
        reaches_nobody_else=reaches_nobody_else(row),
        policy=current_policy(),
    )
