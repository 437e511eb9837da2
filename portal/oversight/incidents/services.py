"""Writing an incident down, naming whom it touched, and deciding who is told of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from portal.accounts.invitations.links import address_of
from portal.accounts.models import Account
from portal.accounts.queries import select_holders
from portal.core import audit, mail
from portal.core.clock import local, now
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import Actor
from portal.core.personal_data import PersonKind
from portal.learners.scope.services import check_number
from portal.oversight.incidents.models import (
    HOLDERS,
    Incident,
    IncidentAdvice,
    IncidentKind,
    IncidentPerson,
    IncidentSource,
)
from portal.oversight.incidents.queries import find_of_hosting, get_incident
from portal.oversight.incidents.touched import everybody_touched, parted, people_named
from portal.permissions import Permission, roles_with
from portal.policy.queries import current_policy
from portal.schools.queries import current_school

MOST_TEXT = 5000


@dataclass(frozen=True)
class IncidentFacts:
    """What is known of an incident."""

    title: str
    kind: IncidentKind
    body: str
    aware_at: datetime
    happened_on: date | None = None
    happened_until: date | None = None
    categories: tuple[str, ...] = ()
    others: int = 0
    consequences: str | None = None
    measures: str | None = None
    aware_reason: str | None = None


_FIELDS = [each.name for each in fields(IncidentFacts)]


def record_incident(facts: IncidentFacts, *, by: Actor) -> Incident:
    """Write an incident down; raises Invalid for a moment to come, an end before the beginning, an unkept category."""
    by.must(Permission.INCIDENT_KEEP)
    _check(facts)
    row = Incident(
        recorded_at=now(), recorded_by=by.account_id, recorded_by_name=by.name, first_aware_at=facts.aware_at
    )
    _fill(row, facts)
    session.add(row)
    session.flush()
    audit.record("oversight.incident_recorded", subject=("incident", row.id), facts={"kind": row.kind}, by=by)
    return row


def change_incident(incident_id: UUID, facts: IncidentFacts, *, by: Actor) -> Incident:
    """Write down what is known by now; raises as `record_incident` does, and NotFound.

    Another moment of awareness needs a reason, and lies before a report that was made, else it raises Invalid; the 72
    hours still count from the earliest moment that was written down.
    """
    by.must(Permission.INCIDENT_KEEP)
    row = get_incident(incident_id, by.scope, lock=True)
    is_moved = _minute(facts.aware_at) != _minute(row.aware_at)
    if not is_moved:
        facts = replace(facts, aware_at=row.aware_at, aware_reason=row.aware_reason)
    elif not facts.aware_reason:
        raise Invalid("aware_reason", "reason_missing")
    elif row.reported_at is not None and facts.aware_at > row.reported_at:
        raise Invalid("aware_on", "after_report")
    _check(facts)
    before = {name: getattr(row, name) for name in _FIELDS}
    _fill(row, facts)
    row.first_aware_at = min(row.first_aware_at, row.aware_at)
    session.flush()
    after = {name: getattr(row, name) for name in _FIELDS}
    changes = {f"incident.{name}": (before[name], after[name]) for name in _FIELDS if before[name] != after[name]}
    moments = {"aware_before": before["aware_at"], "aware_after": row.aware_at} if is_moved else {}
    subject = ("incident", row.id)
    audit.record("oversight.incident_changed", subject=subject, facts=moments, changes=changes or None, by=by)
    return row


def choose_categories(incident_id: UUID, categories: Collection[str], *, found: Collection[str], by: Actor) -> Incident:
    """Write down which data an incident touched; `found` is what the log says of it, asked for a time and an actor.

    What was found before stays known as such while it is chosen. Raises Invalid for an unkept category, and NotFound.
    """
    by.must(Permission.INCIDENT_KEEP)
    row = get_incident(incident_id, by.scope, lock=True)
    ours = [each.key for each in current_policy().categories]
    kept = [*ours, *(each for each in row.categories if each not in ours)]
    if not set(categories) <= set(kept):
        raise Invalid("categories", "required")
    before, known = row.categories, {*row.categories_found, *found}
    row.categories = [each for each in kept if each in categories]
    row.categories_found = [each for each in row.categories if each in known]
    session.flush()
    changes = {"incident.categories": (before, row.categories)} if before != row.categories else None
    facts = {"found": sorted(found), "chosen": row.categories}
    audit.record("oversight.incident_changed", subject=("incident", row.id), facts=facts, changes=changes, by=by)
    return row


def _minute(moment: datetime) -> datetime:
    """Return what a form shows of a moment: the minute on the clock of Amsterdam."""
    return local(moment).replace(second=0, microsecond=0, tzinfo=None)


def open_for_hosting(reference: str, facts: IncidentFacts, *, by: Actor) -> Incident | None:
    """Open an incident of the hosting at the school in scope, and mail who decides (AVG art. 33(2)).

    Returns None where it was opened here before under this reference.
    """
    if find_of_hosting(reference) is not None:
        return None
    _check(facts)
    row = Incident(recorded_at=now(), recorded_by=None, recorded_by_name=by.name, source=IncidentSource.HOSTING)
    row.hosting_reference, row.first_aware_at = reference, facts.aware_at
    _fill(row, facts)
    session.add(row)
    session.flush()
    audit.record("oversight.incident_opened", subject=("incident", row.id), facts={"reference": reference}, by=by)
    told = session.scalars(select_holders(roles_with(Permission.INCIDENT_VIEW)).order_by(Account.id)).all()
    for account in told:
        if account.email is not None:
            mail.send(
                account.email,
                "oversight/incident_opened",
                account_id=account.id,
                language=account.language,
                name=account.name,
                school=current_school().name,
                title=row.title,
                link=address_of(f"/incidenten/{row.id}"),
            )
    return row


def _check(facts: IncidentFacts) -> None:
    if facts.aware_at > now():
        raise Invalid("aware_on", "to_come")
    if facts.happened_on is not None and facts.happened_on > facts.aware_at.date():
        raise Invalid("happened_on", "after_awareness")
    if facts.happened_until is not None and (facts.happened_on is None or facts.happened_until < facts.happened_on):
        raise Invalid("happened_until", "before_begin")
    if facts.categories and not set(facts.categories) <= {each.key for each in current_policy().categories}:
        raise Invalid("categories", "required")


def _fill(row: Incident, facts: IncidentFacts) -> None:
    row.title, row.kind, row.body, row.aware_at = facts.title, facts.kind, facts.body, facts.aware_at
    row.happened_on, row.happened_until = facts.happened_on, facts.happened_until
    row.categories, row.others = list(facts.categories), facts.others
    row.categories_found = [each for each in row.categories_found or () if each in facts.categories]
    row.consequences, row.measures, row.aware_reason = facts.consequences, facts.measures, facts.aware_reason


def add_touched(incident_id: UUID, people: Mapping[PersonKind, Sequence[UUID]], *, by: Actor) -> int:
    """Write down that an incident touched these people; who is in already stays. Returns how many were added.

    Raises Invalid for nobody or too many, and NotFound for an id of nobody within reach.
    """
    by.must(Permission.INCIDENT_KEEP)
    get_incident(incident_id, by.scope, lock=True)
    wanted = list(dict.fromkeys((kind, each) for kind, ids in people.items() for each in ids))
    check_number(wanted)
    with everybody_touched():
        if len(people_named(wanted, by.scope)) != len(wanted):
            raise NotFound("person")
        rows = [dict.fromkeys(HOLDERS.values()) | {HOLDERS[kind]: each} for kind, each in wanted]
        shared = {"incident_id": incident_id, "added_at": now()}
        added = session.scalars(
            insert(IncidentPerson)
            .values([row | shared for row in rows])
            .on_conflict_do_nothing()
            .returning(IncidentPerson)
        ).all()
    if added:
        learners, facts = parted((row.person_kind, row.known_person_id) for row in added)
        subject = ("incident", incident_id)
        audit.record("oversight.people_named", learner_ids=learners, subject=subject, facts=facts, by=by)
    return len(added)


def remove_touched(incident_id: UUID, kind: PersonKind, person_id: UUID, *, by: Actor) -> None:
    """Take off who turns out not to be touched; raises NotFound, and Conflict("told") for who was told already."""
    by.must(Permission.INCIDENT_KEEP)
    get_incident(incident_id, by.scope, lock=True)
    with everybody_touched():
        row = _person(incident_id, kind, person_id)
        if row.told_at is not None:
            raise Conflict("told")
        session.execute(
            delete(IncidentPerson).where(IncidentPerson.school_id == row.school_id, IncidentPerson.id == row.id)
        )
    learners, facts = parted([(kind, person_id)])
    subject = ("incident", incident_id)
    audit.record("oversight.person_taken_off", learner_ids=learners, subject=subject, facts=facts, by=by)


def _person(incident_id: UUID, kind: PersonKind, person_id: UUID) -> IncidentPerson:
    row = session.scalar(
        select(IncidentPerson).where(
            IncidentPerson.school_id == current_school_id(),
            IncidentPerson.incident_id == incident_id,
            getattr(IncidentPerson, HOLDERS[kind]) == person_id,
        )
    )
    if row is None:
        raise NotFound("person")
    return row


def decide_report(
    incident_id: UUID, *, is_reported: bool, reported_at: datetime | None, reason: str, by: Actor
) -> Incident:
    """Write down whether the authority is told, and why or why not (AVG art. 33(1) and (5)).

    Raises Invalid without a reason, for a report without its moment, or with one to come or before awareness.
    """
    by.must(Permission.INCIDENT_KEEP)
    row = get_incident(incident_id, by.scope, lock=True)
    if not reason:
        raise Invalid("reason", "required")
    if is_reported and reported_at is None:
        raise Invalid("reported_on", "moment_missing")
    if is_reported and reported_at is not None and not row.aware_at <= reported_at <= now():
        raise Invalid("reported_on", "moment_wrong")
    facts = {"is_reported": is_reported, "reported_at": reported_at if is_reported else None}
    if row.is_reported is not None:
        facts |= {"was_reported": row.is_reported, "was_reported_at": row.reported_at}
    if row.is_reported is not is_reported:
        row.decided_at = now()
    row.is_reported, row.report_reason = is_reported, reason
    row.reported_at = reported_at if is_reported else None
    session.flush()
    audit.record("oversight.report_decided", subject=("incident", row.id), facts=facts, by=by)
    return row


def decide_telling(incident_id: UUID, *, is_told: bool, reason: str, by: Actor) -> Incident:
    """Write down whether people touched are told, and why or why not (AVG art. 34). Raises Invalid without a reason."""
    by.must(Permission.INCIDENT_KEEP)
    row = get_incident(incident_id, by.scope, lock=True)
    if not reason:
        raise Invalid("reason", "required")
    row.is_told, row.told_reason = is_told, reason
    session.flush()
    audit.record("oversight.telling_decided", subject=("incident", row.id), facts={"is_told": is_told}, by=by)
    return row


def advise_on_incident(incident_id: UUID, body: str, *, by: Actor) -> IncidentAdvice:
    """Write down what the officer advises."""
    by.must(Permission.INCIDENT_ADVISE)
    get_incident(incident_id, by.scope)
    row = IncidentAdvice(
        incident_id=incident_id, body=body, written_at=now(), written_by=by.account_id, written_by_name=by.name
    )
    session.add(row)
    session.flush()
    audit.record("oversight.incident_advised", subject=("incident", incident_id), by=by)
    return row


def take_file(row: Incident, *, by: Actor) -> None:
    """Write down that the file for the authority was taken."""
    by.must(Permission.INCIDENT_VIEW)
    audit.record("oversight.incident_file_taken", subject=("incident", row.id), by=by)
