"""Storing that somebody signs up for an intake, making her a learner, and erasing whom nobody did that for in time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.accounts.sign_in.attempts import take_visitors_turn
from portal.contacts.messages.services import MOST_TEXT, TERM_OVER, only_asked
from portal.core import audit
from portal.core.clock import today
from portal.core.crypto import keys
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.bulk import among_ids
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import PORTAL, Actor
from portal.core.http.scope import SYSTEM
from portal.core.values import tidy, tidy_lines
from portal.intakes.applications.models import IntakeApplication
from portal.intakes.applications.queries import ReadApplication, get_application
from portal.intakes.entries import INTAKE
from portal.intakes.models import Intake
from portal.learners.entries.services import add_entry
from portal.learners.record.ages import is_child
from portal.learners.record.models import Learner, Source
from portal.learners.record.services import add_learner
from portal.organisations.services import ContactFacts, add_own_contact, erase_contact_person, must_be_free_to_go
from portal.permissions import Permission
from portal.policy.queries import current_policy, find_version
from portal.schools.queries import get_school

WEBSITE = "website"
TAKEN = "became_learner"
"""Why a contact is erased: she is a learner now."""


@dataclass(frozen=True)
class Applicant:
    """Who signs up, as she says herself."""

    given_name: str
    family_name: str
    birth_date: date
    wish: str | None


def must_take_enquiries() -> None:
    """Raise NotFound where the school has no such form: it switched it off, or its policy has no such contacts."""
    if not get_school().takes_enquiries or current_policy().contact_use("enquiry") is None:
        raise NotFound("application_form")


def apply_for_intake(
    applicant: Applicant, facts: ContactFacts, *, version: str, address: str | None
) -> IntakeApplication:
    """Store that somebody signs up from this network address; `version` is the statement's that she was shown.

    A birth date under 16 stops it before anything is stored, counted or written down (LL-12). Raises NotFound, Invalid,
    and Conflict("too_many", minutes=…) after too many from there within an hour.
    """
    must_take_enquiries()
    if applicant.birth_date > today():
        raise Invalid("birth_date", "date_in_future")
    if is_child(applicant.birth_date):
        raise Invalid("birth_date", "parent_must_ask")
    if not (facts.email or facts.phone):
        raise Invalid("email", "one_of_both")
    take_visitors_turn("application", address)
    person = add_own_contact(facts)
    shown = find_version(version) if "\0" not in version else None
    row = IntakeApplication(
        contact_person_id=person.id,
        given_name=tidy(applicant.given_name),
        family_name=tidy(applicant.family_name),
        birth_date=applicant.birth_date,
        wish=_sealed(person.id, applicant.wish),
        channel=WEBSITE,
        received_on=today(),
        statement_version_id=shown.id if shown is not None else None,
    )
    session.add(row)
    session.flush()
    audit.record("contacts.application_received", subject=("contact_person", person.id), by=PORTAL)
    return row


def make_learner(application_id: UUID, *, given_name: str, family_name: str, by: Actor) -> Learner:
    """Make who signed up a learner with an intake, which keeps its channel and the statement that she was shown.

    She is no contact any more then. Raises Invalid, NotAllowed, NotFound, and Conflict: "still_asks" while she waits
    for an answer, "held" under a hold.
    """
    by.must(Permission.LEARNER_KEEP)
    found = get_application(application_id, by.scope, lock=True)
    must_be_free_to_go(found.person.id, by)
    learner = add_learner(_values(found, given_name, family_name), source=Source.LEARNER, channel=WEBSITE, by=by)
    if INTAKE.is_kept(current_policy()):
        _add_intake(found, learner, by)
    audit.record("contacts.application_taken", learner_id=learner.id, by=by)
    erase_contact_person(found.person.id, why=TAKEN, by=by)
    return learner


def _values(found: ReadApplication, given_name: str, family_name: str) -> dict[str, object]:
    values = {
        "learner.given_name": given_name,
        "learner.family_name": family_name,
        "learner.birth_date": found.row.birth_date,
        "learner.email": found.person.email,
        "learner.phone": found.person.phone,
        "learner.preferred_language": found.person.language,
    }
    return {key: value for key, value in values.items() if value and current_policy().allows(key)}


def _add_intake(found: ReadApplication, learner: Learner, by: Actor) -> None:
    values = {"intake.held_on": found.row.received_on, "intake.result": found.wish}
    kept = {key: value for key, value in values.items() if value and current_policy().allows(key)}
    intake_id = add_entry(INTAKE, learner.id, kept, channel=WEBSITE, by=by)
    intake = session.get_one(Intake, (current_school_id(), intake_id))
    intake.statement_version_id = found.row.statement_version_id
    session.flush()


def erase_applications_over(people: Collection[UUID], *, day: date, by: Actor) -> set[UUID]:
    """Erase what these people filled in longer before this day than the policy's term; return whose it was.

    Whoever only signed up goes too. How many go at once is for the caller to say.
    """
    statement = select(IntakeApplication).where(
        IntakeApplication.school_id == current_school_id(), among_ids(IntakeApplication.contact_person_id, people)
    )
    gone = set[UUID]()
    for row in session.scalars(statement.order_by(IntakeApplication.id)).all():
        end = current_policy().keep_contact_until("enquiry", {"received": row.received_on})
        if end is not None and end < day:
            gone.add(_erase(row, by))
    return gone


def _erase(row: IntakeApplication, by: Actor) -> UUID:
    person_id = row.contact_person_id
    session.delete(row)
    record_ending(Ending.CORRESPONDENCE, row.id)
    session.flush()
    audit.record("contacts.application_erased", subject=("contact_person", person_id), by=by)
    if only_asked(person_id, SYSTEM):
        erase_contact_person(person_id, why=TERM_OVER, by=by)
    return person_id


def _sealed(person_id: UUID, wish: str | None) -> bytes | None:
    text = tidy_lines(wish or "")
    if len(text) > MOST_TEXT:
        raise Invalid("wish", "too_long", most=MOST_TEXT)
    return keys.seal(person_id, "intake_application.wish", text) if text else None
