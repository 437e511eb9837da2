"""Reads of restrictions: which are in force, of a learner or of all, and on which grounds restricted data was used."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, select

from portal.core.clock import local, today
from portal.core.db.scope import current_school_id, hidden_learners, revealed
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.lists import PER_PAGE, Paged
from portal.core.http.scope import Scope
from portal.learners.record.models import Learner
from portal.learners.scope.queries import is_in_reach, reaches_learner
from portal.purposes.restrictions.models import Restriction, RestrictionUse


class RestrictionLine(NamedTuple):
    """A restriction in the desk's list, with whose it is."""

    restriction: Restriction
    name: str
    number: str


class Restricted(NamedTuple):
    """Who restricted something: her name and number, and whether she can be told by mail."""

    name: str
    number: str
    has_email: bool


def list_in_force(scope: Scope, *, page: int = 1) -> Paged[RestrictionLine]:
    """Return a page of the restrictions in force in the school, the oldest first, for who decides on them."""
    scope.must_reach_school("restriction")
    found = (
        select(Restriction, Learner.full_name, Learner.number)
        .join(Learner, and_(Learner.school_id == Restriction.school_id, Learner.id == Restriction.learner_id))
        .where(Restriction.school_id == current_school_id(), Restriction.is_in_force)
    )
    with revealed(*hidden_learners()):
        total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
        ordered = found.order_by(Restriction.started_at, Restriction.id)
        rows = session.execute(ordered.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return Paged([RestrictionLine(*row) for row in rows], page, total)


def get_restricted(restriction: Restriction) -> Restricted:
    """Return who restricted something, for who decides on it; the rest of hers stays hidden."""
    with revealed(restriction.learner_id):
        learner = session.get_one(Learner, (restriction.school_id, restriction.learner_id))
        return Restricted(learner.full_name, learner.number, learner.email is not None)


def list_restrictions(learner_id: UUID, scope: Scope) -> Sequence[Restriction]:
    """Return the restrictions in force of a learner within reach, the oldest first."""
    wanted = select(Restriction).where(
        Restriction.school_id == current_school_id(),
        Restriction.learner_id == learner_id,
        Restriction.is_in_force,
        reaches_learner(scope, Restriction.learner_id),
    )
    return session.scalars(wanted.order_by(Restriction.started_at, Restriction.id)).all()


def get_restriction(restriction_id: UUID, scope: Scope, *, lock: bool = False) -> Restriction:
    """Return a restriction of a learner within reach, in force or lifted; raises NotFound."""
    found = session.get(
        Restriction, (current_school_id(), restriction_id), with_for_update=lock or None, populate_existing=lock
    )
    if found is None or not is_in_reach(found.learner_id, scope):
        raise NotFound("restriction")
    return found


def list_used_today(learner_ids: Collection[UUID], article: str, by: Actor) -> frozenset[UUID]:
    """Return of which of these learners somebody recorded today that she uses restricted data by this article."""
    rows = session.execute(
        select(RestrictionUse.learner_id, RestrictionUse.used_at).where(
            RestrictionUse.school_id == current_school_id(),
            RestrictionUse.learner_id.in_(list(learner_ids)),
            RestrictionUse.used_by == by.account_id,
            RestrictionUse.article == article,
            reaches_learner(by.scope, RestrictionUse.learner_id),
        )
    )
    return frozenset(row.learner_id for row in rows if local(row.used_at).date() == today())


def list_uses(learner_id: UUID, scope: Scope) -> Sequence[RestrictionUse]:
    """Return on which grounds restricted data of a learner within reach was used, the latest first."""
    wanted = select(RestrictionUse).where(
        RestrictionUse.school_id == current_school_id(),
        RestrictionUse.learner_id == learner_id,
        reaches_learner(scope, RestrictionUse.learner_id),
    )
    return session.scalars(wanted.order_by(RestrictionUse.used_at.desc(), RestrictionUse.id)).all()
