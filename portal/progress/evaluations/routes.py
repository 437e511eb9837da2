"""Where the school makes its questions, and a teacher begins an evaluation, answers it and agrees."""

from typing import Any
from uuid import UUID

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import audit
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import require_actor, requires
from portal.core.http.creation import creates
from portal.core.http.forms import Form
from portal.core.http.languages import _
from portal.core.http.pages import page, see_other, see_saved
from portal.learners.record.models import Learner
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission
from portal.policy.privacy_notices.collection import collects_of_others
from portal.progress.blueprint import blueprint
from portal.progress.evaluations.forms import QuestionForm, StartForm
from portal.progress.evaluations.models import AnswerKind
from portal.progress.evaluations.pages import show, store_agreement, store_answers
from portal.progress.evaluations.queries import find_joint_evaluation, list_joint_evaluations, list_questions
from portal.progress.evaluations.services import (
    add_question,
    remove_evaluation,
    retire_question,
    start_evaluation,
)
from portal.progress.labels import WORDS
from portal.progress.models import EvaluationKind

_PAGE = "progress/joint_evaluation.html"


def _show_questions(form: QuestionForm | None = None, status: int = 200) -> Response:
    found = list_questions()
    asked = [(WORDS[kind], [each for each in found if each.kind is kind]) for kind in EvaluationKind]
    form = form or QuestionForm(formdata=None)
    return page("progress/evaluation_questions.html", asked=asked, form=form, status=status)


@blueprint.get("/instellingen/evaluaties")
@requires(Permission.SCHOOL_SET)
def questions() -> Response:
    """Show what the school asks in its evaluations."""
    return _show_questions()


@blueprint.post("/instellingen/evaluaties")
@requires(Permission.SCHOOL_SET)
@creates
def store_question() -> BaseResponse:
    """Add a question."""
    form = QuestionForm()
    if not form.validate_on_submit():
        return _show_questions(form, 422)
    try:
        kind, answer_kind = EvaluationKind(form.kind.data), AnswerKind(form.answer_kind.data)
        add_question(kind, answer_kind, form.text.data or "", by=require_actor())
    except Invalid as refusal:
        form.refuse(refusal)
        return _show_questions(form, 422)
    return see_saved(url_for("progress.questions"), place="vragen", said=_("Opgeslagen."))


@blueprint.post("/instellingen/evaluaties/<uuid:evaluation_question_id>/weg")
@requires(Permission.SCHOOL_SET)
def remove_question(evaluation_question_id: UUID) -> BaseResponse:
    """Ask a question no more."""
    retire_question(evaluation_question_id, by=require_actor())
    return see_saved(url_for("progress.questions"), place="vragen", said=_("De vraag is weg."))


def _show_start(learner: Learner, form: StartForm, status: int = 200) -> Response:
    waiting = [each for each in list_joint_evaluations(learner.id, require_actor().scope) if not each.is_fixed]
    return page(
        "progress/start_evaluation.html", learner=learner, form=form, waiting=waiting, words=WORDS, status=status
    )


@blueprint.get("/cursisten/<uuid:learner_id>/voortgang/samen")
@requires(Permission.PROGRESS_KEEP)
def new_joint_evaluation(learner_id: UUID) -> Response:
    """Show which evaluation can be begun."""
    learner = get_within_reach(learner_id, require_actor())
    audit.saw([learner.id], "progress.learner")
    return _show_start(learner, StartForm(formdata=None))


@blueprint.post("/cursisten/<uuid:learner_id>/voortgang/samen")
@requires(Permission.PROGRESS_KEEP)
@creates
def start_joint_evaluation(learner_id: UUID) -> BaseResponse:
    """Begin an evaluation that both fill in."""
    learner = get_within_reach(learner_id, require_actor())
    form = StartForm()
    try:
        if form.validate_on_submit():
            row = start_evaluation(learner.id, EvaluationKind(form.kind.data), by=require_actor())
            return see_other(url_for("progress.joint_evaluation", joint_evaluation_id=row.id))
    except Invalid as refusal:
        form.refuse(refusal)
    audit.saw([learner.id], "progress.learner")
    return _show_start(learner, form, 422)


def _of(joint_evaluation_id: UUID) -> dict[str, Any]:
    """Return what the pages of an evaluation need of its learner."""
    row = find_joint_evaluation(joint_evaluation_id, require_actor().scope)
    return {"learner": get_within_reach(row.learner_id, require_actor())}


def _url(joint_evaluation_id: UUID) -> str:
    return url_for("progress.joint_evaluation", joint_evaluation_id=joint_evaluation_id)


@blueprint.get("/voortgang/evaluaties/<uuid:joint_evaluation_id>")
@requires(Permission.PROGRESS_VIEW)
def joint_evaluation(joint_evaluation_id: UUID) -> Response:
    """Show an evaluation with what both said."""
    return show(_PAGE, joint_evaluation_id, **_of(joint_evaluation_id))


@blueprint.get("/voortgang/evaluaties/<uuid:joint_evaluation_id>/afdrukken")
@requires(Permission.PROGRESS_VIEW)
def printed_evaluation(joint_evaluation_id: UUID) -> Response:
    """Show an evaluation for paper."""
    return show("progress/evaluation_on_paper.html", joint_evaluation_id, **_of(joint_evaluation_id))


@blueprint.post("/voortgang/evaluaties/<uuid:joint_evaluation_id>")
@requires(Permission.PROGRESS_KEEP)
@collects_of_others
def answer_joint_evaluation(joint_evaluation_id: UUID) -> BaseResponse:
    """Store what the teacher answers."""
    return store_answers(_PAGE, _url(joint_evaluation_id), joint_evaluation_id, **_of(joint_evaluation_id))


@blueprint.post("/voortgang/evaluaties/<uuid:joint_evaluation_id>/akkoord")
@requires(Permission.PROGRESS_KEEP)
def agree_joint_evaluation(joint_evaluation_id: UUID) -> BaseResponse:
    """Store that the teacher agrees."""
    return store_agreement(_PAGE, _url(joint_evaluation_id), joint_evaluation_id, **_of(joint_evaluation_id))


@blueprint.post("/voortgang/evaluaties/<uuid:joint_evaluation_id>/weg")
@requires(Permission.PROGRESS_KEEP)
def remove_joint_evaluation(joint_evaluation_id: UUID) -> BaseResponse:
    """Take an evaluation away that was begun by mistake."""
    context = _of(joint_evaluation_id)
    try:
        if Form().validate_on_submit():
            remove_evaluation(joint_evaluation_id, by=require_actor())
            flash(_("De evaluatie is weg."), "good")
    except Conflict:
        return show(_PAGE, joint_evaluation_id, status=409, **context)
    return see_other(url_for("progress.learner", learner_id=context["learner"].id))
