"""Reads of organisations and who works there."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from portal.core.db.base import Base
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.learners.trajectories.models import Trajectory
from portal.organisations.models import ContactPerson, Organisation, OrganisationKind


@dataclass(frozen=True)
class OrganisationLine:
    """An organisation in the list, with how many trajectories it pays and how many people are known there."""

    id: UUID
    name: str
    kind: OrganisationKind
    kvk_number: str | None
    trajectories: int
    people: int


def list_organisations() -> list[OrganisationLine]:
    """Return the school's organisations by name."""
    trajectories = (
        select(func.count())
        .where(Trajectory.school_id == Organisation.school_id, Trajectory.client_id == Organisation.id)
        .scalar_subquery()
    )
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
            trajectories.label("trajectories"),
            people.label("people"),
        )
        .where(Organisation.school_id == current_school_id())
        .order_by(Organisation.name)
    )
    return [OrganisationLine(row.id, row.name, row.kind, row.kvk_number, row.trajectories, row.people) for row in rows]


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


def get_contact_person(organisation_id: UUID, person_id: UUID) -> ContactPerson:
    """Return somebody who works at this organisation; raises NotFound."""
    found = session.get(ContactPerson, (current_school_id(), person_id))
    if found is None or found.organisation_id != organisation_id:
        raise NotFound("contact_person")
    return found


def is_in_use(organisation_id: UUID) -> bool:
    """Say whether a row that outlives it names this organisation: a trajectory, a file for a client."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.info.get("references") == "organisation" and column.info.get("ondelete") is None:
                named = select(column).where(table.c.school_id == current_school_id(), column == organisation_id)
                if session.scalar(named.limit(1)) is not None:
                    return True
    return False


def names_of_organisations() -> dict[UUID, str]:
    """Return the names of the school's organisations, in order."""
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.school_id == current_school_id())
        .order_by(Organisation.name)
    )
    return {row.id: row.name for row in rows}
