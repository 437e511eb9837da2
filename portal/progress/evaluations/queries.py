"""Reads of the school's questions and of evaluations that teacher and learner fill in both."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, not_, select

from portal.core.crypto import keys
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import Scope
from portal.learners.enrolments.models import Enrolment
from portal.learners.scope.queries import reaches_learner
from portal.progress.evaluations.models import EvaluationQuestion, JointEvaluation
from portal.progress.models import EvaluationKind

SIDES = ("teacher", "learner")
_PARTS = ("teacher_answers", "learner_answers", "teacher_remark", "learner_remark")


@dataclass(frozen=True)
class Question:
    """A question as it was when the evaluation was begun, with what each said."""

    id: str
    text: str
    is_scale: bool
    answers: dict[str, str]


@dataclass(frozen=True)
class JointView:
    """An evaluation, opened. `answered` are the sides that filled it in; remarks are by side."""

    row: JointEvaluation
    questions: Sequence[Question] = ()
    answered: frozenset[str] = frozenset()
    remarks: dict[str, str] = field(default_factory=dict)

    @property
    def agreed(self) -> frozenset[str]:
        """The sides that agreed."""
        moments = {"teacher": self.row.teacher_agreed_at, "learner": self.row.learner_agreed_at}
        return frozenset(side for side, moment in moments.items() if moment is not None)

    def may_agree(self, side: str) -> bool:
        """Say whether this side can agree now: both answered, and it didn't yet."""
        return len(self.answered) == len(SIDES) and side not in self.agreed


def list_questions(kind: EvaluationKind | None = None) -> Sequence[EvaluationQuestion]:
    """Return the school's questions that are asked, those of the middle of a course first, in their order."""
    question = EvaluationQuestion
    statement = select(question).where(question.school_id == current_school_id(), not_(question.is_retired))
    if kind is not None:
        statement = statement.where(question.kind == kind)
    return session.scalars(statement.order_by(question.kind.desc(), question.id)).all()


def list_joint_evaluations(learner_id: UUID, scope: Scope) -> Sequence[JointEvaluation]:
    """Return the evaluations of a learner within reach that both fill in, the newest first; without what they say."""
    joint = JointEvaluation
    statement = select(joint).where(
        joint.school_id == current_school_id(),
        joint.learner_id == learner_id,
        reaches_learner(scope, joint.learner_id),
    )
    return session.scalars(statement.order_by(joint.started_at.desc(), joint.id)).all()


def list_unagreed(scope: Scope) -> Sequence[JointEvaluation]:
    """Return the evaluations that wait for the learner of this scope, in a category that she sees; the oldest first."""
    if "progress" not in scope.sees:
        return ()
    found = list_joint_evaluations(scope.get_own_learner_id(), scope)
    return [row for row in reversed(found) if row.learner_agreed_at is None]


def count_unagreed_by_group(group_ids: Collection[UUID], scope: Scope) -> Mapping[UUID, int]:
    """Return by group how many evaluations of learners within reach wait for who teaches it."""
    joint = JointEvaluation
    rows = session.execute(
        select(Enrolment.group_id, func.count().label("waiting"))
        .join(joint, and_(joint.school_id == Enrolment.school_id, joint.enrolment_id == Enrolment.id))
        .where(
            Enrolment.school_id == current_school_id(),
            Enrolment.group_id.in_(group_ids),
            joint.teacher_agreed_at.is_(None),
            reaches_learner(scope, joint.learner_id),
        )
        .group_by(Enrolment.group_id)
    )
    return {row.group_id: row.waiting for row in rows}


def find_joint_evaluation(joint_evaluation_id: UUID, scope: Scope, *, lock: bool = False) -> JointEvaluation:
    """Return an evaluation of a learner within reach; raises NotFound. `lock` holds it until the commit."""
    statement = select(JointEvaluation).where(
        JointEvaluation.school_id == current_school_id(),
        JointEvaluation.id == joint_evaluation_id,
        reaches_learner(scope, JointEvaluation.learner_id),
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = session.scalar(statement)
    if row is None:
        raise NotFound("joint_evaluation")
    return row


def open_evaluation(row: JointEvaluation) -> JointView:
    """Return what stands in an evaluation that was found; what was erased is absent."""
    sealed = ((row.learner_id, f"joint_evaluation.{part}", getattr(row, part)) for part in _PARTS)
    opened = dict(zip(_PARTS, keys.unseal_values(sealed), strict=True))
    said: dict[str, dict[str, str]] = {side: json.loads(opened[f"{side}_answers"] or "{}") for side in SIDES}
    return JointView(
        row,
        questions=list(_questions(row.questions, said)),
        answered=frozenset(side for side in SIDES if opened[f"{side}_answers"] is not None),
        remarks={side: text for side in SIDES if (text := opened[f"{side}_remark"]) is not None},
    )


def _questions(asked: dict[str, Any], said: dict[str, dict[str, str]]) -> Iterable[Question]:
    for key in sorted(asked):  # an id sorts by when it was made
        answers = {side: said[side][key] for side in SIDES if said[side].get(key)}
        yield Question(key, asked[key]["text"], asked[key]["is_scale"], answers)
