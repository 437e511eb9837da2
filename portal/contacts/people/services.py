"""Erasing somebody who is no learner at once, as she asked or because she is needed no longer (LL-09)."""

from uuid import UUID

from portal.core import mail
from portal.core.http.access import Actor
from portal.organisations.queries import get_contact_person
from portal.organisations.services import erase_contact_person
from portal.permissions import Permission
from portal.schools.queries import current_school

ASKED = "asked"
NOT_NEEDED = "not_needed"


def erase_contact(person_id: UUID, *, why: str, by: Actor) -> None:
    """Erase somebody, and mail her that it was done where she has an address (AVG art. 12(3)). Raises NotFound."""
    by.must(Permission.CONTACT_ERASE)
    person = get_contact_person(person_id, by.scope)
    address, name, language = person.email, person.name, person.language
    erase_contact_person(person_id, why=why, by=by)
    if address:
        school = current_school().name
        mail.send(address, "contacts/erased", language=language, name=name, school=school, is_asked=why == ASKED)
