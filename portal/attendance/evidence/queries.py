"""Reads of the pictures that prove presence: those of a lesson, a learner's own, and what one shows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from portal.attendance.evidence.models import LessonEvidence
from portal.attendance.registers.queries import Register, get_register
from portal.core.crypto import files
from portal.core.db.scope import current_school_id, hidden_learners
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.courses.lessons.queries import LessonView, get_lesson
from portal.learners.scope.queries import reaches_learner
from portal.policy.queries import current_policy

FILE = "lesson_evidence.file_id"


@dataclass(frozen=True, kw_only=True)
class EvidenceView:
    """A picture that proves that a learner was in a lesson: whose it is, and since when it is there."""

    id: UUID
    learner_id: UUID
    added_at: datetime


def is_kept() -> bool:
    """Say whether the school's policy keeps pictures of lessons as proof (LB-02)."""
    return current_policy().feature("evidence") and current_policy().allows(FILE)


def get_pictured(lesson_id: UUID, by: Actor) -> Register:
    """Return a lesson and its rows as `get_register` does, without who restricted her pictures (ST-08).

    Raises NotFound and NotAllowed.
    """
    lesson, rows = get_register(lesson_id, by)
    hidden = hidden_learners("evidence")
    return Register(lesson, [row for row in rows if row.learner_id not in hidden])


def list_evidence(lesson: LessonView) -> Mapping[UUID, Sequence[EvidenceView]]:
    """Return by learner the pictures of a lesson that was found before, the first first."""
    rows = session.scalars(
        select(LessonEvidence)
        .where(LessonEvidence.school_id == current_school_id(), LessonEvidence.lesson_id == lesson.id)
        .where(LessonEvidence.learner_id.not_in(hidden_learners("evidence")))
        .order_by(LessonEvidence.added_at, LessonEvidence.id)
    )
    found: dict[UUID, list[EvidenceView]] = defaultdict(list)
    for row in rows:
        found[row.learner_id].append(EvidenceView(id=row.id, learner_id=row.learner_id, added_at=row.added_at))
    return found


def get_evidence(lesson_id: UUID, evidence_id: UUID, by: Actor) -> LessonEvidence:
    """Return a picture of a lesson that she reaches; raises NotFound and NotAllowed."""
    by.scope.must_see("evidence")
    lesson = get_lesson(lesson_id, by)
    row = session.get(LessonEvidence, (current_school_id(), evidence_id))
    if row is None or row.lesson_id != lesson.id or row.learner_id in hidden_learners("evidence"):
        raise NotFound("picture")
    return row


def list_own_evidence(learner_id: UUID, scope: Scope) -> Mapping[UUID, Sequence[UUID]]:
    """Return by lesson the pictures that a learner is in; none where that isn't seen."""
    if "evidence" not in scope.sees:
        return {}
    rows = session.execute(
        select(LessonEvidence.lesson_id, LessonEvidence.id)
        .where(
            LessonEvidence.school_id == current_school_id(),
            LessonEvidence.learner_id == learner_id,
            reaches_learner(scope, LessonEvidence.learner_id),
        )
        .order_by(LessonEvidence.added_at, LessonEvidence.id)
    )
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for row in rows:
        found[row.lesson_id].append(row.id)
    return found


def open_picture(row: LessonEvidence) -> Iterator[bytes]:
    """Return what a picture shows; raises NotFound where it is gone."""
    return files.open_file(row.file_id)


def open_own_picture(evidence_id: UUID, scope: Scope) -> Iterator[bytes]:
    """Return a picture of her own; raises NotFound for any other, and NotAllowed."""
    scope.must_see("evidence")
    row = session.get(LessonEvidence, (current_school_id(), evidence_id))
    if row is None or row.learner_id != scope.get_own_learner_id():
        raise NotFound("picture")
    return files.open_file(row.file_id)
