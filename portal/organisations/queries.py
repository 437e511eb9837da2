"""Reads of organisations and who works there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import Scope
from portal.core.ports import Port
from portal.core.values import tidy
from portal.organisations.models import ContactPerson, Organisation, OrganisationKind

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


def get_organisation(organisation_id: UUID) -> Organisation:
    """Return an organisation; raises NotFound."""
    found = session.get(Organisation, (current_school_id(), organisation_id))
    if found is None:
        raise NotFound("organisation")
    return found


def find_organisation(name: str) -> UUID | None:
    """Return the id of the organisation with this name, or None."""
    return session.scalar(
        select(Organisation.id).where(Organisation.school_id == current_school_id(), Organisation.name == name)
    )


def list_contact_people(organisation_id: UUID | None = None) -> list[ContactPerson]:
    """Return who works at an organisation, or at any, by name."""
    statement = select(ContactPerson).where(ContactPerson.school_id == current_school_id())
    if organisation_id is not None:
        statement = statement.where(ContactPerson.organisation_id == organisation_id)
    return list(session.scalars(statement.order_by(ContactPerson.name, ContactPerson.id)))


def find_contact_people(text: str, *, most: int = 10) -> list[ContactPerson]:
    """Return the contact people with this in their name or address, or in their organisation's name, by name."""
    wanted = tidy(text)[:_MOST_TEXT]
    if not wanted:
        return []
    columns = (ContactPerson.name, ContactPerson.email, Organisation.name)
    statement = (
        select(ContactPerson)
        .join(ContactPerson.organisation)
        .where(
            ContactPerson.school_id == current_school_id(),
            or_(*(column.icontains(wanted, autoescape=True) for column in columns)),
        )
        .options(contains_eager(ContactPerson.organisation))
    )
    return list(session.scalars(statement.order_by(ContactPerson.name, ContactPerson.id).limit(most)))


def get_contact_person(organisation_id: UUID, person_id: UUID, scope: Scope) -> ContactPerson:
    """Return somebody who works at this organisation; raises NotFound."""
    scope.must_reach_school("contact_person")
    found = session.get(ContactPerson, (current_school_id(), person_id))
    if found is None or found.organisation_id != organisation_id:
        raise NotFound("contact_person")
    return found


def get_any_contact_person(person_id: UUID, scope: Scope) -> ContactPerson:
    """Return somebody who works at one of the school's organisations; raises NotFound."""
    scope.must_reach_school("contact_person")
    found = session.get(ContactPerson, (current_school_id(), person_id))
    if found is None:
        raise NotFound("contact_person")
    return found


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
