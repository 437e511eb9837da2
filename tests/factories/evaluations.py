"""Evaluations that teacher and learner fill in both."""

import json

from portal.core.clock import now
from portal.core.crypto import keys
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.learners.record.models import Learner
from portal.progress.evaluations.models import AnswerKind, EvaluationQuestion, JointEvaluation
from portal.progress.models import EvaluationKind


def make_questions(kind: EvaluationKind = EvaluationKind.PROGRESS) -> list[EvaluationQuestion]:
    """Make a question on a scale and one in words."""
    made = [
        EvaluationQuestion(id=new_id(), kind=kind, answer_kind=AnswerKind.SCALE, text="Hoe gaat het met lezen?"),
        EvaluationQuestion(id=new_id(), kind=kind, answer_kind=AnswerKind.TEXT, text="Wat gaat goed?"),
    ]
    session.add_all(made)
    session.flush()
    return made


def make_joint_evaluation(learner: Learner, *, is_answered: bool = False) -> JointEvaluation:
    """Make an evaluation of a learner that is begun; answered by both where asked."""
    asked = {str(new_id()): ("Hoe gaat het met lezen?", True), str(new_id()): ("Wat gaat goed?", False)}
    row = JointEvaluation(
        learner_id=learner.id,
        kind=EvaluationKind.PROGRESS,
        questions={key: {"text": text, "is_scale": is_scale} for key, (text, is_scale) in asked.items()},
        started_by_name="Sam de Vries",
        started_at=now(),
    )
    if is_answered:
        said = json.dumps({key: "4" if is_scale else "Spreken gaat goed" for key, (_, is_scale) in asked.items()})
        for side in ("teacher", "learner"):
            field = f"joint_evaluation.{side}_answers"
            setattr(row, f"{side}_answers", keys.seal(learner.id, field, said))
    session.add(row)
    session.flush()
    return row
