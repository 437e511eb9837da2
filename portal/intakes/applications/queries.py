"""Reads of who signed up for an intake."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, func, select

from portal.core.crypto import keys
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.lists import PER_PAGE, Paged
from portal.core.http.scope import Scope
from portal.intakes.applications.models import IntakeApplication
from portal.organisations.models import ContactPerson


@dataclass(frozen=True)
class ReadApplication:
    """An application with who she is, and what she wants to learn where that can still be read."""

    row: IntakeApplication
    person: ContactPerson
    wish: str | None


def list_applications(scope: Scope, *, page: int = 1) -> Paged[ReadApplication]:
    """Return a page of who signed up and waits, who waits longest first; without what she wrote."""
    scope.must_reach_school("intake_application")
    here = IntakeApplication.school_id == current_school_id()
    total = session.scalar(select(func.count()).select_from(IntakeApplication).where(here)) or 0
    at = min(page, max(1, -(-total // PER_PAGE)))
    person = (ContactPerson.school_id == IntakeApplication.school_id) & (
        ContactPerson.id == IntakeApplication.contact_person_id
    )
    rows = session.execute(
        select(IntakeApplication, ContactPerson)
        .join(ContactPerson, person)
        .where(here)
        .order_by(IntakeApplication.received_on, IntakeApplication.id)
        .limit(PER_PAGE)
        .offset((at - 1) * PER_PAGE)
    )
    return Paged([ReadApplication(row, who, None) for row, who in rows], at, total)


def get_application(application_id: UUID, scope: Scope, *, lock: bool = False) -> ReadApplication:
    """Return an application; raises NotFound."""
    scope.must_reach_school("intake_application")
    row = session.get(IntakeApplication, (current_school_id(), application_id), with_for_update=lock or None)
    if row is None:
        raise NotFound("intake_application")
    person = session.get_one(ContactPerson, (current_school_id(), row.contact_person_id))
    (wish,) = keys.unseal_values([(person.id, "intake_application.wish", row.wish)])
    return ReadApplication(row, person, wish)


def has_applied(contact_person_id: UUID, scope: Scope) -> bool:
    """Say whether somebody signed up for an intake, and the office has done nothing with it yet."""
    scope.must_reach_school("intake_application")
    there = exists().where(
        IntakeApplication.school_id == current_school_id(), IntakeApplication.contact_person_id == contact_person_id
    )
    return bool(session.scalar(select(there)))
