"""Reads of holds: who is under one, of several people in SQL, and which are in force or were of somebody."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from portal.accounts.models import Account
from portal.accounts.scope import must_reach_account
from portal.core.clock import today
from portal.core.db.bulk import among_ids
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import Scope
from portal.core.personal_data import PersonKind
from portal.learners.record.models import Learner
from portal.learners.scope.queries import is_in_reach
from portal.organisations.models import ContactPerson
from portal.purposes.restrictions.models import Restriction
from portal.representation.models import Representative
from portal.requests.complaints.models import Complaint
from portal.requests.data_requests.models import DataRequest
from portal.retention.ends.queries import names_of
from portal.retention.models import HOLDERS, RetentionHold

MOST = 200
"""So many holds are listed at once."""


_KEPT_WITH: Mapping[PersonKind, tuple[type[Any], Any, Any]] = {
    PersonKind.LEARNER: (Learner, RetentionHold.learner_id, Learner.id),
    PersonKind.REPRESENTATIVE: (Representative, RetentionHold.learner_id, Representative.learner_id),
    PersonKind.CONTACT_PERSON: (ContactPerson, RetentionHold.contact_person_id, ContactPerson.id),
    PersonKind.STAFF: (Account, RetentionHold.account_id, Account.id),
}
"""By kind her own row, and which column of a hold is which of it where the hold keeps her."""


def is_held(kind: PersonKind, day: date) -> ColumnElement[bool]:
    """Say of a person's own row whether something keeps what is held of her on this day, whatever its term.

    A representative is kept as long as the learner for whom she acted, and both while one of them asks something.
    """
    own, holder, hers = _KEPT_WITH[kind]
    return or_(_has(own, holder == hers, RetentionHold, RetentionHold.is_in_force_on(day)), _waits(kind))


def held_until(kind: PersonKind, day: date) -> ColumnElement[Any]:
    """Return of a person's own row the last day on which something keeps what is held of her, as far as is known.

    A day before all others where nothing does on this day, one after all others while something is open.
    """
    first, last = literal(date.min, Date), literal(date.max, Date)
    own, holder, hers = _KEPT_WITH[kind]
    holds = select(func.max(RetentionHold.ends_on)).where(
        RetentionHold.school_id == own.school_id, holder == hers, RetentionHold.is_in_force_on(day)
    )
    return case((_waits(kind), last), else_=func.coalesce(holds.correlate(own).scalar_subquery(), first))


def _waits(kind: PersonKind) -> ColumnElement[bool]:
    """Say whether a request, a complaint or a restriction is open, which keeps her for as long as that is."""
    if kind in {PersonKind.LEARNER, PersonKind.REPRESENTATIVE}:
        own, _holder, learner_id = _KEPT_WITH[kind]
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


def list_holds(kind: PersonKind, person_id: UUID, scope: Scope) -> Sequence[RetentionHold]:
    """Return the holds that keep what is held of somebody, in force or ended, the latest first.

    Raises NotFound for somebody out of reach.
    """
    _must_reach(kind, person_id, scope)
    wanted = select(RetentionHold).where(
        RetentionHold.school_id == current_school_id(), getattr(RetentionHold, HOLDERS[kind]) == person_id
    )
    return session.scalars(wanted.order_by(RetentionHold.set_at.desc(), RetentionHold.id)).all()


def get_hold(hold_id: UUID, scope: Scope, *, lock: bool = False) -> RetentionHold:
    """Return a hold of somebody within reach; raises NotFound."""
    found = session.get(
        RetentionHold, (current_school_id(), hold_id), with_for_update=lock or None, populate_existing=lock
    )
    if found is None:
        raise NotFound("hold")
    _must_reach(found.person_kind, found.person_id, scope)
    return found


def _must_reach(kind: PersonKind, person_id: UUID, scope: Scope) -> None:
    match kind:
        case PersonKind.LEARNER:
            if not is_in_reach(person_id, scope):
                raise NotFound("hold")
        case PersonKind.STAFF:
            must_reach_account(person_id, scope)
        case _:
            scope.must_reach_school(kind.value)


def list_contacts_held(person_ids: Collection[UUID], scope: Scope) -> set[UUID]:
    """Return which of these people who are no learners a hold keeps today."""
    scope.must_reach_school("contact_person")
    wanted = select(RetentionHold.contact_person_id).where(
        RetentionHold.school_id == current_school_id(),
        among_ids(RetentionHold.contact_person_id, person_ids),
        RetentionHold.is_in_force_on(today()),
    )
    return {each for each in session.scalars(wanted) if each is not None}


@dataclass(frozen=True)
class HoldInForce:
    """A hold in force, with whose it is."""

    kind: PersonKind
    person_id: UUID
    name: str
    hold: RetentionHold


def list_in_force(day: date, scope: Scope) -> list[HoldInForce]:
    """Return the holds in force on a day, the one that ends first first, but for those of who is hidden."""
    scope.must_reach_school("retention_hold")
    wanted = select(RetentionHold).where(
        RetentionHold.school_id == current_school_id(), RetentionHold.is_in_force_on(day)
    )
    rows = session.scalars(wanted.order_by(RetentionHold.ends_on, RetentionHold.id).limit(MOST)).all()
    names: dict[UUID, str] = {}
    for kind in HOLDERS:
        names |= names_of(kind, [row.person_id for row in rows if row.person_kind is kind], scope)
    return [
        HoldInForce(row.person_kind, row.person_id, names[row.person_id], row) for row in rows if row.person_id in names
    ]
