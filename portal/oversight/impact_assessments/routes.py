"""The draft of the impact assessment, on a page and as a PDF, and recording the day on which it was decided on."""

from io import BytesIO

from flask import Response, flash, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core.errors import Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other
from portal.oversight.blueprint import blueprint
from portal.oversight.impact_assessments.forms import AssessmentForm
from portal.oversight.impact_assessments.labels import ADVISERS
from portal.oversight.impact_assessments.presenters import assessment_pdf, draft_assessment, told_day
from portal.permissions import Permission
from portal.policy.impact_assessments.queries import list_assessments
from portal.policy.impact_assessments.services import record_assessment


@blueprint.get("/dpia")
@requires(Permission.ASSURANCE_VIEW)
def impact_assessment() -> Response:
    """Show the draft, and what was decided."""
    return _show(AssessmentForm(formdata=None))


@blueprint.get("/dpia/pdf")
@requires(Permission.ASSURANCE_VIEW)
def impact_assessment_as_pdf() -> Response:
    """Give the draft as a PDF."""
    content = assessment_pdf(draft_assessment(), next(iter(list_assessments()), None))
    response = send_file(BytesIO(content), "application/pdf", as_attachment=True, download_name="dpia.pdf")
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/dpia")
@requires(Permission.ASSESSMENT_KEEP)
def record_impact_assessment() -> BaseResponse:
    """Record on which day it was decided on; a refusal keeps what was typed."""
    form = AssessmentForm()
    if not form.validate_on_submit():
        return _show(form, status=422)
    try:
        record_assessment(form.decided_on.data, form.adviser, reference=form.reference.data, by=require_actor())
    except Invalid as refusal:
        form.refuse(refusal)
        return _show(form, status=422)
    flash(_("Opgeslagen."), "good")
    return see_other(url_for("oversight.impact_assessment"))


def _show(form: AssessmentForm, *, status: int = 200) -> Response:
    recorded = list_assessments()
    return page(
        "oversight/impact_assessment.html",
        status=status,
        draft=draft_assessment(),
        recorded=recorded,
        day=told_day(recorded[0] if recorded else None),
        advisers=ADVISERS,
        form=form,
    )
