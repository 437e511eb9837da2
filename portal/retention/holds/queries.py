"""Reads of holds: who is under one, of several people in SQL, and which are in force or were of a learner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from portal.accounts.models import Account
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import Scope
from portal.core.personal_data import PersonKind
from portal.learners.record.models import Learner
from portal.learners.scope.queries import is_in_reach, names_of_learners, reaches_learner
from portal.organisations.models import ContactPerson
from portal.purposes.restrictions.models import Restriction
from portal.representation.models import Representative
from portal.requests.complaints.models import Complaint
from portal.requests.data_requests.models import DataRequest
from portal.retention.models import RetentionHold

MOST = 200
"""So many holds are listed at once."""


def is_held(kind: PersonKind, day: date) -> ColumnElement[bool]:
    """Say of a person's own row whether something keeps what is held of her on this day, whatever its term.

    A representative is kept as long as the learner for whom she acted, and both while one of them asks something.
    """
    holds = _holds(kind, day)
    return _waits(kind) if holds is None else or_(holds, _waits(kind))


def held_until(kind: PersonKind, day: date) -> ColumnElement[Any]:
    """Return of a person's own row the last day on which something keeps what is held of her, as far as is known.

    A day before all others where nothing does on this day, one after all others while something is open.
    """
    first, last = literal(date.min, Date), literal(date.max, Date)
    if kind not in _LEARNERS_OF:
        return case((_waits(kind), last), else_=first)
    own, learner_id = _LEARNERS_OF[kind]
    holds = select(func.max(RetentionHold.ends_on)).where(
        RetentionHold.school_id == own.school_id,
        RetentionHold.learner_id == learner_id,
        RetentionHold.is_in_force_on(day),
    )
    return case((_waits(kind), last), else_=func.coalesce(holds.correlate(own).scalar_subquery(), first))


_LEARNERS_OF: Mapping[PersonKind, tuple[type[Any], Any]] = {
    PersonKind.LEARNER: (Learner, Learner.id),
    PersonKind.REPRESENTATIVE: (Representative, Representative.learner_id),
}
"""The own rows of whom a hold on a learner keeps, each with what says which learner that is."""


def _holds(kind: PersonKind, day: date) -> ColumnElement[bool] | None:
    if kind not in _LEARNERS_OF:
        return None
    own, learner_id = _LEARNERS_OF[kind]
    return _has(own, RetentionHold.learner_id == learner_id, RetentionHold, RetentionHold.is_in_force_on(day))


def _waits(kind: PersonKind) -> ColumnElement[bool]:
    """Say whether a request, a complaint or a restriction is open, which keeps her for as long as that is."""
    if kind in _LEARNERS_OF:
        own, learner_id = _LEARNERS_OF[kind]
        return _learner_waits(learner_id, own)
    if kind is PersonKind.CONTACT_PERSON:
        return _asks(
            ContactPerson,
            DataRequest.contact_person_id == ContactPerson.id,
            Complaint.contact_person_id == ContactPerson.id,
        )
    return _asks(Account, DataRequest.account_id == Account.id, Complaint.account_id == Account.id)


def _asks(own: type[Any], requests: ColumnElement[bool], complaints: ColumnElement[bool]) -> ColumnElement[bool]:
    return or_(
        _has(own, requests, DataRequest, DataRequest.is_open),
        _has(own, complaints, Complaint, Complaint.closed_on.is_(None)),
    )


def _learner_waits(learner_id: Any, own: type[Any]) -> ColumnElement[bool]:
    acting = aliased(Representative)
    who_acts_asks = and_(acting.school_id == DataRequest.school_id, acting.id == DataRequest.representative_id)
    return or_(
        _has(own, Restriction.learner_id == learner_id, Restriction, Restriction.is_in_force),
        _has(own, DataRequest.learner_id == learner_id, DataRequest, DataRequest.is_open),
        _has(own, acting.learner_id == learner_id, DataRequest, who_acts_asks, DataRequest.is_open),
        _has(
            own,
            Complaint.learner_id == learner_id,
            Complaint,
            Complaint.number.is_not(None),
            Complaint.closed_on.is_(None),
        ),
    )


def _has(own: type[Any], of_hers: ColumnElement[bool], model: type[Any], *which: Any) -> ColumnElement[bool]:
    return exists().where(model.school_id == own.school_id, of_hers, *which).correlate(own)


def list_holds(learner_id: UUID, scope: Scope) -> Sequence[RetentionHold]:
    """Return the holds of a learner within reach, in force or ended, the latest first."""
    wanted = select(RetentionHold).where(
        RetentionHold.school_id == current_school_id(),
        RetentionHold.learner_id == learner_id,
        reaches_learner(scope, RetentionHold.learner_id),
    )
    return session.scalars(wanted.order_by(RetentionHold.set_at.desc(), RetentionHold.id)).all()


def get_hold(hold_id: UUID, scope: Scope, *, lock: bool = False) -> RetentionHold:
    """Return a hold of a learner within reach; raises NotFound."""
    found = session.get(
        RetentionHold, (current_school_id(), hold_id), with_for_update=lock or None, populate_existing=lock
    )
    if found is None or not is_in_reach(found.learner_id, scope):
        raise NotFound("hold")
    return found


@dataclass(frozen=True)
class HoldInForce:
    """A hold in force, with whose it is."""

    learner_id: UUID
    name: str
    hold: RetentionHold


def list_in_force(day: date, scope: Scope) -> list[HoldInForce]:
    """Return the holds in force on a day of learners within reach, the one that ends first first."""
    wanted = select(RetentionHold).where(
        RetentionHold.school_id == current_school_id(),
        RetentionHold.is_in_force_on(day),
        reaches_learner(scope, RetentionHold.learner_id),
    )
    rows = session.scalars(wanted.order_by(RetentionHold.ends_on, RetentionHold.id).limit(MOST)).all()
    names = names_of_learners([row.learner_id for row in rows], scope)
    return [HoldInForce(row.learner_id, names[row.learner_id], row) for row in rows if row.learner_id in names]
