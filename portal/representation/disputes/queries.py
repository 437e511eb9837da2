"""Reads of what parents disagree about."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.learners.record.models import Learner
from portal.learners.scope.queries import is_in_reach, reaches_learner
from portal.representation.disputes.models import DisputeSubject, ParentalDispute
from portal.representation.models import FOR_CHILDREN, Representative
from portal.representation.queries import may_act


@dataclass(frozen=True)
class DisputeLine:
    """An open dispute as staff see it: whose child it is about, and who wanted what against whom."""

    dispute: ParentalDispute
    name: str
    raised_by: str
    against: str


def are_both_parents(learner_id: UUID, other_account_id: UUID | None, by: Actor) -> bool:
    """Say whether who asks, and the holder of another account, act today as parents of the same child."""
    if other_account_id is None or other_account_id == by.account_id or not by.represents:
        return False
    return len(_parents_among(learner_id, other_account_id, by.account_id)) == 2


def is_of_other_parent(learner_id: UUID, chosen_by: UUID | None, asked_by: UUID | None, scope: Scope) -> bool:
    """Say whether one parent of a child chose what another one, who acts for her today too, asks otherwise.

    `asked_by` is None where staff wrote it down for one of them, and nobody knows for which: then it may be another.
    """
    if chosen_by is None or chosen_by == asked_by:
        return False
    acting = session.scalars(
        select(Representative.account_id)
        .join(Representative.learner)
        .where(
            Representative.school_id == current_school_id(),
            Representative.learner_id == learner_id,
            reaches_learner(scope, Representative.learner_id),
            Representative.kind.in_(FOR_CHILDREN),
            may_act(today()),
        )
    ).all()
    others = {each for each in acting if each != chosen_by}  # None: a parent without an account
    return chosen_by in acting and (bool(others) if asked_by is None else asked_by in others)


def has_other_parent(learner_id: UUID, by: Actor) -> bool:
    """Say whether somebody else acts today as parent of the child for whom who asks acts."""
    if not by.represents:
        return False
    others = select(Representative.account_id).where(
        Representative.school_id == current_school_id(),
        Representative.learner_id == learner_id,
        Representative.kind.in_(FOR_CHILDREN),
        Representative.is_valid_on(today()),
        Representative.account_id != by.account_id,
    )
    return session.scalars(others.limit(1)).first() is not None


def _parents_among(learner_id: UUID, *account_ids: UUID | None) -> dict[UUID, str]:
    """Return the names of those of these accounts who act for a child today as parent or guardian."""
    rows = session.execute(
        select(Representative.account_id, Representative.name)
        .join(Representative.learner)
        .where(
            Representative.school_id == current_school_id(),
            Representative.learner_id == learner_id,
            Representative.account_id.in_([each for each in account_ids if each is not None]),
            Representative.kind.in_(FOR_CHILDREN),
            may_act(today()),
        )
    )
    return {row.account_id: row.name for row in rows if row.account_id is not None}


def find_dispute(
    learner_id: UUID, subject: DisputeSubject, topic: str, scope: Scope, *, lock: bool = False
) -> ParentalDispute | None:
    """Return the last dispute of the parents of a learner within reach about one thing; None where there is none."""
    statement = (
        select(ParentalDispute)
        .where(
            ParentalDispute.school_id == current_school_id(),
            ParentalDispute.learner_id == learner_id,
            ParentalDispute.subject == subject,
            ParentalDispute.topic == topic,
            reaches_learner(scope, ParentalDispute.learner_id),
        )
        .order_by(ParentalDispute.raised_at.desc(), ParentalDispute.id.desc())
        .limit(1)
    )
    return session.scalars(statement.with_for_update() if lock else statement).one_or_none()


def is_settled_since(learner_id: UUID, subject: DisputeSubject, topic: str, since: datetime, scope: Scope) -> bool:
    """Say whether both parents or a court allowed it after the choice that stands against it."""
    found = find_dispute(learner_id, subject, topic, scope)
    return found is not None and bool(found.is_allowed) and found.ended_at is not None and found.ended_at > since


def get_dispute(dispute_id: UUID, scope: Scope) -> ParentalDispute:
    """Return a dispute about a learner within reach, locked; raises NotFound."""
    found = session.get(ParentalDispute, (current_school_id(), dispute_id), with_for_update=True)
    if found is None or not is_in_reach(found.learner_id, scope):
        raise NotFound("parental_dispute")
    return found


def list_disputes_of(learner_id: UUID, scope: Scope) -> list[ParentalDispute]:
    """Return what the parents of a learner within reach disagree or disagreed about, what is open first."""
    rows = session.scalars(
        select(ParentalDispute)
        .where(
            ParentalDispute.school_id == current_school_id(),
            ParentalDispute.learner_id == learner_id,
            reaches_learner(scope, ParentalDispute.learner_id),
        )
        .order_by(ParentalDispute.is_in_force.desc(), ParentalDispute.raised_at.desc(), ParentalDispute.id)
    )
    return list(rows)


def list_open_disputes(scope: Scope) -> list[DisputeLine]:
    """Return the open disputes about learners within reach, the oldest first."""
    rows = session.execute(
        select(ParentalDispute, Learner.full_name)
        .join(Learner, (Learner.school_id == ParentalDispute.school_id) & (Learner.id == ParentalDispute.learner_id))
        .where(
            ParentalDispute.school_id == current_school_id(),
            ParentalDispute.is_in_force,
            reaches_learner(scope, ParentalDispute.learner_id),
        )
        .order_by(ParentalDispute.raised_at, ParentalDispute.id)
    ).all()
    return [_line(dispute, name) for dispute, name in rows]


def _line(dispute: ParentalDispute, name: str) -> DisputeLine:
    parents = _parents_among(dispute.learner_id, dispute.raised_by, dispute.against)
    raised_by, against = (
        parents.get(each, "") if each is not None else "" for each in (dispute.raised_by, dispute.against)
    )
    return DisputeLine(dispute, name, raised_by, against)


def count_open_disputes() -> int:
    """Return how many disputes are open."""
    return (
        session.scalar(
            select(func.count())
            .select_from(ParentalDispute)
            .where(ParentalDispute.school_id == current_school_id(), ParentalDispute.is_in_force)
        )
        or 0
    )
