"""Pages of a list of results: hand it in, perhaps for a group, and say which of two results stands.

What comes between, and undoing, has the pages of any workbook (`imports.routes`).
"""

from uuid import UUID

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import freshly, require_actor, requires
from portal.core.http.body_limits import takes_upload
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.pages import id_asked, page, see_other
from portal.courses.groups.queries import get_group, list_groups
from portal.imports.blueprint import blueprint
from portal.imports.forms import STATE_LABELS, file_reason
from portal.imports.mappings.services import decide_result
from portal.imports.models import Subject
from portal.imports.queries import list_runs, state_of
from portal.imports.results.forms import ResultsForm, WhichForm
from portal.imports.results.lists import list_columns
from portal.imports.runs.uploads import hand_in_workbook
from portal.learners.enrolments.queries import EnrolledLine, list_enrolled
from portal.learners.lists.answers import answer_list, ask_page
from portal.learners.lists.forms import TakeListForm
from portal.learners.lists.services import list_purposes
from portal.permissions import Permission
from portal.progress.assessments.subjects import kept_subjects


@blueprint.get("/inlezen/uitslagen")
@requires(Permission.RESULT_IMPORT)
def results() -> Response:
    """Show where a list of results is handed in, for the group in the address, and those of before."""
    return _page(_form())


@blueprint.post("/inlezen/uitslagen")
@requires(Permission.RESULT_IMPORT)
@creates
@takes_upload(32)
def hand_in_results() -> BaseResponse:
    """Take a list of results; one that can't be taken is refused beside the field."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form, 422)
    by = require_actor()
    file = form.workbook.data
    options = {"group": str(form.group_id)} if form.group_id else {}
    try:
        run = hand_in_workbook(file.stream, file.filename, by=by, subject=Subject.RESULTS, options=options)
    except Invalid as refused:
        form.workbook.errors = [file_reason(refused.code, refused.facts)]
        return _page(form, 422)
    return see_other(url_for("imports.one", run_id=run.id))


@blueprint.post("/inlezen/<uuid:run_id>/uitslag")
@requires(Permission.RESULT_IMPORT)
def decide_which(run_id: UUID) -> BaseResponse:
    """Take over which of two results of a row stands."""
    form = WhichForm()
    if form.validate_on_submit():
        decide_result(run_id, form.row.data or "", form.decision.data or "", by=require_actor())
    return see_other(url_for("imports.one", run_id=run_id, soort="refused"))


@blueprint.get("/groepen/<uuid:group_id>/niveau/ophalen")
@requires(Permission.RESULT_IMPORT)
def ask_result_list(group_id: UUID) -> Response:
    """Ask for what and as what a list of a group is taken, to fill in and bring back."""
    back, lines = _to_fill_in(group_id)
    return ask_page(TakeListForm(list_purposes()), len(lines), list_columns(), back=back)


@blueprint.post("/groepen/<uuid:group_id>/niveau/ophalen")
@requires(Permission.RESULT_IMPORT)
@freshly(60)
def take_result_list(group_id: UUID) -> BaseResponse:
    """Give the list of a group to fill in."""
    back, lines = _to_fill_in(group_id)
    subject = ("learner_group", group_id)
    audit.saw([each.learner_id for each in lines], "imports.results", subject=subject)
    return answer_list(
        lines, list_columns(), lambda line: line.learner_id, back=back, title=_("Uitslagen"), subject=subject
    )


def _to_fill_in(group_id: UUID) -> tuple[tuple[str, str], list[EnrolledLine]]:
    _must_keep_results()
    group = get_group(group_id, require_actor())
    lines = [line for line in list_enrolled(group) if line.state != "over"]
    return (_("Uitslagen inlezen"), url_for("imports.results", groep=group_id)), lines


def _must_keep_results() -> None:
    """Raise NotFound where the school's policy keeps neither levels nor results."""
    if not kept_subjects():
        raise NotFound("feature_off")


def _form() -> ResultsForm:
    """Return the form with the groups within reach, and the one that is asked; raises NotFound where she has it not."""
    _must_keep_results()
    by, asked = require_actor(), id_asked("groep")
    groups = {str(group.id): group.name for group in list_groups(by)}
    if asked is not None:
        groups[str(asked)] = get_group(asked, by).name
    form = ResultsForm(data={"groep": str(asked or "")})
    form.offer(groups.items())
    return form


def _page(form: ResultsForm, status: int = 200) -> Response:
    runs = [(run, state_of(run).value) for run in list_runs(Subject.RESULTS, require_actor().scope)]
    return page("imports/results.html", runs=runs, form=form, states=STATE_LABELS, status=status)
