"""Pages of progress: a group's levels on one page, and a learner's levels, results, evaluations and notes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.clock import today
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.forms import Form
from portal.core.http.languages import _, _l, _n
from portal.core.http.pages import page, see_other
from portal.learners.corrections.queries import list_views_on
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.progress import presenters as charts
from portal.progress import queries
from portal.progress.corrections import FINDINGS
from portal.progress.exams.services import record_result
from portal.progress.forms import OUTCOMES, RUNGS, EvaluationForm, GroupLevelsForm, NoteForm, PlainForm, ResultForm
from portal.progress.labels import PARTS, WORDS
from portal.progress.levels import services as levels_services
from portal.progress.levels.group_services import record_group
from portal.progress.levels.services import NewLevel
from portal.progress.models import EvaluationKind, ExamPart, LevelSource, Rung, Skill
from portal.progress.notes import services as notes_services
from portal.progress.notes.services import change_visibility

blueprint = Blueprint("progress", __name__)
_PASSED = {"passed": True, "failed": False}


def _show_group(group_id: UUID, form: GroupLevelsForm, status: int = 200) -> Response:
    group = queries.get_group(group_id, require_actor())
    lines = queries.list_group(group)
    columns = _columns()
    audit.saw([line.learner_id for line in lines], "progress.group")
    return page(
        "progress/group.html",
        group=group,
        lines=lines,
        form=form,
        columns=columns,
        column=_column(columns),
        typed=request.form,
        status=status,
    )


def _columns() -> list[tuple[str, Any, list[tuple[str, Any]]]]:
    """Return what is found of a group, as far as the school keeps it: name of the input, words, choices."""
    policy = current_policy()
    skills = [(skill.value, WORDS[skill], RUNGS) for skill in Skill] if policy.feature("levels") else []
    return [*skills, *([(queries.KNM, _("KNM"), OUTCOMES)] if policy.feature("exams") else [])]


def _column(columns: Sequence[tuple[str, Any, Any]]) -> str:
    """Return the column that a phone shows: the one she was in, else the first."""
    names = [name for name, _words, _choices in columns]
    asked = request.values.get("kolom")
    return asked if asked in names else names[0]


@blueprint.get("/groepen/<uuid:group_id>/niveau")
@requires(Permission.PROGRESS_VIEW)
def group(group_id: UUID) -> Response:
    """Show a group with everyone's latest level in each skill, and result for KNM."""
    if not _columns():
        raise NotFound("feature_off")
    return _show_group(group_id, GroupLevelsForm(found_on=today(), source=LevelSource.TEACHER.value))


def _chosen() -> tuple[list[NewLevel], dict[UUID, bool]]:
    """Return the levels that were chosen, and by learner whether she passed KNM.

    An input is called `skill.learner` or `knm.learner`. Raises Invalid for what isn't a choice.
    """
    levels, passed = [], {}
    for name, value in request.form.items():
        what, dot, learner = name.partition(".")
        if not dot or not value:
            continue
        try:
            if what == queries.KNM:
                passed[UUID(learner)] = _PASSED[value]
            else:
                levels.append(NewLevel(UUID(learner), Skill(what), Rung(value)))
        except (ValueError, KeyError):
            raise Invalid("levels", "nothing_entered") from None
    return levels, passed


@blueprint.post("/groepen/<uuid:group_id>/niveau")
@requires(Permission.PROGRESS_KEEP)
@creates
def enter_levels(group_id: UUID) -> BaseResponse:
    """Enter the levels and results that were chosen for a group."""
    by = require_actor()
    queries.get_group(group_id, by)
    form = GroupLevelsForm()
    if not form.validate_on_submit():
        return _show_group(group_id, form, 422)
    try:
        count = record_group(*_chosen(), found_on=form.found_on.data, source=LevelSource(form.source.data), by=by)
    except Invalid as refusal:
        form.refuse(refusal)
        return _show_group(group_id, form, 422)
    flash(_n("%(num)s uitkomst opgeslagen.", "%(num)s uitkomsten opgeslagen.", count))
    return see_other(url_for("progress.group", group_id=group_id, kolom=_column(_columns())))


def _show_learner(learner_id: UUID, status: int = 200, **forms: Any) -> Response:
    policy = current_policy()
    by = require_actor()
    learner = get_within_reach(learner_id, by)
    levels = queries.list_levels(learner_id, by.scope) if policy.feature("levels") else []
    audit.saw([learner_id], "progress.learner")
    has_notes = policy.feature("notes")
    return page(
        "progress/learner.html",
        learner=learner,
        levels=levels,
        charts=charts.charts_of(levels),
        views=list_views_on(learner_id, FINDINGS, by),
        results=queries.list_results(learner_id, by.scope) if policy.feature("exams") else [],
        notes=queries.list_notes(learner_id, by.scope, as_learner=False) if has_notes else [],
        evaluations=queries.list_evaluations(learner_id, by.scope) if has_notes else [],
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
    if form.validate_on_submit():
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
def write_note(learner_id: UUID) -> BaseResponse:
    """Write a note."""
    form = NoteForm(prefix="notitie")

    def store() -> object:
        hidden = form.hidden_because.data if form.is_hidden.data else None
        return notes_services.write_note(learner_id, form.body.data, hidden_because=hidden, by=require_actor())

    return _enter(learner_id, form, "note", store)


@blueprint.post("/cursisten/<uuid:learner_id>/voortgang/evaluaties")
@requires(Permission.PROGRESS_KEEP)
@creates
def write_evaluation(learner_id: UUID) -> BaseResponse:
    """Write an evaluation."""
    form = EvaluationForm(prefix="evaluatie")

    def store() -> object:
        kind, day = EvaluationKind(form.kind.data), form.held_on.data
        return notes_services.write_evaluation(learner_id, kind, form.body.data, held_on=day, by=require_actor())

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
