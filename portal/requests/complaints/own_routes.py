"""A learner files a complaint, and reads how far it is and what the school answered (LB-14)."""

from uuid import UUID

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.crypto import keys
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.pages import page, see_other
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects
from portal.policy.queries import current_policy
from portal.requests.blueprint import blueprint
from portal.requests.complaints.forms import ComplaintForm
from portal.requests.complaints.queries import get_own_complaint, reaches_nobody_else
from portal.requests.complaints.services import Grievance, due_on, file_complaint


@blueprint.route("/mijn/rechten/klacht", methods=["GET", "POST"])
@requires(Permission.RECORD_OWN)
@creates
@collects
def complain() -> Response | BaseResponse:
    """Show whom a complaint goes to and until when the answer takes; store it."""
    by = require_actor()
    learner_id, policy = by.scope.get_own_learner_id(), current_policy()
    if policy.category("complaint") is None or "complaint" not in by.scope.sees:
        raise NotFound("kind")
    form, status = ComplaintForm(), 200
    if form.validate_on_submit():
        about = UUID(form.about.data) if form.about.data else None
        try:
            row = file_complaint(Grievance(str(form.body.data), about), by=by)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return see_other(url_for("requests.my_complaint", complaint_id=row.id))
    if form.is_submitted():
        status = 422
    audit.saw([learner_id], "requests.my_complaint", folds=True)
    return page("requests/complain.html", form=form, policy=policy, due_on=due_on(), status=status)


@blueprint.get("/mijn/rechten/klacht/<uuid:complaint_id>")
@requires(Permission.RECORD_OWN)
def my_complaint(complaint_id: UUID) -> Response:
    """Show a complaint of hers: how far it is, until when, and the answer."""
    row = get_own_complaint(complaint_id, require_actor().scope)
    audit.saw([row.learner_id], "requests.my_complaint", folds=True)
    texts = keys.unseal_values(
        [(row.learner_id, "complaint.body", row.body), (row.learner_id, "complaint.handling", row.handling)]
    )
    return page(
        "requests/my_complaint.html",
        complaint=row,
        body=texts[0],
        handling=texts[1],
        reaches_nobody_else=reaches_nobody_else(row),
        policy=current_policy(),
    )
