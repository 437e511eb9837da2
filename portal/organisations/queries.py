"""Reads of organisations and who works there."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.lists import PER_PAGE, Paged
from portal.core.http.scope import Scope
from portal.core.ports import Port
from portal.core.values import tidy
from portal.organisations.models import ContactPerson, Organisation, OrganisationKind, Relation

_MOST_TEXT = 100


@dataclass(frozen=True)
class OrganisationLine:
    """An organisation in the list, with how many trajectories it pays and how many people are known there."""

    id: UUID
    name: str
    kind: OrganisationKind
    kvk_number: str | None
    trajectories: int
    people: int


# Returns how many rows that outlive an organisation name it, by its id; of this one alone where an id is given.
CountByOrganisation = Callable[[UUID | None], Mapping[UUID, int]]
TRAJECTORY_COUNTS: Port[CountByOrganisation] = Port("organisations.trajectory_counts")
REFERENCE_COUNTS: Port[CountByOrganisation] = Port("organisations.reference_counts")
BEFORE_ERASURE: Port[Callable[[UUID, Scope], None]] = Port("organisations.before_erasure")
"""Called with somebody who is no learner before she is erased: what must be kept of a no is kept without her."""
HELD: Port[Callable[[Collection[UUID], Scope], Collection[UUID]]] = Port("organisations.held")
"""Called with people who are no learners, and a scope: returns whom a hold keeps today, of whom nothing goes."""
STILL_ASKS: Port[Callable[[UUID, Scope], bool]] = Port("organisations.still_asks")
"""Called with somebody who is no learner, and a scope: says whether she waits for the answer to what she asked."""


def list_organisations() -> list[OrganisationLine]:
    """Return the school's organisations by name."""
    trajectories = TRAJECTORY_COUNTS.only(None)
    people = (
        select(func.count())
        .where(ContactPerson.school_id == Organisation.school_id, ContactPerson.organisation_id == Organisation.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Organisation.id,
            Organisation.name,
            Organisation.kind,
            Organisation.kvk_number,
            people.label("people"),
        )
        .where(Organisation.school_id == current_school_id())
        .order_by(Organisation.name)
    )
    return [
        OrganisationLine(
            id=row.id,
            name=row.name,
            kind=row.kind,
            kvk_number=row.kvk_number,
            trajectories=trajectories.get(row.id, 0),
            people=row.people,
        )
        for row in rows
    ]


def get_organisation(organisation_id: UUID, *, lock: bool = False) -> Organisation:
    """Return an organisation; raises NotFound."""
    found = session.get(Organisation, (current_school_id(), organisation_id), with_for_update=lock or None)
    if found is None:
        raise NotFound("organisation")
    return found


def find_organisation(name: str) -> UUID | None:
    """Return the id of the organisation with this name, or None."""
    return session.scalar(
        select(Organisation.id).where(Organisation.school_id == current_school_id(), Organisation.name == name)
    )


def list_contact_people(organisation_id: UUID | None = None) -> list[ContactPerson]:
    """Return who works at an organisation on record, or at any, by name."""
    statement = select(ContactPerson).where(
        ContactPerson.school_id == current_school_id(), ContactPerson.organisation_id.is_not(None)
    )
    if organisation_id is not None:
        statement = statement.where(ContactPerson.organisation_id == organisation_id)
    return list(session.scalars(statement.order_by(ContactPerson.name, ContactPerson.id)))


def page_of_contact_people(
    text: str, relation: Relation | None, scope: Scope, *, page: int = 1
) -> Paged[ContactPerson]:
    """Return a page of the school's contacts by name: with this in what is known of them, and of this relation."""
    scope.must_reach_school("contact_person")
    conditions = [ContactPerson.school_id == current_school_id()]
    if tidy(text):
        conditions.append(_has(text))
    if relation is not None:
        conditions.append(ContactPerson.relation == relation)
    of_them = select(ContactPerson).outerjoin(ContactPerson.organisation).where(*conditions)
    total = session.scalar(select(func.count()).select_from(of_them.subquery())) or 0
    last = max(1, -(-total // PER_PAGE))
    at = min(page, last)
    wanted = of_them.options(contains_eager(ContactPerson.organisation))
    rows = session.scalars(
        wanted.order_by(ContactPerson.name, ContactPerson.id).limit(PER_PAGE).offset((at - 1) * PER_PAGE)
    )
    return Paged(list(rows), at, total)


def find_contact_people(text: str, *, most: int = 10) -> list[ContactPerson]:
    """Return the contact people with this in their name or address, or in their organisation's name, by name."""
    if not tidy(text):
        return []
    statement = (
        select(ContactPerson)
        .outerjoin(ContactPerson.organisation)
        .where(ContactPerson.school_id == current_school_id(), _has(text))
        .options(contains_eager(ContactPerson.organisation))
    )
    return list(session.scalars(statement.order_by(ContactPerson.name, ContactPerson.id).limit(most)))


def list_with_address(address: str | None, scope: Scope) -> list[ContactPerson]:
    """Return everybody who is no learner with this e-mail address, by name: one human being may stand there twice."""
    scope.must_reach_school("contact_person")
    if not address:
        return []
    is_hers = func.lower(ContactPerson.email) == address.strip().lower()
    statement = select(ContactPerson).where(ContactPerson.school_id == current_school_id(), is_hers)
    return list(session.scalars(statement.order_by(ContactPerson.name, ContactPerson.id)))


def _has(text: str) -> ColumnElement[bool]:
    wanted = tidy(text)[:_MOST_TEXT]
    columns = (ContactPerson.name, ContactPerson.email, ContactPerson.company_name, Organisation.name)
    return or_(*(column.icontains(wanted, autoescape=True) for column in columns))


def get_contact_person(person_id: UUID, scope: Scope, *, lock: bool = False) -> ContactPerson:
    """Return somebody who is no learner, with her organisation where she has one; raises NotFound."""
    scope.must_reach_school("contact_person")
    statement = select(ContactPerson).where(
        ContactPerson.school_id == current_school_id(), ContactPerson.id == person_id
    )
    statement = statement.options(selectinload(ContactPerson.organisation))
    found = session.scalars(statement.with_for_update() if lock else statement).one_or_none()
    if found is None:
        raise NotFound("contact_person")
    return found


def still_asks(person_id: UUID, scope: Scope) -> bool:
    """Say whether somebody who is no learner waits for an answer of the school: she isn't erased before that."""
    return any(asks(person_id, scope) for asks in STILL_ASKS.all)


def list_under_hold(person_ids: Collection[UUID], scope: Scope) -> frozenset[UUID]:
    """Return of whom of these people who are no learners nothing goes today, because somebody set a hold."""
    return frozenset(HELD.only(person_ids, scope)) if person_ids else frozenset()


def is_in_use(organisation_id: UUID) -> bool:
    """Say whether a row that outlives it names this organisation: a trajectory, a file for a client."""
    return any(count(organisation_id).get(organisation_id) for count in REFERENCE_COUNTS.all)


def names_of_organisations() -> dict[UUID, str]:
    """Return the names of the school's organisations, in order."""
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.school_id == current_school_id())
        .order_by(Organisation.name)
    )
    return {row.id: row.name for row in rows}
