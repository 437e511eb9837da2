"""The school's questions for evaluations, and some that teacher and learner filled in; the first learner's waits."""

import json
from datetime import timedelta
from random import Random

from portal.core.clock import now
from portal.core.db.base import new_id
from portal.demo.bulk import Row, store
from portal.demo.world.plan import Group, World
from portal.demo.world.records import seal_all
from portal.progress.evaluations.models import AnswerKind, EvaluationQuestion, JointEvaluation
from portal.progress.models import EvaluationKind

_ASKED = (
    (AnswerKind.SCALE, "Hoe gaat het met luisteren en spreken?"),
    (AnswerKind.SCALE, "Hoe gaat het met lezen en schrijven?"),
    (AnswerKind.TEXT, "Wat gaat goed?"),
    (AnswerKind.TEXT, "Wat willen wij anders doen?"),
)
_TEACHER = (
    ("Praat veel in de groep.", "Meer schrijven, elke les een stukje."),
    ("Maakt het huiswerk altijd.", "Vaker hardop lezen."),
)
_LEARNER = (
    ("Ik begrijp de docent nu goed.", "Ik wil meer oefenen met bellen."),
    ("Ik durf nu in de winkel te praten.", "Ik wil meer brieven lezen."),
)


def fill(world: World) -> None:
    """Make the questions, and an evaluation of one in fifteen, where the school's policy keeps them."""
    asked = [
        {"id": new_id(), "kind": kind, "answer_kind": answer_kind, "text": text}
        for kind in EvaluationKind
        for answer_kind, text in _ASKED
    ]
    store(EvaluationQuestion, asked)
    if not world.policy.allows("joint_evaluation.learner_answers"):
        return
    questions = {
        str(row["id"]): {"text": row["text"], "is_scale": row["answer_kind"] is AnswerKind.SCALE}
        for row in asked
        if row["kind"] is EvaluationKind.PROGRESS
    }
    random = Random(world.today.toordinal())  # of its own, so that the others' draws stay what they are
    rows = [
        _evaluation(world, group, member, questions, random)
        for group in world.groups
        for member in group.members
        if member == 0 or random.random() < 1 / 15
    ]
    seal_all(JointEvaluation, rows)
    store(JointEvaluation, rows)


def _evaluation(world: World, group: Group, member: int, questions: dict[str, Row], random: Random) -> Row:
    """Return one that both filled in: of the first learner it waits for her to agree, of the others both agreed."""
    began = now() - timedelta(days=3 if member == 0 else random.randint(5, 40))
    return {
        "learner_id": world.ids[member],
        "kind": EvaluationKind.PROGRESS,
        "questions": questions,
        "teacher_answers": _answers(questions, _TEACHER, random),
        "learner_answers": _answers(questions, _LEARNER, random),
        "started_at": began,
        "started_by": group.teacher.id,
        "started_by_name": group.teacher.name,
        "teacher_agreed_at": began + timedelta(days=2),
        "agreed_by": group.teacher.id,
        "agreed_by_name": group.teacher.name,
        "learner_agreed_at": None if member == 0 else began + timedelta(days=3),
    }


def _answers(questions: dict[str, Row], voices: tuple[tuple[str, str], ...], random: Random) -> str:
    words = iter(random.choice(voices))
    said = {key: str(random.randint(2, 5)) if asked["is_scale"] else next(words) for key, asked in questions.items()}
    return json.dumps(said, ensure_ascii=False)
