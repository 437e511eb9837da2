"""A complaint of nobody who is known has a term of its own; one of somebody goes with her."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from sqlalchemy import select

from portal.core.clock import today
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.policy.queries import current_policy
from portal.requests.askers.services import Person
from portal.requests.complaints.expiry import end_complaints
from portal.requests.complaints.models import Complaint
from portal.schools.queries import SchoolView
from tests.factories.complaints import answer, complain_from_outside, enter_complaint_of
from tests.factories.learners import make_contact_person, make_learner


def test_complaints_of_nobody_known_go_by_their_own_term(school: SchoolView, clock: Callable[[datetime], None]) -> None:
    gone, waits = answer(complain_from_outside()), complain_from_outside()
    hers = answer(enter_complaint_of(Person(learner_id=make_learner().id)))
    contacts = answer(enter_complaint_of(Person(contact_person_id=make_contact_person(None).id)))
    last = current_policy().accountability_term.added_to(today())

    clock(datetime.combine(last, time(12)))
    assert end_complaints(by=PORTAL) == 0
    clock(datetime.combine(last + timedelta(days=1), time(12)))
    assert end_complaints(by=PORTAL) == 1

    left = set(session.scalars(select(Complaint.id)))
    assert left == {waits.id, hers.id, contacts.id}
    assert gone.id not in left
