"""Filing a complaint, saying whose it is and whom it is about, taking it in hand and answering it (LB-14)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal.core import audit
from portal.core.clock import today
from portal.core.crypto import keys
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.learners.record.models import Source
from portal.learners.record.services import lock_learner, move_last_contact
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.policy.schema.periods import Period
from portal.requests.askers.services import Person, must_be_there
from portal.requests.complaints.models import Complaint
from portal.requests.complaints.notices import tell
from portal.requests.complaints.queries import get_handled_complaint, is_kept, list_handlers, list_staff, texts_of
from portal.requests.complaints.reminders import tell_handlers
from portal.requests.data_requests.models import RequestChannel
from portal.requests.data_requests.services import LONG_AGO
from portal.requests.numbers import next_number

MOST_SIGNS = 4_000
_USUAL = Period(number=6, unit="weeks")


@dataclass(frozen=True)
class Grievance:
    """What somebody complains of, and about whom of the school, where she says so: chosen, or as she typed it."""

    body: str
    about_id: UUID | None = None
    about_name: str | None = None


@dataclass(frozen=True)
class ComplaintReceipt:
    """How and when a complaint reached the school, and whose it is; nobody's, where she isn't known here."""

    channel: RequestChannel
    received_on: date
    person: Person | None = None
    asker_name: str | None = None
    asker_contact: str | None = None


def file_complaint(grievance: Grievance, *, language: str, by: Actor) -> Complaint:
    """Store a complaint of the learner whose own record is open, by herself or who acts for her, or of who works here.

    No proof of who she is is asked, nor what she may see: whoever acts for a learner complains. Raises Invalid, and
    NotAllowed where the school's policy keeps no complaints.
    """
    by.must(Permission.REQUEST_OWN)
    learner_id = by.scope.own_learner_id
    if learner_id is not None:
        lock_learner(learner_id, by)
    row = Complaint(
        learner_id=learner_id,
        account_id=by.account_id if learner_id is None else None,
        channel=RequestChannel.PORTAL.value,
        filed_on=today(),
        language=language,
    )
    add_complaint(row, grievance, by=by)
    return row


def enter_complaint(grievance: Grievance, receipt: ComplaintReceipt, *, language: str, by: Actor) -> Complaint:
    """Store what somebody complained of by phone, letter, mail or at the counter, from the day of its receipt.

    Raises Invalid, NotFound for a person out of reach, and NotAllowed.
    """
    if not (by.may(Permission.REQUEST_ENTER) or by.may(Permission.COMPLAINT_KEEP)):
        raise NotAllowed("not_allowed", permission=Permission.REQUEST_ENTER.value)
    if not today() - LONG_AGO <= receipt.received_on <= today():
        raise Invalid("received_on", "not_received_then")
    person = receipt.person
    if person is not None:
        _must_be_able_to_complain(person, by)
    elif not (receipt.asker_name or "").strip():
        raise Invalid("asker_name", "required")
    row = Complaint(
        learner_id=person.learner_id if person is not None else None,
        contact_person_id=person.contact_person_id if person is not None else None,
        account_id=person.account_id if person is not None else None,
        asker_name=receipt.asker_name,
        asker_contact=receipt.asker_contact,
        channel=receipt.channel.value,
        filed_on=receipt.received_on,
        language=language,
    )
    add_complaint(row, grievance, by=by)
    return row


def _must_be_able_to_complain(person: Person, by: Actor) -> None:
    """Raise NotFound for a person of another school, or none; who represents a learner complains for that learner."""
    if person.representative_id is not None:
        raise NotFound("person")
    must_be_there(person, by)


def add_complaint(row: Complaint, grievance: Grievance, *, is_told: bool = True, by: Actor) -> None:
    """Fill in, number and store a complaint; `is_told`: whether who complains is mailed that it came.

    Raises Invalid, and NotAllowed where the school's policy keeps no complaints.
    """
    if not is_kept():
        raise NotAllowed("not_kept")
    _check(grievance)
    row.id = new_id()
    row.number = next_number(Complaint.number, "K")
    row.about_id, row.about_name = grievance.about_id, grievance.about_name
    row.filed_by, row.filed_by_name = by.account_id, row.filed_by_name or by.name
    row.due_on, row.since_on = due_on(row.filed_on), today()
    row.source = Source.LEARNER if row.learner_id is not None else Source.SCHOOL
    row.body = keys.seal(row.person_id, "complaint.body", grievance.body.strip())
    session.add(row)
    session.flush()
    if row.learner_id is not None:
        move_last_contact([row.learner_id], row.filed_on, by.scope)
    _log("requests.complaint_filed", row, by, channel=row.channel)
    if is_told:
        tell(row, "received")
    tell_handlers(row, but=(by.account_id,))


def _check(grievance: Grievance) -> None:
    if not grievance.body.strip():
        raise Invalid("body", "required")
    if len(grievance.body) > MOST_SIGNS:
        raise Invalid("body", "too_long", most=MOST_SIGNS)
    _check_about(grievance.about_id)


def _check_about(account_id: UUID | None) -> None:
    """Raise Invalid for a member of staff who doesn't work at this school."""
    if account_id is not None and account_id not in {each for each, _name in list_staff()}:
        raise Invalid("about", "unknown")


def due_on(filed_on: date | None = None) -> date:
    """Return the day by which a complaint of that day, else of today, is answered."""
    day = filed_on or today()
    try:
        return current_policy().due_on("complaint", day)
    except KeyError:
        return _USUAL.added_to(day)


def _log(event: str, complaint: Complaint, by: Actor, **facts: object) -> None:
    audit.record(
        event,
        learner_id=complaint.learner_id,
        subject=("complaint", complaint.id),
        facts={"number": complaint.number, **facts},
        by=by,
    )


# ── On its way ──


def _open(complaint_id: UUID, by: Actor) -> Complaint:
    """Return a complaint that she may handle and that waits, locked; raises NotFound, NotAllowed, and Conflict."""
    by.must(Permission.COMPLAINT_KEEP)
    row = get_handled_complaint(complaint_id, by, lock=True)
    if row.closed_on is not None:
        raise Conflict("closed")
    return row


def take_complaint(complaint_id: UUID, *, by: Actor) -> Complaint:
    """Say that oneself has a complaint in hand, in the place of who had it. Raises NotFound, NotAllowed, Conflict."""
    row = _open(complaint_id, by)
    if row.handled_by != by.account_id:
        row.handled_by, row.handled_by_name = by.account_id, by.name
        session.flush()
        _log("requests.complaint_taken", row, by)
        tell(row, "taken")
    return row


def answer_complaint(complaint_id: UUID, handling: str, *, by: Actor) -> Complaint:
    """Answer a complaint with what the school did, and close it; who complains is mailed that there is an answer.

    Raises NotFound, NotAllowed, Invalid, and Conflict("closed") for one that has its answer.
    """
    row = _open(complaint_id, by)
    if not handling.strip():
        raise Invalid("handling", "required")
    if len(handling) > MOST_SIGNS:
        raise Invalid("handling", "too_long", most=MOST_SIGNS)
    row.handling = keys.seal(row.person_id, "complaint.handling", handling.strip())
    row.closed_on = today()
    if row.handled_by is None:
        row.handled_by, row.handled_by_name = by.account_id, by.name
    session.flush()
    _log("requests.complaint_answered", row, by)
    tell(row, "answered")
    return row


def name_about(complaint_id: UUID, account_id: UUID | None, *, by: Actor) -> Complaint:
    """Say which member of staff a complaint is about; it goes to somebody else then, where there is anyone.

    Raises NotFound, NotAllowed, Invalid, and Conflict("closed").
    """
    row = _open(complaint_id, by)
    _check_about(account_id)
    if row.about_id != account_id:
        knowing = {each.id for each in list_handlers(row)}
        row.about_id = account_id
        if row.handled_by == account_id:
            row.handled_by = row.handled_by_name = None
        session.flush()
        _log("requests.complaint_about_named", row, by)
        tell_handlers(row, but=knowing)
    return row


def may_name_complainant(complaint: Complaint) -> bool:
    """Say whether it may be said whose a complaint is: it came without a sign-in, and waits for an answer."""
    came_unnamed = bool(complaint.asker_name) and complaint.channel != RequestChannel.PORTAL
    return complaint.closed_on is None and (came_unnamed or not complaint.is_of_known_person)


def name_complainant(complaint_id: UUID, person: Person, *, by: Actor) -> Complaint:
    """Say whose a complaint is that came from somebody unknown.

    Raises NotFound, NotAllowed, and Conflict("closed"), or ("person_known") where it came from whom the school knew.
    """
    row = _open(complaint_id, by)
    if not may_name_complainant(row):
        raise Conflict("person_known")
    _must_be_able_to_complain(person, by)
    body, _handling = texts_of(row)
    knowing = {each.id for each in list_handlers(row)}
    row.learner_id = person.learner_id
    row.contact_person_id, row.account_id = person.contact_person_id, person.account_id
    row.source = Source.LEARNER if row.learner_id is not None else Source.SCHOOL
    row.body = keys.seal(row.person_id, "complaint.body", body or "")
    session.flush()
    if row.learner_id is not None:
        move_last_contact([row.learner_id], row.filed_on, by.scope)
    _log("requests.complaint_person_named", row, by)
    tell_handlers(row, but=knowing)
    return row
