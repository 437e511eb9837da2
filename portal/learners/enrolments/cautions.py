"""What is asked about before learners come into a group: no place for all of them, or another lesson at the same time.

Each stands where it is meant: a school takes one more, or a learner comes to half of two lessons.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.scope import Scope
from portal.courses.clashes.queries import Clash, ClashKind, is_at_once
from portal.courses.models import LearnerGroup, Lesson
from portal.learners.enrolments.models import Enrolment
from portal.learners.enrolments.places import count_most_taken
from portal.learners.scope.queries import reaches_learner


@dataclass(frozen=True, kw_only=True)
class Cautions:
    """What there is to ask: how many places a group has and how many will be taken, where those are too few; and the
    first lesson that these learners have at the time of one of the group.
    """

    capacity: int | None = None
    taken: int = 0
    coming: int = 0
    clash: Clash | None = None

    @property
    def is_full(self) -> bool:
        """Say whether there isn't a place for all who come."""
        return self.capacity is not None and self.taken + self.coming > self.capacity

    def __bool__(self) -> bool:
        return self.is_full or self.clash is not None


def find_cautions(
    learner_ids: Sequence[UUID], group_id: UUID, *, on: date, leaving: Sequence[UUID] = (), scope: Scope
) -> Cautions:
    """Return what is to be asked before these learners are in a group from a day on.

    `leaving` are enrolments of theirs that end the day before.
    """
    capacity = session.scalar(
        select(LearnerGroup.capacity).where(LearnerGroup.school_id == current_school_id(), LearnerGroup.id == group_id)
    )
    return Cautions(
        capacity=capacity,
        taken=count_most_taken(group_id, on) if capacity is not None else 0,
        coming=len(learner_ids),
        clash=_find_clash(learner_ids, group_id, on, leaving, scope),
    )


def check_cautions(
    learner_ids: Sequence[UUID],
    group_id: UUID,
    *,
    on: date,
    leaving: Sequence[UUID] = (),
    despite: bool,
    scope: Scope,
) -> None:
    """Raise Invalid("asked_first") with what is to be asked, unless they are to be in the group `despite` it.

    A group that has a number of places stays locked until the commit: of two who want the last place at the same
    moment one is asked.
    """
    session.execute(
        select(LearnerGroup.id)
        .where(
            LearnerGroup.school_id == current_school_id(),
            LearnerGroup.id == group_id,
            LearnerGroup.capacity.is_not(None),
        )
        .with_for_update(key_share=True)
    )
    cautions = None if despite else find_cautions(learner_ids, group_id, on=on, leaving=leaving, scope=scope)
    if cautions:
        raise Invalid("despite", "asked_first", cautions=cautions)


def _find_clash(
    learner_ids: Sequence[UUID], group_id: UUID, on: date, leaving: Sequence[UUID], scope: Scope
) -> Clash | None:
    """Return the first lesson, of whatever other group, that these learners have at the time of one of this group's."""
    other = aliased(Lesson)
    row = session.execute(
        select(
            func.count(Enrolment.learner_id.distinct()).label("count"),
            other.held_on, other.starts_at, other.ends_at, LearnerGroup.name.label("group"),
        )
        .select_from(Lesson)
        .join(other, and_(is_at_once(other), other.group_id != Lesson.group_id))
        .join(LearnerGroup, and_(LearnerGroup.school_id == other.school_id, LearnerGroup.id == other.group_id))
        .join(Enrolment, and_(Enrolment.school_id == other.school_id, Enrolment.group_id == other.group_id))
        .where(
            Lesson.school_id == current_school_id(),
            Lesson.group_id == group_id,
            Lesson.held_on >= on,
            Enrolment.learner_id.in_(learner_ids),
            Enrolment.id.not_in(leaving),
            Enrolment.holds_on(other.held_on),
            reaches_learner(scope, Enrolment.learner_id),
        )
        .group_by(other.held_on, other.starts_at, other.ends_at, other.id, LearnerGroup.name)
        .order_by(other.held_on, other.starts_at, other.id)
        .limit(1)
    ).first()  # fmt: skip
    return Clash(kind=ClashKind.LEARNERS, **row._mapping) if row is not None else None
