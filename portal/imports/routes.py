"""Pages to bring a workbook in: hand in, choose columns, look, store, follow, undo."""

import io
from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, request, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit, jobs
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.body_limits import takes_upload
from portal.core.http.creation import creates
from portal.core.http.languages import _
from portal.core.http.pages import page, page_number, see_other
from portal.imports import queries
from portal.imports.blueprint import blueprint
from portal.imports.forms import (
    STATE_LABELS,
    DecisionForm,
    ForAllForm,
    StepForm,
    UploadForm,
    ValuesForm,
    chosen_columns,
    chosen_targets,
    columns_form,
    file_reason,
    reason,
    target_label,
)
from portal.imports.mappings.columns import SheetColumns, refused_columns
from portal.imports.mappings.services import (
    choose_columns,
    choose_for_all,
    choose_whose_values,
    decide_row,
    offered_targets,
    sheets_of,
)
from portal.imports.models import ImportRun, Listing, RunState, Subject
from portal.imports.presenters import present_columns, present_reasons, present_row, present_skipped
from portal.imports.results.forms import result_columns_form
from portal.imports.runs.expiry import discard_run, stop_run
from portal.imports.runs.refused_rows import give_back_refused
from portal.imports.runs.storage import start_storing
from portal.imports.runs.undo import may_undo, start_undo
from portal.imports.runs.uploads import hand_in_workbook
from portal.organisations.queries import list_organisations
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects_of_others
from portal.policy.queries import current_policy
from portal.progress.assessments.subjects import kept_subjects

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _runs(form: UploadForm, status: int = 200) -> Response:
    runs = [(run, queries.state_of(run).value) for run in queries.list_runs(Subject.LEARNERS, require_actor().scope)]
    keeps_results = bool(kept_subjects())
    return page(
        "imports/runs.html", runs=runs, form=form, states=STATE_LABELS, keeps_results=keeps_results, status=status
    )


@blueprint.get("/inlezen")
@requires(Permission.IMPORT_RUN)
def runs() -> Response:
    """Show where a workbook is handed in, and those of before."""
    return _runs(UploadForm())


@blueprint.post("/inlezen")
@requires(Permission.IMPORT_RUN)
@creates
@takes_upload(32)
@collects_of_others
def hand_in() -> BaseResponse:
    """Take a workbook; one that can't be taken is refused beside the field."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _runs(form, 422)
    try:
        run = hand_in_workbook(form.workbook.data.stream, form.workbook.data.filename, by=require_actor())
    except Invalid as refused:
        form.workbook.errors = [file_reason(refused.code, refused.facts)]
        return _runs(form, 422)
    return see_other(url_for("imports.one", run_id=run.id))


@blueprint.get("/inlezen/<uuid:run_id>")
@requires(Permission.RESULT_IMPORT)
def one(run_id: UUID) -> Response:
    """Show where a workbook stands: being read, its columns, what it would do, how far it is, what it did."""
    return _show(queries.get_run_for(require_actor(), run_id))


def _show(run: ImportRun, conflict: str | None = None, status: int = 200) -> Response:
    """Show where it stands, found once: the worker may move it on at any moment."""
    about = _about(run)
    if about["state"] == RunState.MAPPING.value:
        return _show_columns(run, None, status, conflict)
    listing = _listing(run)
    rows = queries.get_rows(run, listing, page_number())
    present = present_skipped if listing is Listing.SKIPPED else present_row
    by = require_actor()
    lines: list[Any] = [present(row) for row in queries.within_reach(rows.rows, by.scope)]
    view = "imports.results" if run.subject is Subject.RESULTS else "imports.preview"
    audit.saw(list(dict.fromkeys(each for line in lines for each in line.learners)), view, folds=True)
    return page(
        "imports/run.html",
        "imports/_run.html",
        status=status,
        conflict=conflict,
        **about,
        listing=listing.value,
        listings=[(each.value, queries.count_listed(run, each)) for each in Listing],
        paging=rows,
        lines=lines,
        kept=queries.list_kept(run, by.scope),
        **_reasons(run, listing),
    )


def _reasons(run: ImportRun, listing: Listing) -> dict[str, Any]:
    """Return why rows are refused, each reason once, with what may be chosen for all of them."""
    if listing is not Listing.REFUSED or run.state is not RunState.READY or run.subject is Subject.RESULTS:
        return {"reasons": []}
    found = present_reasons(queries.list_refused(run))
    form = ForAllForm(data={"act": run.options.get("act") or "", "client": run.options.get("client") or ""})
    form.offer((str(each.id), each.name) for each in list_organisations())
    return {"reasons": found, "for_all": form, "solved_by": {each.solved_by for each in found} - {""}}


def _listing(run: ImportRun) -> Listing:
    wanted = request.args.get("soort", "")
    if wanted in set(Listing):
        return Listing(wanted)
    after = (Listing.REFUSED, Listing.KEPT, Listing.NOTED)
    order = after if run.stored_at else (*after, Listing.ADDED, Listing.CHANGED)
    filled = (each for each in order if queries.count_listed(run, each))
    return next(filled, Listing.REFUSED if run.stored_at else Listing.UNCHANGED)


def _about(run: ImportRun) -> dict[str, Any]:
    refused = [(sheet.name, label, target_label(target)) for sheet, label, target in refused_columns(sheets_of(run))]
    job = queries.find_job(run)
    trouble = jobs.trouble(job)
    why = file_reason(run.refusal, run.refusal_facts) if run.refusal else trouble or file_reason("error", {})
    return {
        "run": run,
        "job": job,
        "trouble": trouble,
        "state": queries.state_of(run, job).value,
        "states": STATE_LABELS,
        "may_undo": may_undo(run),
        "why": why,
        "refused_columns": refused,
        "form": StepForm(),
        "is_results": run.subject is Subject.RESULTS,
        "home": _home(run),
    }


def _home(run: ImportRun) -> str:
    """Return the address of the page on which such a workbook is handed in."""
    if run.subject is Subject.RESULTS:
        return url_for("imports.results", groep=run.options.get("group"))
    return url_for("imports.runs")


@blueprint.get("/inlezen/<uuid:run_id>/kolommen")
@requires(Permission.RESULT_IMPORT)
def columns(run_id: UUID) -> Response:
    """Show where the columns go."""
    return _show_columns(queries.get_run_for(require_actor(), run_id), None)


def _show_columns(run: ImportRun, form: Any, status: int = 200, conflict: str | None = None) -> Response:
    sheets = sheets_of(run)
    samples = queries.get_samples(run)
    form = form or _columns_form(run, sheets)
    return page(
        "imports/run.html",
        "imports/_run.html",
        status=status,
        **{**_about(run), "state": "mapping", "form": form, "conflict": conflict},
        sheets=[
            (at, sheet, present_columns(at, sheet, samples[at] if samples else [], form.errors))
            for at, sheet in enumerate(sheets)
            if sheet.follows is None
        ],
    )


@blueprint.post("/inlezen/<uuid:run_id>/kolommen")
@requires(Permission.RESULT_IMPORT)
def choose(run_id: UUID) -> BaseResponse:
    """Take over where the columns go; a refusal stands beside its column."""
    run = queries.get_run_for(require_actor(), run_id)
    sheets = sheets_of(run)
    form = _columns_form(run, sheets)
    if not form.validate_on_submit():
        return _show_columns(run, form, 422)
    try:
        choose_columns(run_id, **_chosen(run, form, sheets), by=require_actor())
    except Invalid as refused:
        form.refuse(refused)
        return _show_columns(run, form, 422)
    return see_other(url_for("imports.one", run_id=run_id))


def _columns_form(run: ImportRun, sheets: list[SheetColumns]) -> Any:
    """Return the form of a workbook's columns with what was chosen for all rows before."""
    policy, options = current_policy(), run.options
    if run.subject is Subject.LEARNERS:
        return columns_form(sheets, policy)(data={"act": options.get("act") or ""})
    day = options.get("day")
    before = {"skill": options.get("skill") or "", "day": date.fromisoformat(day) if day else None}
    before |= {"test": options["test"]} if options.get("test") else {}
    targets = offered_targets(run.subject, require_actor())
    return result_columns_form(sheets, targets, policy)(data=before)


def _chosen(run: ImportRun, form: Any, sheets: list[SheetColumns]) -> dict[str, Any]:
    if run.subject is Subject.LEARNERS:
        return chosen_columns(form, sheets, current_policy())
    options = {name: form[name].data for name in ("test", "skill", "day")}
    return {**chosen_targets(form, sheets), "options": options}


@blueprint.post("/inlezen/<uuid:run_id>/rij")
@requires(Permission.RESULT_IMPORT)
def decide(run_id: UUID) -> BaseResponse:
    """Take over whom a row is about."""
    form = DecisionForm()
    if form.validate_on_submit():
        decide_row(run_id, form.row.data or "", form.decision.data or "", by=require_actor())
    return see_other(url_for("imports.one", run_id=run_id, soort="refused"))


@blueprint.post("/inlezen/<uuid:run_id>/alle-rijen")
@requires(Permission.IMPORT_RUN)
def choose_all(run_id: UUID) -> BaseResponse:
    """Take over which act or client goes for all rows that name none."""
    form = ForAllForm()
    if form.validate_on_submit():
        try:
            choose_for_all(run_id, act=form.act.data, client=form.client.data, by=require_actor())
        except (Conflict, Invalid) as refused:
            return _show(queries.get_run_for(require_actor(), run_id), refused.code, 409)
    return see_other(url_for("imports.one", run_id=run_id))


@blueprint.post("/inlezen/<uuid:run_id>/zelf-gewijzigd")
@requires(Permission.IMPORT_RUN)
def choose_values(run_id: UUID) -> BaseResponse:
    """Take over whether the file also replaces what learners changed themselves."""
    form = ValuesForm()
    if form.validate_on_submit():
        try:
            choose_whose_values(run_id, overwrites=form.whose.data == "file", by=require_actor())
        except Conflict as conflict:
            return _show(queries.get_run_for(require_actor(), run_id), conflict.code, 409)
    return see_other(url_for("imports.one", run_id=run_id))


@blueprint.post("/inlezen/<uuid:run_id>/bewaren")
@requires(Permission.RESULT_IMPORT)
def store(run_id: UUID) -> BaseResponse:
    """Let the accepted rows be stored."""
    if StepForm().validate_on_submit():
        try:
            start_storing(run_id, by=require_actor())
        except Conflict as conflict:
            return _show(queries.get_run_for(require_actor(), run_id), conflict.code, 409)
    return see_other(url_for("imports.one", run_id=run_id))


@blueprint.post("/inlezen/<uuid:run_id>/stoppen")
@requires(Permission.RESULT_IMPORT)
def stop(run_id: UUID) -> BaseResponse:
    """Stop the work in hand: nothing of it is stored."""
    if StepForm().validate_on_submit():
        stop_run(run_id, by=require_actor())
    return see_other(url_for("imports.one", run_id=run_id))


@blueprint.post("/inlezen/<uuid:run_id>/weggooien")
@requires(Permission.RESULT_IMPORT)
def discard(run_id: UUID) -> BaseResponse:
    """Throw a workbook away of which nothing was stored."""
    if not StepForm().validate_on_submit():
        return see_other(url_for("imports.one", run_id=run_id))
    return see_other(_home(discard_run(run_id, by=require_actor())))


@blueprint.post("/inlezen/<uuid:run_id>/ongedaan")
@requires(Permission.RESULT_IMPORT)
def undo(run_id: UUID) -> BaseResponse:
    """Take a run back as a whole."""
    if StepForm().validate_on_submit():
        try:
            start_undo(run_id, by=require_actor())
        except Conflict as conflict:
            return _show(queries.get_run_for(require_actor(), run_id), conflict.code, 409)
    return see_other(url_for("imports.one", run_id=run_id))


@blueprint.post("/inlezen/<uuid:run_id>/geweigerd")
@requires(Permission.RESULT_IMPORT)
def give_back(run_id: UUID) -> BaseResponse:
    """Give the refused rows back as a workbook with a column of reasons."""
    if not StepForm().validate_on_submit():
        return see_other(url_for("imports.one", run_id=run_id))
    run, content = give_back_refused(run_id, reason_text=reason, heading=_("Waarom niet ingelezen"), by=require_actor())
    name = f"{_('geweigerd')}-{run.file_name.rpartition('.')[0] or run.file_name}.xlsx"
    return send_file(io.BytesIO(content), _XLSX, as_attachment=True, download_name=name)
