"""Assessing a group: one skill or exam part at a time, a tap a learner."""

from typing import Any
from uuid import UUID

from flask import Response, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid, NotFound, Refusal
from portal.core.http.access import require_actor, requires
from portal.core.http.pages import page, see_other, wants_partial
from portal.core.steps import last_step_of
from portal.permissions import Permission
from portal.progress.assessments.forms import AssessmentForm, RowsForm, message_for
from portal.progress.assessments.presenters import (
    RowView,
    present_assessment,
    present_refused,
    present_rows,
    present_step,
    row_key,
    statement_choices,
    subject_filters,
)
from portal.progress.assessments.queries import list_rows
from portal.progress.assessments.services import fill_column, record_findings, undo_step
from portal.progress.assessments.subjects import CAN_DO, Assessment, Subject, kept_subjects, subject_of
from portal.progress.blueprint import blueprint
from portal.progress.can_do.models import CanDo
from portal.progress.can_do.queries import find_statement, list_statements
from portal.progress.labels import WORDS
from portal.progress.models import LevelSource
from portal.progress.queries import get_group
from portal.progress.services import check_day, must_be_kept


def _asked() -> tuple[Assessment, AssessmentForm]:
    """Return what the address asks to assess, with the form that says so; today where its day isn't one."""
    subject = _subject()
    usual = {"dag": today().isoformat(), "bron": subject.usual_source.value}
    form = AssessmentForm(MultiDict({**usual, **request.args.to_dict()}))
    if form.validate():
        try:
            check_day(form.dag.data, "dag")
        except Invalid as refusal:
            form.refuse(refusal)
    found_on = today() if form.dag.errors else form.dag.data
    source = subject.usual_source if form.bron.errors or not form.bron.data else LevelSource(form.bron.data)
    if subject.table is CanDo:  # who says it is the teacher
        source = LevelSource.TEACHER
    return Assessment(subject, found_on, source), form


def _subject() -> Subject:
    """Return the subject that the address names, else the first that the school keeps; raises NotFound for none."""
    kept = kept_subjects()
    if not kept:
        raise NotFound("feature_off")
    statement_id = request.args.get("wat", type=UUID)
    if statement_id is not None:
        must_be_kept("levels")
        statement = find_statement(statement_id)
        if statement is None:
            raise NotFound("can_do_statement")
        return subject_of(statement)
    return next((subject for subject in kept if subject.slug == request.args.get("wat")), kept[0])


@blueprint.get("/groepen/<uuid:group_id>/niveau/invullen")
@requires(Permission.PROGRESS_KEEP)
def assessment(group_id: UUID) -> BaseResponse:
    """Show a group with what was found of one subject.

    `stap` names what was just stored; without it, what she stored together today can be taken back.
    """
    by = require_actor()
    if request.args.get("wat") == CAN_DO:
        return _first_statement(group_id)
    asked, form = _asked()
    if form.errors:
        get_group(group_id, by)
        return _page(group_id, asked, [], form=form, status=422)
    rows = list_rows(group_id, asked, by)
    taken = ((row.step or None, row.entered_by, row.entered_at) for row in rows)
    shown = present_step(asked, rows, request.args.get("stap", ""))
    return _page(group_id, asked, shown, form=form, last_step=last_step_of(by.account_id, taken))


def _first_statement(group_id: UUID) -> BaseResponse:
    """Lead to the first of the school's statements; say that there are none where it has none."""
    group = get_group(group_id, require_actor())
    must_be_kept("levels")
    statements = list_statements()
    if not statements:
        return page("progress/no_statements.html", group=group)
    return see_other(url_for("progress.assessment", group_id=group_id, wat=statements[0].id))


@blueprint.post("/groepen/<uuid:group_id>/niveau/invullen")
@requires(Permission.PROGRESS_KEEP)
def record_assessment(group_id: UUID) -> BaseResponse:
    """Store one row as it is tapped, or a plain form; a refusal keeps what was chosen (422, or 409 for another's)."""
    by, (asked, form) = require_actor(), _asked()
    sent = RowsForm(request.form.to_dict())
    try:
        _must_be_sound(form)
        recorded = record_findings(group_id, asked, sent.changed(), by=by)
    except (Invalid, Conflict) as refusal:
        return _refused(group_id, asked, sent, refusal, form)
    if sent.only and wants_partial():
        rows = present_rows(asked, recorded.rows, recorded=recorded)
        return _row(group_id, asked, rows, is_told=bool(recorded.step))
    if not recorded.rows:
        get_group(group_id, by)
    return _back(group_id, asked, recorded.step)


@blueprint.post("/groepen/<uuid:group_id>/niveau/iedereen")
@requires(Permission.PROGRESS_KEEP)
def assess_everyone(group_id: UUID) -> BaseResponse:
    """Store one value for everyone of whom nothing was found that day."""
    by, (asked, form) = require_actor(), _asked()
    get_group(group_id, by)
    sent, value = RowsForm(request.form.to_dict()), request.form.get("waarde", "")
    if not value:
        rows = present_rows(asked, list_rows(group_id, asked, by))
        return _page(group_id, asked, rows, form=form, status=422, is_unchosen=True)
    try:
        _must_be_sound(form)
        recorded = fill_column(group_id, asked, value, by=by, but=sent.chosen())
    except Invalid as refusal:
        return _refused(group_id, asked, sent, refusal, form)
    return _answer_step(group_id, asked, recorded.step)


@blueprint.post("/groepen/<uuid:group_id>/niveau/ongedaan")
@requires(Permission.PROGRESS_KEEP)
def undo_assessment(group_id: UUID) -> BaseResponse:
    """Take back what was just stored: one row, or a whole column."""
    by, (asked, _form) = require_actor(), _asked()
    get_group(group_id, by)
    only = request.values.get("cursist", type=UUID)
    try:
        recorded = undo_step(group_id, asked, request.form.get("stap", ""), by=by, only=only)
    except Conflict as refusal:
        if only is None or not wants_partial():
            raise
        rows = list_rows(group_id, asked, by, only=only)
        return _row(group_id, asked, present_rows(asked, rows, error=message_for(refusal)), status=409)
    if only is not None and wants_partial():
        return _row(group_id, asked, present_rows(asked, recorded.rows), is_told=True)
    return _answer_step(group_id, asked, "")


def _must_be_sound(form: AssessmentForm) -> None:
    """Raise Invalid where the day or source in the address is none: nothing is stored on another than was meant."""
    if form.errors:
        raise Invalid("dag", "no_choice")


def _address(group_id: UUID, asked: Assessment, endpoint: str, step: str | None = None) -> str:
    """Return the address of an assessment; `step` names what was just stored."""
    day, source = asked.found_on.isoformat(), asked.source.value
    return url_for(endpoint, group_id=group_id, wat=asked.subject.slug, dag=day, bron=source, stap=step)


def _back(group_id: UUID, asked: Assessment, step: str) -> BaseResponse:
    """Lead to the page, which shows what was just stored."""
    return see_other(_address(group_id, asked, "progress.assessment", step or None))


def _answer_step(group_id: UUID, asked: Assessment, step: str) -> BaseResponse:
    if not wants_partial():
        return _back(group_id, asked, step)
    rows = list_rows(group_id, asked, require_actor())
    return _page(group_id, asked, present_step(asked, rows, step))


def _refused(group_id: UUID, asked: Assessment, sent: RowsForm, refusal: Refusal, form: AssessmentForm) -> BaseResponse:
    status = 422 if isinstance(refusal, Invalid) else 409
    get_group(group_id, require_actor())
    found = list_rows(group_id, asked, require_actor(), only=sent.only)
    rows = present_refused(asked, found, sent.findings, refusal)
    if sent.only and wants_partial():
        return _row(group_id, asked, rows, status=status) if rows else _gone(sent.only)
    gone = len(refusal.facts.get("learner_ids", ())) if refusal.code == "not_in_group" else 0
    if sent.only is not None:
        rows = present_rows(asked, list_rows(group_id, asked, require_actor()))
    return _page(group_id, asked, rows, form=form, status=status, was_refused=True, gone=gone)


def _row(
    group_id: UUID, asked: Assessment, rows: list[RowView], *, status: int = 200, is_told: bool = False
) -> Response:
    """Answer a tap: the row of that one learner, as it stands now; `is_told`: the audit has an entry about her."""
    if not is_told:
        _note_seen(rows)
    view = present_assessment(asked, rows)
    html = render_template("progress/_assessment_rows.html", view=view, record_url=_record_url(group_id, asked))
    return Response(html, status)


def _gone(learner_id: UUID) -> Response:
    """Answer a tap on somebody who is no longer in the group: her row says so, without her name."""
    return Response(render_template("attendance/_gone.html", key=row_key(learner_id)), 422)


def _record_url(group_id: UUID, asked: Assessment) -> str:
    return _address(group_id, asked, "progress.record_assessment")


def _note_seen(rows: list[RowView]) -> None:
    audit.saw([UUID(row.id) for row in rows], "progress.group")


def _page(
    group_id: UUID,
    asked: Assessment,
    rows: list[RowView],
    *,
    form: AssessmentForm | None = None,
    status: int = 200,
    **refused: Any,
) -> Response:
    _note_seen(rows)
    return page(
        "progress/assessment.html",
        "progress/_assessment.html",
        status=status,
        group=get_group(group_id, require_actor()),
        asked=asked,
        words=WORDS,
        form=form or _asked()[1],
        subjects=subject_filters(group_id, asked),
        statements=statement_choices(asked),
        view=present_assessment(asked, rows, **refused),
        record_url=_record_url(group_id, asked),
        everyone_url=_address(group_id, asked, "progress.assess_everyone"),
        undo_url=_address(group_id, asked, "progress.undo_assessment"),
    )
