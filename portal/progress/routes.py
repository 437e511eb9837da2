"""Pages of progress: a group's latest levels, and a learner's levels, results, evaluations and notes."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.clock import today
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.forms import Form
from portal.core.http.languages import _, _l
from portal.core.http.pages import page, see_other
from portal.learners.corrections.queries import list_views_on
from portal.learners.names_in_texts.pages import tells_of_names
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects_of_others
from portal.policy.queries import current_policy
from portal.progress import presenters as charts
from portal.progress import queries
from portal.progress.assessments.labels import OUTCOMES, subject_label
from portal.progress.assessments.subjects import kept_subjects
from portal.progress.blueprint import blueprint
from portal.progress.can_do.presenters import present_can_do
from portal.progress.corrections import FINDINGS
from portal.progress.evaluations.queries import list_joint_evaluations
from portal.progress.evaluations.services import are_kept as joint_evaluations_are_kept
from portal.progress.exams.services import record_result
from portal.progress.forms import EvaluationForm, NoteForm, PlainForm, ResultForm
from portal.progress.goals.queries import list_goals
from portal.progress.labels import PARTS, WORDS
from portal.progress.levels import services as levels_services
from portal.progress.levels.queries import list_spreads
from portal.progress.models import EvaluationKind, ExamPart, LevelSource, NoteReaders, Rung
from portal.progress.notes import services as notes_services
from portal.progress.notes.services import change_visibility


def _columns() -> list[tuple[str, Any, str]]:
    """Return what the page of a group shows, as far as the school keeps it: name, words, and what enters it."""
    subjects = {subject.code: subject for subject in kept_subjects() if subject.is_level or subject.slug == "knm"}
    return [(name, subject_label(subject), subject.slug) for name, subject in subjects.items()]


@blueprint.get("/groepen/<uuid:group_id>/niveau")
@requires(Permission.PROGRESS_VIEW)
def group(group_id: UUID) -> Response:
    """Show a group with everyone's latest level in each skill, and result for KNM."""
    columns = _columns()
    if not columns:
        raise NotFound("feature_off")
    found = queries.get_group(group_id, require_actor())
    lines = queries.list_group(found)
    audit.saw([line.learner_id for line in lines], "progress.group")
    outcomes = {**OUTCOMES, "": OUTCOMES["unknown"]}
    return page("progress/group.html", group=found, lines=lines, columns=columns, outcomes=outcomes)


def _show_learner(learner_id: UUID, status: int = 200, **forms: Any) -> Response:
    policy = current_policy()
    by = require_actor()
    learner = get_within_reach(learner_id, by)
    levels = queries.list_levels(learner_id, by.scope) if policy.feature("levels") else []
    goals = list_goals(learner_id, by.scope) if policy.feature("levels") else []
    audit.saw([learner_id], "progress.learner")
    has_notes = policy.feature("notes")
    return page(
        "progress/learner.html",
        learner=learner,
        levels=levels,
        can_do=present_can_do(learner_id, by.scope, queries.latest_of(levels)) if policy.feature("levels") else [],
        goals=goals,
        charts=charts.charts_of(levels, goals, list_spreads(learner_id, by.scope) if levels else None),
        views=list_views_on(learner_id, FINDINGS, by),
        results=queries.list_results(learner_id, by.scope) if policy.feature("exams") else [],
        notes=queries.list_notes(learner_id, by) if has_notes else [],
        evaluations=queries.list_evaluations(learner_id, by.scope) if has_notes else [],
        joint=list_joint_evaluations(learner_id, by.scope) if joint_evaluations_are_kept() else None,
        policy=policy,
        words=WORDS,
        parts=PARTS,
        plain=PlainForm(),
        result_form=forms.get("result") or ResultForm(taken_on=today(), formdata=None, prefix="uitslag"),
        note_form=forms.get("note") or NoteForm(formdata=None, prefix="notitie"),
        evaluation_form=forms.get("evaluation") or EvaluationForm(held_on=today(), formdata=None, prefix="evaluatie"),
        status=status,
    )


@blueprint.get("/cursisten/<uuid:learner_id>/voortgang")
@requires(Permission.PROGRESS_VIEW)
def learner(learner_id: UUID) -> Response:
    """Show how far a learner is, with what was written about her."""
    return _show_learner(learner_id)


def _back(learner_id: UUID) -> BaseResponse:
    return see_other(url_for("progress.learner", learner_id=learner_id))


_STORED: Mapping[str, Any] = {
    "result": _l("De uitslag is opgeslagen."),
    "note": _l("De notitie is opgeslagen."),
    "evaluation": _l("De evaluatie is opgeslagen."),
}


def _enter(learner_id: UUID, form: Form, name: str, store: Callable[[], object]) -> BaseResponse:
    """Store what a form holds and show the page anew; a refusal is the page with what was typed in that form."""
    if form.validate_on_submit() and not tells_of_names(form, learner_id):
        try:
            store()
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_STORED[name], "good")
            return _back(learner_id)
    return _show_learner(learner_id, 422, **{name: form})


@blueprint.post("/cursisten/<uuid:learner_id>/voortgang/uitslagen")
@requires(Permission.PROGRESS_KEEP)
@creates
@collects_of_others
def enter_result(learner_id: UUID) -> BaseResponse:
    """Enter an exam result."""
    form = ResultForm(prefix="uitslag")

    def store() -> object:
        return record_result(
            learner_id,
            ExamPart(form.part.data),
            taken_on=form.taken_on.data,
            is_passed=form.is_passed,
            source=LevelSource(form.source.data),
            level=Rung(form.level.data) if form.level.data else None,
            score=form.score.data,
            by=require_actor(),
        )

    return _enter(learner_id, form, "result", store)


@blueprint.post("/cursisten/<uuid:learner_id>/voortgang/notities")
@requires(Permission.PROGRESS_KEEP)
@creates
@collects_of_others
def write_note(learner_id: UUID) -> BaseResponse:
    """Write a note."""
    form = NoteForm(prefix="notitie")

    def store() -> object:
        hidden = form.hidden_because.data if form.is_hidden.data else None
        return notes_services.write_note(
            learner_id,
            form.body.data,
            readers=NoteReaders(form.readers.data),
            hidden_because=hidden,
            is_about_work=form.is_about_work.data,
            by=require_actor(),
        )

    return _enter(learner_id, form, "note", store)


@blueprint.post("/cursisten/<uuid:learner_id>/voortgang/evaluaties")
@requires(Permission.PROGRESS_KEEP)
@creates
@collects_of_others
def write_evaluation(learner_id: UUID) -> BaseResponse:
    """Write an evaluation."""
    form = EvaluationForm(prefix="evaluatie")

    def store() -> object:
        return notes_services.write_evaluation(
            learner_id,
            EvaluationKind(form.kind.data),
            form.body.data,
            held_on=form.held_on.data,
            is_about_work=form.is_about_work.data,
            by=require_actor(),
        )

    return _enter(learner_id, form, "evaluation", store)


@blueprint.post("/voortgang/niveaus/<uuid:level_id>/wissen")
@requires(Permission.PROGRESS_KEEP)
def delete_level(level_id: UUID) -> BaseResponse:
    """Take back a level that was entered by mistake."""
    PlainForm().validate_on_submit()
    return _back(levels_services.delete_level(level_id, by=require_actor()))


@blueprint.post("/voortgang/notities/<uuid:note_id>/laten-zien")
@requires(Permission.PROGRESS_KEEP)
def show_note(note_id: UUID) -> BaseResponse:
    """Show a hidden note to its learner."""
    PlainForm().validate_on_submit()
    learner_id = change_visibility(note_id, hidden_because=None, by=require_actor())
    flash(_("De cursist ziet deze notitie nu."), "good")
    return _back(learner_id)
