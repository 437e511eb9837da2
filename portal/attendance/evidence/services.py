"""Keeping of a screenshot what proves presence: each learner's own part under her own key; the whole is kept nowhere.

So what is erased of one takes nothing of another, and no picture shows who is beside her (LB-02).
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select

from portal.attendance.evidence.models import LessonEvidence
from portal.attendance.evidence.queries import FILE, get_evidence
from portal.attendance.registers.queries import RegisterRow, get_register
from portal.core import audit
from portal.core.clock import now
from portal.core.crypto import files
from portal.core.db.scope import current_school_id, hidden_learners
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import Actor
from portal.core.images import ImageRefused, parts_of
from portal.courses.lessons.queries import LessonView
from portal.courses.models import LessonPlace
from portal.learners.conditions.queries import facts_of, refusals
from portal.learners.record.models import Learner, Source
from portal.permissions import Permission
from portal.policy.impact_assessments.queries import has_assessment

LARGEST = 6 * 1024 * 1024
MOST_BESIDE = 7
"""So many pictures stand beside each other, and below each other, at most."""
MOST_EACH = 4
"""So many pictures of one learner in one lesson: of its beginning, its end, and two more."""
_SIDES = (80, 6000)


@dataclass(frozen=True, kw_only=True)
class Screenshot:
    """A screenshot of a lesson: a grid of people, where each learner is in it, and that somebody looked.

    `places` counts from 1, row by row from the upper left.
    """

    content: bytes
    columns: int
    rows: int
    places: Mapping[UUID, int] = field(default_factory=dict)
    is_attested: bool = False


def why_not_open(lesson: LessonView) -> str | None:
    """Return why a lesson takes no screenshot; None where it does.

    One of: no_assessment (the school didn't decide on its impact assessment yet, AVG art. 35), not_online,
    lesson_cancelled, lesson_in_future.
    """
    if not has_assessment():
        return "no_assessment"
    if lesson.place is not LessonPlace.DISTANCE:
        return "not_online"
    if lesson.is_cancelled:
        return "lesson_cancelled"
    return "lesson_in_future" if lesson.begins > now() else None


def list_refusals(rows: Collection[RegisterRow], by: Actor) -> Mapping[UUID, Invalid]:
    """Return of whom no picture may be kept, and why: the policy, no consent, or she isn't marked as present."""
    facts = facts_of([row.learner_id for row in rows], [FILE], by.scope)
    hidden = hidden_learners("evidence")
    found: dict[UUID, Invalid] = {}
    for row in rows:
        value = {FILE: row.learner_id}
        refusal = next(iter(refusals(value, facts[row.learner_id], source=Source.SCHOOL)), None)
        if row.learner_id in hidden:
            refusal = Invalid(FILE, "restricted")
        elif refusal is None and not row.mark.is_present:
            refusal = Invalid(FILE, "not_present")
        if refusal is not None:
            found[row.learner_id] = refusal
    return found


def attach_screenshot(lesson_id: UUID, shot: Screenshot, *, by: Actor) -> list[UUID]:
    """Keep of a screenshot the part of each learner who is pointed at; return the ids of what is kept.

    Raises NotFound, NotAllowed, Conflict (as `why_not_open`), and Invalid: about the picture, the grid, or
    `place_<key of her row>` where nothing may be kept of a learner or her place isn't right.
    """
    by.must(Permission.REGISTER_KEEP)
    by.scope.must_change("evidence")
    lesson, rows = get_register(lesson_id, by)
    closed = why_not_open(lesson)
    if closed is not None:
        raise Conflict(closed)
    _check_grid(shot)
    chosen = [row for row in rows if row.learner_id in shot.places]
    if not chosen:
        raise Invalid("picture", "nobody")
    _lock(chosen)
    refusal = next(_of_places(lesson, chosen, shot, by), None)
    if refusal is not None:
        raise refusal
    made = [_keep(lesson, row, part) for row, part in zip(chosen, _cut(shot, chosen), strict=True)]
    for row in made:
        _log("attendance.evidence_added", row, by)
    return [row.id for row in made]


def remove_evidence(lesson_id: UUID, evidence_id: UUID, *, by: Actor) -> None:
    """Let a picture be gone, content and all; raises NotFound and NotAllowed."""
    by.must(Permission.REGISTER_KEEP)
    by.scope.must_change("evidence")
    row = get_evidence(lesson_id, evidence_id, by)
    files.remove(row.file_id)
    session.delete(row)
    session.flush()
    _log("attendance.evidence_removed", row, by)


def _check_grid(shot: Screenshot) -> None:
    if not shot.is_attested:
        raise Invalid("is_attested", "not_attested")
    for name, number in (("columns", shot.columns), ("rows", shot.rows)):
        if not 1 <= number <= MOST_BESIDE:
            raise Invalid(name, "out_of_range", most=MOST_BESIDE)
    if not shot.content:
        raise Invalid("picture", "no_picture")
    if len(shot.content) > LARGEST:
        raise Invalid("picture", "too_large", megabytes=LARGEST // 1024 // 1024)


def _of_places(lesson: LessonView, chosen: list[RegisterRow], shot: Screenshot, by: Actor) -> Iterator[Invalid]:
    """Yield why the part of one of these learners can't be kept."""
    used, kept, refused = Counter(shot.places.values()), _count_kept(lesson), list_refusals(chosen, by)
    for row in chosen:
        name, place = f"place_{row.key}", shot.places[row.learner_id]
        if row.learner_id in refused:
            yield Invalid(name, refused[row.learner_id].code, **refused[row.learner_id].facts)
        if not 1 <= place <= shot.columns * shot.rows:
            yield Invalid(name, "no_such_place", most=shot.columns * shot.rows)
        if used[place] > 1:
            yield Invalid(name, "same_place")
        if kept.get(row.learner_id, 0) >= MOST_EACH:
            yield Invalid(name, "enough", most=MOST_EACH)


def _count_kept(lesson: LessonView) -> dict[UUID, int]:
    rows = session.execute(
        select(LessonEvidence.learner_id, func.count().label("kept"))
        .where(LessonEvidence.school_id == current_school_id(), LessonEvidence.lesson_id == lesson.id)
        .group_by(LessonEvidence.learner_id)
    )
    return {row.learner_id: row.kept for row in rows}


def _lock(chosen: list[RegisterRow]) -> None:
    """Let none of them become part of another record before the commit; one that did is refused."""
    ids = [row.learner_id for row in chosen]
    there = select(Learner.id).where(Learner.school_id == current_school_id(), Learner.id.in_(ids), Learner.is_in_use)
    found = set(session.scalars(there.order_by(Learner.id).with_for_update(key_share=True)))
    for row in chosen:
        if row.learner_id not in found:
            raise Invalid(f"place_{row.key}", "not_in_use")


def _cut(shot: Screenshot, chosen: list[RegisterRow]) -> list[bytes]:
    places = [shot.places[row.learner_id] for row in chosen]
    grid = {"columns": shot.columns, "rows": shot.rows, "smallest_side": _SIDES[0], "largest_side": _SIDES[1]}
    try:
        return parts_of(shot.content, places, **grid)
    except ImageRefused as refusal:
        raise Invalid("picture", refusal.code) from None


def _keep(lesson: LessonView, row: RegisterRow, part: bytes) -> LessonEvidence:
    file_id = files.store([part], about=(row.learner_id, FILE), media_type="image/jpeg")
    kept = LessonEvidence(learner_id=row.learner_id, lesson_id=lesson.id, file_id=file_id, added_at=now())
    session.add(kept)
    session.flush()
    return kept


def _log(event: str, row: LessonEvidence, by: Actor) -> None:
    audit.record(event, learner_id=row.learner_id, subject=("lesson", row.lesson_id), by=by)
