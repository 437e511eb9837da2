"""Erasing somebody who is no learner at once, as she asked or because she is needed no longer (LL-09)."""

from collections.abc import Callable
from uuid import UUID

from portal.accounts.invitations.links import address_of
from portal.contacts.messages.services import only_asked
from portal.core import mail
from portal.core.http.access import Actor
from portal.core.ports import Port
from portal.organisations.models import ContactPerson
from portal.organisations.queries import get_contact_person, list_with_address
from portal.organisations.services import erase_contact_person, must_be_free_to_go
from portal.permissions import Permission
from portal.schools.queries import current_school

ASKED = "asked"
NOT_NEEDED = "not_needed"

CERTIFY: Port[Callable[[UUID, bool, Actor], str]] = Port("contacts.certify")
"""Certifies, before it is done, that somebody is erased whole, because she asked or not; returns where it is read."""


def erase_contact(person_id: UUID, *, why: str, by: Actor) -> list[ContactPerson]:
    """Erase somebody, and mail her that it was done where she has an address (AVG art. 12(3)).

    Raises NotFound; Conflict("still_asks") while she waits for an answer, for granting what she asked erases her; and
    Conflict("held") under a hold.
    Returns who else is there with that address, which the mail tells her, too.
    """
    by.must(Permission.CONTACT_ERASE)
    return erase_and_tell(person_id, why=why, by=by)


def erase_and_tell(person_id: UUID, *, why: str, keeps_no: bool = False, by: Actor) -> list[ContactPerson]:
    """Erase somebody, certify it, and mail her that it was done and what stays; who may is for the caller to say.

    Where she asked it, whoever has her address too and is here for the newsletter alone goes along. Returns who is
    there with her address still: what is held of them for another reason isn't gone.
    """
    must_be_free_to_go(person_id, by)
    person = get_contact_person(person_id, by.scope)
    address, name, language = person.email, person.name, person.language
    certificate = CERTIFY.only(person_id, why == ASKED, by)
    erase_contact_person(person_id, why=why, by=by)
    left = []
    for each in list_with_address(address, by.scope):
        if why == ASKED and only_asked(each.id, by.scope, besides_news=True):
            CERTIFY.only(each.id, True, by)
            erase_contact_person(each.id, why=why, by=by)
        else:
            left.append(each)
    if address:
        mail.send(
            address,
            "contacts/erased",
            language=language,
            name=name,
            school=current_school().name,
            is_asked=why == ASKED,
            keeps_no=keeps_no,
            has_more=bool(left),
            link=address_of(certificate),
        )
    return left
