"""An agreed evaluation as a PDF: for staff within reach, and for the learner herself."""

from io import BytesIO
from uuid import UUID

from flask import Response, send_file

from portal.core import audit
from portal.core.errors import Conflict
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _
from portal.learners.scope.services import get_within_reach
from portal.overview.blueprint import blueprint
from portal.overview.evaluations.presenters import evaluation_pdf
from portal.permissions import Permission
from portal.progress.evaluations.queries import find_joint_evaluation, open_evaluation
from portal.progress.services import must_be_kept


@blueprint.get("/voortgang/evaluaties/<uuid:joint_evaluation_id>/pdf")
@requires(Permission.PROGRESS_VIEW)
def evaluation_as_pdf(joint_evaluation_id: UUID) -> Response:
    """Give an evaluation that both agreed on as a PDF."""
    return _give(joint_evaluation_id)


@blueprint.get("/mijn/evaluaties/<uuid:joint_evaluation_id>/pdf")
@requires(Permission.RECORD_OWN)
def own_evaluation_as_pdf(joint_evaluation_id: UUID) -> Response:
    """Give an evaluation of hers that both agreed on as a PDF."""
    return _give(joint_evaluation_id)


def _give(joint_evaluation_id: UUID) -> Response:
    must_be_kept("notes")
    by = require_actor()
    by.scope.must_see("progress")
    row = find_joint_evaluation(joint_evaluation_id, by.scope)
    if not row.is_fixed:
        raise Conflict("not_agreed")
    learner = get_within_reach(row.learner_id, by)
    audit.saw([learner.id], "overview.evaluation_as_pdf", subject=("joint_evaluation", row.id))
    content = evaluation_pdf(open_evaluation(row), learner.full_name)
    name = f"{_('evaluatie')}-{row.learner_agreed_at:%Y-%m-%d}.pdf"
    response = send_file(BytesIO(content), "application/pdf", as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "no-store"
    return response
