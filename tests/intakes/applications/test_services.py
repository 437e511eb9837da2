"""What goes at the end of the term of who signed up for an intake, and who stays for something else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.audit.models import AuditEvent
from portal.core.clock import now
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.intakes.applications.models import IntakeApplication
from portal.intakes.applications.services import make_learner
from portal.organisations.models import ContactPerson, Relation
from tests.factories.contacts import make_application, make_message, subscribe
from tests.factories.requests import as_staff
from tests.organisations.test_services import ASKING, answered
from tests.retention.people import run_tonight

OVER = timedelta(days=368)


@pytest.fixture
def school(enter: Callable[[str], Any]) -> Any:
    with enter("step-inburgering"):
        yield


@pytest.fixture
def applied(school: Any) -> ContactPerson:
    return _person_of(make_application())


def _person_of(row: IntakeApplication) -> ContactPerson:
    return session.scalars(select(ContactPerson).where(ContactPerson.id == row.contact_person_id)).one()


def _left() -> tuple[int, int]:
    return len(session.scalars(select(ContactPerson)).all()), len(session.scalars(select(IntakeApplication)).all())


@pytest.mark.parametrize("asks", ASKING)
def test_who_waits_for_an_answer_is_passed_over(applied: ContactPerson, clock: Any, asks: str) -> None:
    row = ASKING[asks](applied)
    other = make_application("Iemand", "Anders")
    clock(now() + OVER)

    assert run_tonight().erased == 1

    assert [each.id for each in session.scalars(select(ContactPerson))] == [applied.id]
    assert session.get(type(row), (row.school_id, row.id)) is row
    assert other.contact_person_id != applied.id
    answered(row)
    assert run_tonight().erased == 2
    assert _left() == (1, 0), "who asked stays until the term of contacts: that she was answered can be shown"


def _makes_customer(person: ContactPerson) -> None:
    person.relation = Relation.CUSTOMER
    session.flush()


HELD: dict[str, Callable[[ContactPerson], Any]] = {
    "the newsletter": subscribe,
    "a question that waits": make_message,
    "a course that she bought": _makes_customer,
}


@pytest.mark.parametrize("held", HELD)
def test_of_who_is_here_for_more_the_sign_up_alone_goes(applied: ContactPerson, clock: Any, held: str) -> None:
    HELD[held](applied)
    clock(now() + OVER)

    assert run_tonight().erased == 1

    assert _left() == (1, 0)
    events = session.scalars(select(AuditEvent.event).where(AuditEvent.subject_id == applied.id)).all()
    assert "contacts.application_erased" in events
    assert "record.erased" not in events


@pytest.mark.parametrize("asks", ASKING)
def test_who_waits_for_an_answer_is_made_no_learner(applied: ContactPerson, asks: str) -> None:
    row = ASKING[asks](applied)
    [application] = session.scalars(select(IntakeApplication))
    office = as_staff("administration")
    with pytest.raises(Conflict, match="still_asks"):
        make_learner(application.id, given_name="Noor", family_name="Visser", by=office)
    assert _left() == (1, 1)

    answered(row)
    make_learner(application.id, given_name="Noor", family_name="Visser", by=office)
    assert _left() == (0, 0)
