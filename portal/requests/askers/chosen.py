"""Whom the desk chose as who asks or complains, as the address names her: a learner, a contact person, or staff."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import Response, request

from portal.accounts.models import Account
from portal.core import audit
from portal.core.errors import NotFound
from portal.core.http.access import Actor, require_actor
from portal.core.http.pages import id_asked, page
from portal.core.personal_data import PersonKind
from portal.learners.record.models import Learner
from portal.learners.scope.services import get_within_reach
from portal.organisations.models import ContactPerson
from portal.organisations.queries import get_contact_person
from portal.requests.askers.queries import find_meant, find_people, get_staff_account
from portal.requests.askers.services import Person
from portal.requests.complaints.models import Complaint
from portal.requests.data_requests.models import DataRequest


@dataclass(frozen=True)
class Chosen:
    """Who was chosen: one of these, or nobody where the school doesn't know her."""

    learner: Learner | None = None
    contact: ContactPerson | None = None
    account: Account | None = None

    @property
    def name(self) -> str | None:
        """Return her name; None for nobody."""
        if self.learner is not None:
            return self.learner.full_name
        known = self.contact or self.account
        return known.name if known is not None else None

    @property
    def kind(self) -> PersonKind | None:
        """Return what she is to the school; None for nobody."""
        kinds = (
            (PersonKind.LEARNER, self.learner),
            (PersonKind.CONTACT_PERSON, self.contact),
            (PersonKind.STAFF, self.account),
        )
        return next((kind for kind, row in kinds if row is not None), None)

    @property
    def learner_id(self) -> UUID | None:
        """Return her id where she is a learner."""
        return self.learner.id if self.learner is not None else None

    @property
    def language(self) -> str:
        """Return the language in which she reads, as far as the school knows."""
        known = self.learner.preferred_language if self.learner is not None else None
        return known or (self.account.language if self.account is not None else None) or "nl"

    @property
    def person(self) -> Person | None:
        """Return who she is, as services take it; None for nobody."""
        if self.kind is None:
            return None
        return Person(
            learner_id=self.learner.id if self.learner is not None else None,
            contact_person_id=self.contact.id if self.contact is not None else None,
            account_id=self.account.id if self.account is not None else None,
        )

    @property
    def query(self) -> dict[str, Any]:
        """Return what names her in an address."""
        whose = self.person
        if whose is None:
            return {}
        named = {
            "cursist": whose.learner_id,
            "contactpersoon": whose.contact_person_id,
            "medewerker": whose.account_id,
        }
        return {key: value for key, value in named.items() if value is not None}


def choice_page(row: DataRequest | Complaint, *, is_for_representative: bool, **places: Any) -> Response:
    """Show who may be meant by what somebody unknown gave, and look for others by the search in hand."""
    by, text = require_actor(), request.args.get("zoek", "").strip()
    meant, found = find_meant(row, by), find_people(text, by)
    audit.saw({each.id for each in (*meant.learners, *found.learners)}, "requests.choose_person")
    if not is_for_representative:
        found = replace(found, representatives=[])
    return page("requests/choose_person.html", number=row.number, text=text, meant=meant, found=found, **places)


def person_asked() -> Person:
    """Return whom the form in hand names; raises NotFound for nobody, or for more than one."""
    return Person(
        learner_id=id_asked("cursist"),
        contact_person_id=id_asked("contactpersoon"),
        account_id=id_asked("medewerker"),
        representative_id=id_asked("vertegenwoordiger"),
    )


def get_chosen(by: Actor) -> Chosen:
    """Return whom the address in hand names; raises NotFound for somebody out of reach, or for more than one."""
    if sum(bool(request.args.get(each)) for each in ("cursist", "contactpersoon", "medewerker")) > 1:
        raise NotFound("person")
    if request.args.get("cursist"):
        return Chosen(learner=get_within_reach(_id("cursist", "learner"), by))
    if request.args.get("contactpersoon"):
        return Chosen(contact=get_contact_person(_id("contactpersoon", "contact_person"), by.scope))
    if request.args.get("medewerker"):
        return Chosen(account=get_staff_account(_id("medewerker", "account"), by))
    return Chosen()


def _id(name: str, what: str) -> UUID:
    found = id_asked(name)
    if found is None:
        raise NotFound(what)
    return found
