"""Organisations a school deals with and who works there, kept apart from learners (LL-02)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from portal.core import audit
from portal.core import values as v
from portal.core.db.session import session
from portal.core.erasure import erase_person
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import PORTAL, Actor
from portal.core.http.languages import LANGUAGES
from portal.core.http.scope import Scope
from portal.core.personal_data import PersonKind
from portal.organisations.models import ContactOrigin, ContactPerson, Organisation, OrganisationKind, Relation
from portal.organisations.queries import (
    BEFORE_ERASURE,
    find_organisation,
    get_contact_person,
    get_organisation,
    is_in_use,
    list_contact_people,
    list_under_hold,
    still_asks,
)
from portal.permissions import Permission


def save_organisation(
    organisation_id: UUID | None, *, name: str, kind: OrganisationKind, kvk_number: str | None, by: Actor
) -> Organisation:
    """Add an organisation, or change the one with this id; the KvK number is checked (LL-03). Raises Invalid."""
    by.must(Permission.CONTACT_KEEP)
    row = get_organisation(organisation_id) if organisation_id is not None else Organisation()
    wanted = {
        "name": _name(name),
        "kind": kind,
        "kvk_number": _checked("kvk_number", kvk_number, "kvk"),
    }
    if find_organisation(_name(name)) not in {None, organisation_id}:
        raise Invalid("name", "name_taken")
    changed = _put(row, wanted)
    session.add(row)
    session.flush()
    _log("added" if organisation_id is None else "changed", "organisation", row.id, changed, by)
    return row


def remove_organisation(organisation_id: UUID, *, by: Actor) -> None:
    """Remove an organisation; raises Conflict while a trajectory or a file names it, and while it has people.

    They are erased one by one by who may do that, or belong to another organisation first.
    """
    by.must(Permission.CONTACT_KEEP)
    row = get_organisation(organisation_id, lock=True)
    if is_in_use(organisation_id):
        raise Conflict("organisation_in_use")
    if list_contact_people(organisation_id):
        raise Conflict("organisation_has_people")
    session.delete(row)
    session.flush()
    _log("removed", "organisation", organisation_id, {}, by)


@dataclass(frozen=True)
class ContactFacts:
    """What is known of somebody who is no learner, as it was typed."""

    name: str
    relation: Relation = Relation.CUSTOMER
    organisation_id: UUID | None = None
    email: str | None = None
    phone: str | None = None
    company_name: str | None = None
    kvk_number: str | None = None
    street: str | None = None
    postcode: str | None = None
    city: str | None = None
    language: str | None = None
    origin: ContactOrigin = ContactOrigin.COMPANY


def save_contact_person(person_id: UUID | None, facts: ContactFacts, *, by: Actor) -> ContactPerson:
    """Add somebody who is no learner, or change her; the KvK number is checked. Raises Invalid, NotFound."""
    by.must(Permission.CONTACT_KEEP)
    if facts.organisation_id is not None:
        get_organisation(facts.organisation_id)
    row = get_contact_person(person_id, by.scope, lock=True) if person_id is not None else ContactPerson()
    changed = _put(row, _checked_facts(facts))
    session.add(row)
    session.flush()
    _log("added" if person_id is None else "changed", "contact_person", row.id, changed, by)
    return row


def add_own_contact(facts: ContactFacts) -> ContactPerson:
    """Store what somebody tells of herself by a public form. Raises Invalid."""
    row = ContactPerson(**_checked_facts(replace(facts, origin=ContactOrigin.HERSELF)))
    session.add(row)
    session.flush()
    _log("added", "contact_person", row.id, {}, PORTAL)
    return row


def heard_of(person: ContactPerson, day: date) -> None:
    """Move the day on which the school and somebody last heard of each other; it never goes back."""
    person.last_contact_on = max(person.last_contact_on, day)


def erase_contact_person(person_id: UUID, *, why: str, by: Actor) -> int:
    """Erase somebody who is no learner, as a learner is erased; trajectories keep the organisation alone (LL-09).

    `why` is a code. Returns how many rows went; raises as `must_be_free_to_go` does. Who may is for the caller to say.
    """
    must_be_free_to_go(person_id, by)
    keep_what_outlasts([person_id], by.scope)
    return erase_person(PersonKind.CONTACT_PERSON, person_id, why=why, by=by)


def must_be_free_to_go(person_id: UUID, by: Actor) -> None:
    """Raise Conflict where somebody can't be erased: "still_asks" while she waits for an answer, "held" by a hold.

    Nothing can be asked in her name, and no hold be set, before the commit. Raises NotFound for nobody.
    """
    get_contact_person(person_id, by.scope, lock=True)
    if still_asks(person_id, by.scope):
        raise Conflict("still_asks")
    if list_under_hold([person_id], by.scope):
        raise Conflict("held")


def keep_what_outlasts(ids: Iterable[UUID], scope: Scope) -> None:
    """Keep, of people who are no learners and are about to be erased, what outlasts them without their names."""
    for person_id in ids:
        for keep in BEFORE_ERASURE.all:
            keep(person_id, scope)


def _checked_facts(facts: ContactFacts) -> dict[str, object]:
    return {
        "name": _name(facts.name),
        "relation": facts.relation,
        "organisation_id": facts.organisation_id,
        "email": _checked("email", facts.email, "email"),
        "phone": _checked("phone", facts.phone, "phone"),
        "company_name": _short("company_name", facts.company_name, 160),
        "kvk_number": _checked("kvk_number", facts.kvk_number, "kvk"),
        "street": _short("street", facts.street, 160),
        "postcode": _short("postcode", facts.postcode, 12),
        "city": _short("city", facts.city, 80),
        "language": facts.language if facts.language in LANGUAGES else None,
        "origin": facts.origin,
    }


def _put(row: Organisation | ContactPerson, wanted: Mapping[str, object]) -> dict[str, tuple[str | None, str | None]]:
    changed: dict[str, tuple[str | None, str | None]] = {}
    for name, value in wanted.items():
        before = getattr(row, name, None)
        if before != value:
            changed[name] = (str(before) if before else None, str(value) if value else None)
            setattr(row, name, value)
    return changed


def _short(field: str, text: str | None, most: int) -> str | None:
    value = v.tidy(text or "")
    if len(value) > most:
        raise Invalid(field, "too_long", most=most)
    return value or None


def _name(text: str) -> str:
    name = v.tidy(text or "")
    if not name:
        raise Invalid("name", "required")
    if len(name) > 160:
        raise Invalid("name", "too_long", most=160)
    return name


_PARSERS = {"kvk": v.parse_kvk, "email": v.parse_email, "phone": v.parse_phone}


def _checked(field: str, text: str | None, kind: str) -> str | None:
    if not (text or "").strip():
        return None
    try:
        return _PARSERS[kind](str(text))
    except v.Unusable as unusable:
        raise Invalid(field, unusable.code) from None


def _log(what: str, kind: str, row_id: UUID, changes: Mapping[str, tuple[str | None, str | None]], by: Actor) -> None:
    audit.record(
        f"organisations.{kind}_{what}",
        subject=(kind, row_id),
        changes={f"{kind}.{name}": pair for name, pair in changes.items()} or None,
        by=by,
    )
