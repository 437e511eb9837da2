"""Organisations a school deals with and who works there, kept apart from learners (LL-02)."""

from collections.abc import Mapping
from uuid import UUID

from portal.core import audit
from portal.core import values as v
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import Actor
from portal.organisations.models import ContactPerson, Organisation, OrganisationKind
from portal.organisations.queries import find_organisation, get_contact_person, get_organisation, is_in_use
from portal.permissions import Permission


def save_organisation(
    organisation_id: UUID | None, *, name: str, kind: OrganisationKind, kvk_number: str | None, by: Actor
) -> Organisation:
    """Add an organisation, or change the one with this id; the KvK number is checked (LL-03). Raises Invalid."""
    by.must(Permission.LEARNER_KEEP)
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
    """Remove an organisation with its people; raises Conflict while a trajectory or a file names it."""
    by.must(Permission.LEARNER_KEEP)
    row = get_organisation(organisation_id)
    if is_in_use(organisation_id):
        raise Conflict("organisation_in_use")
    session.delete(row)
    session.flush()
    _log("removed", "organisation", organisation_id, {}, by)


def save_contact_person(
    organisation_id: UUID, person_id: UUID | None, *, name: str, email: str | None, phone: str | None, by: Actor
) -> ContactPerson:
    """Add somebody who works at an organisation, or change her. Raises Invalid, NotFound."""
    by.must(Permission.LEARNER_KEEP)
    organisation = get_organisation(organisation_id)
    row = (
        get_contact_person(organisation_id, person_id, by.scope)
        if person_id is not None
        else ContactPerson(organisation_id=organisation.id)
    )
    wanted = {
        "name": _name(name),
        "email": _checked("email", email, "email"),
        "phone": _checked("phone", phone, "phone"),
    }
    changed = _put(row, wanted)
    session.add(row)
    session.flush()
    _log("added" if person_id is None else "changed", "contact_person", row.id, changed, by)
    return row


def remove_contact_person(organisation_id: UUID, person_id: UUID, *, by: Actor) -> None:
    """Remove somebody who worked at an organisation; trajectories keep the organisation alone (LL-09)."""
    by.must(Permission.LEARNER_KEEP)
    session.delete(get_contact_person(organisation_id, person_id, by.scope))
    session.flush()
    _log("removed", "contact_person", person_id, {}, by)


def _put(row: Organisation | ContactPerson, wanted: Mapping[str, object]) -> dict[str, tuple[str | None, str | None]]:
    changed: dict[str, tuple[str | None, str | None]] = {}
    for name, value in wanted.items():
        before = getattr(row, name, None)
        if before != value:
            changed[name] = (str(before) if before else None, str(value) if value else None)
            setattr(row, name, value)
    return changed


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
