"""A learner files a complaint herself: it is stored with a number and a day, and goes to whom the policy names."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal.core import audit
from portal.core.clock import today
from portal.core.crypto import keys
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotAllowed
from portal.core.http.access import Actor
from portal.learners.record.models import Source
from portal.learners.record.services import lock_learner, move_last_contact
from portal.policy.queries import current_policy
from portal.policy.schema.periods import Period
from portal.requests.complaints.models import Complaint
from portal.requests.complaints.queries import list_staff
from portal.requests.numbers import next_number

MOST_SIGNS = 4_000
_USUAL = Period(number=6, unit="weeks")


@dataclass(frozen=True)
class Grievance:
    """What somebody complains of, and about whom of the school, where she says so."""

    body: str
    about_id: UUID | None = None


def file_complaint(grievance: Grievance, *, by: Actor) -> Complaint:
    """Store a complaint of the learner whose own record is open, by herself or who acts for her (LB-14).

    No proof of who she is is asked. Raises Invalid, and NotAllowed where the school's policy keeps no complaints.
    """
    learner_id = by.scope.get_own_learner_id()
    policy = current_policy()
    if policy.category("complaint") is None:
        raise NotAllowed("not_kept")
    by.scope.must_see("complaint")
    if not grievance.body.strip():
        raise Invalid("body", "required")
    if len(grievance.body) > MOST_SIGNS:
        raise Invalid("body", "too_long", most=MOST_SIGNS)
    if grievance.about_id is not None and grievance.about_id not in {each for each, _name in list_staff()}:
        raise Invalid("about", "unknown")
    lock_learner(learner_id, by)
    row = Complaint(
        id=new_id(),
        learner_id=learner_id,
        number=next_number(Complaint.number, "K"),
        about_id=grievance.about_id,
        filed_on=today(),
        due_on=due_on(),
        body=keys.seal(learner_id, "complaint.body", grievance.body.strip()),
        source=Source.LEARNER,
        since_on=today(),
    )
    session.add(row)
    session.flush()
    move_last_contact([learner_id], today(), by.scope)
    audit.record(
        "requests.complaint_filed",
        learner_id=learner_id,
        subject=("complaint", row.id),
        facts={"number": row.number},
        by=by,
    )
    return row


def due_on() -> date:
    """Return the day by which a complaint of today is answered."""
    try:
        return current_policy().due_on("complaint", today())
    except KeyError:
        return _USUAL.added_to(today())
