"""The school's questions, beginning an evaluation, answering it, and agreeing: two sides, each for itself."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.core import audit
from portal.core.clock import now, today
from portal.core.crypto import keys
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import Reach
from portal.learners.enrolments.models import Enrolment
from portal.learners.notifications.services import notify_learners
from portal.notifications.models import NotificationKind
from portal.notifications.services import Told, forget, notify
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.progress.evaluations.models import AnswerKind, EvaluationQuestion, JointEvaluation
from portal.progress.evaluations.queries import find_joint_evaluation, list_questions, open_evaluation
from portal.progress.models import EvaluationKind
from portal.progress.services import get_to_enter, signed

MOST_QUESTIONS = 15
LONGEST_ANSWER = 1_000
SCALE = ("1", "2", "3", "4", "5")


def are_kept() -> bool:
    """Say whether this school's policy lets evaluations be kept that both fill in."""
    return current_policy().feature("notes") and current_policy().allows("joint_evaluation.learner_answers")


def side_of(by: Actor) -> str:
    """Return for which of the two somebody speaks: on her own record for the learner, else for the school."""
    return "learner" if by.scope.reach is Reach.ONE_LEARNER else "teacher"


def add_question(kind: EvaluationKind, answer_kind: AnswerKind, text: str, *, by: Actor) -> EvaluationQuestion:
    """Add a question to the school's form. Raises Invalid where there are as many as anybody answers."""
    by.must(Permission.SCHOOL_SET)
    if len(list_questions(kind)) >= MOST_QUESTIONS:
        raise Invalid("text", "too_many", most=MOST_QUESTIONS)
    question = EvaluationQuestion(kind=kind, answer_kind=answer_kind, text=text)
    session.add(question)
    session.flush()
    audit.record("progress.question_added", subject=("evaluation_question", question.id), by=by)
    return question


def retire_question(question_id: UUID, *, by: Actor) -> None:
    """Ask a question no more; evaluations that have it keep it. Raises NotFound."""
    by.must(Permission.SCHOOL_SET)
    question = session.get(EvaluationQuestion, (current_school_id(), question_id))
    if question is None:
        raise NotFound("evaluation_question")
    question.is_retired = True
    session.flush()
    audit.record("progress.question_retired", subject=("evaluation_question", question.id), by=by)


def start_evaluation(learner_id: UUID, kind: EvaluationKind, *, by: Actor) -> JointEvaluation:
    """Begin an evaluation of a learner by the school's questions of today.

    Raises NotFound, and Invalid where the school has no questions, or one of the kind isn't agreed yet.
    """
    learner = get_to_enter(learner_id, "notes", by)
    if not are_kept():
        raise NotFound("feature_off", feature="joint_evaluation")
    asked = {
        str(each.id): {"text": each.text, "is_scale": each.answer_kind is AnswerKind.SCALE}
        for each in list_questions(kind)
    }
    if not asked:
        raise Invalid("kind", "no_questions")
    joint = JointEvaluation
    waits = select(joint.id).where(
        joint.school_id == current_school_id(), joint.learner_id == learner.id, joint.kind == kind, ~joint.is_fixed
    )
    if session.scalar(waits) is not None:
        raise Invalid("kind", "not_agreed_yet")
    enrolment = session.scalar(
        select(Enrolment.id)
        .where(
            Enrolment.school_id == current_school_id(),
            Enrolment.learner_id == learner.id,
            Enrolment.holds_on(today()),
        )
        .order_by(Enrolment.starts_on.desc(), Enrolment.id)
        .limit(1)
    )
    row = joint(learner_id=learner.id, enrolment_id=enrolment, kind=kind, questions=asked, **signed("started", by))
    session.add(row)
    session.flush()
    notify_learners(NotificationKind.EVALUATION_WAITS, {learner.id: row.id}, category="progress", by=by)
    _log("progress.joint_evaluation_started", row, by)
    return row


def answer_evaluation(joint_evaluation_id: UUID, answers: Mapping[str, str], *, by: Actor) -> JointEvaluation:
    """Store what one side answers; who agreed before agrees anew. Raises NotFound, Conflict ("fixed") and Invalid.

    Each question on a scale needs a step of it; words may be left out.
    """
    row = _to_change(joint_evaluation_id, by)
    kept = {key: _checked(key, question, answers.get(key, "").strip()) for key, question in row.questions.items()}
    side = side_of(by)
    field = f"joint_evaluation.{side}_answers"
    setattr(row, f"{side}_answers", keys.seal(row.learner_id, field, json.dumps(kept, ensure_ascii=False)))
    row.teacher_agreed_at = row.agreed_by = row.agreed_by_name = row.learner_agreed_at = None
    session.flush()
    _tell_other(row, side, by)
    _log("progress.joint_evaluation_answered", row, by)
    return row


def agree(joint_evaluation_id: UUID, remark: str | None, *, seen: str, by: Actor) -> JointEvaluation:
    """Let one side agree with the answers that she saw (their version), with a remark or without.

    Raises NotFound, Invalid, and Conflict: "fixed", "not_answered", or "changed" where an answer is another since.
    """
    row = _to_change(joint_evaluation_id, by)
    side, remark = side_of(by), (remark or "").strip()
    if len(remark) > LONGEST_ANSWER:
        raise Invalid("remark", "too_long", most=LONGEST_ANSWER)
    if not open_evaluation(row).may_agree(side):
        raise Conflict("not_answered")
    if seen != row.version:
        raise Conflict("changed")
    sealed = keys.seal(row.learner_id, f"joint_evaluation.{side}_remark", remark) if remark else None
    setattr(row, f"{side}_remark", sealed)
    setattr(row, f"{side}_agreed_at", now())
    if side == "teacher":
        row.agreed_by, row.agreed_by_name = by.account_id, by.name
    session.flush()
    if not row.is_fixed:
        _tell_other(row, side, by)
    _log("progress.joint_evaluation_agreed", row, by)
    return row


def remove_evaluation(joint_evaluation_id: UUID, *, by: Actor) -> UUID:
    """Take an evaluation away that was begun by mistake; returns whose it was.

    Raises NotFound, and Conflict ("answered") once the learner filled it in.
    """
    by.must(Permission.PROGRESS_KEEP)
    row = _to_change(joint_evaluation_id, by)
    if row.learner_answers is not None:
        raise Conflict("answered")
    _log("progress.joint_evaluation_removed", row, by)
    forget(NotificationKind.EVALUATION_WAITS, [row])
    session.delete(row)
    session.flush()
    return row.learner_id


def _tell_other(row: JointEvaluation, side: str, by: Actor) -> None:
    """Tell the other side that the evaluation waits for it: the learner, or who began it at the school."""
    kind = NotificationKind.EVALUATION_WAITS
    if side == "teacher":
        notify_learners(kind, {row.learner_id: row.id}, category="progress", by=by)
    elif row.started_by is not None:
        notify(kind, [Told(row.started_by, row.id, learner_id=row.learner_id)], by=by)


def _to_change(joint_evaluation_id: UUID, by: Actor) -> JointEvaluation:
    by.must(Permission.RECORD_OWN if side_of(by) == "learner" else Permission.PROGRESS_KEEP)
    by.scope.must_change("progress")
    row = find_joint_evaluation(joint_evaluation_id, by.scope, lock=True)
    if row.is_fixed:
        raise Conflict("fixed")
    return row


def _checked(key: str, question: Mapping[str, Any], answer: str) -> str:
    if question["is_scale"] and answer not in SCALE:
        raise Invalid(key, "no_step")
    if len(answer) > LONGEST_ANSWER:
        raise Invalid(key, "too_long", most=LONGEST_ANSWER)
    return answer


def _log(event: str, row: JointEvaluation, by: Actor) -> None:
    facts = {"kind": row.kind.value}
    audit.record(event, learner_id=row.learner_id, subject=("joint_evaluation", row.id), facts=facts, by=by)
