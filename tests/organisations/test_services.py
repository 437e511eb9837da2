"""Who waits for an answer of the school isn't erased before she has it, whoever or whatever would erase her."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.contacts.messages.services import only_asked
from portal.contacts.people.services import NOT_NEEDED, erase_contact
from portal.core.clock import now
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.organisations.models import ContactPerson, Relation
from portal.organisations.services import erase_contact_person
from portal.requests.askers.services import Person
from portal.requests.complaints.models import Complaint
from portal.requests.data_requests.models import DataRequest
from portal.retention.certificates.models import ErasureCertificate
from tests.factories.complaints import answer, enter_complaint_of
from tests.factories.learners import make_contact_person
from tests.factories.requests import as_staff, enter

Asking = DataRequest | Complaint
ASKING: dict[str, Callable[[ContactPerson], Asking]] = {
    "a request": lambda person: enter(contact_person_id=person.id),
    "a complaint": lambda person: enter_complaint_of(Person(contact_person_id=person.id)),
}


@pytest.fixture(params=ASKING)
def asking(request: Any, school: Any) -> tuple[ContactPerson, Asking]:
    person = make_contact_person(None, "Kim Zonderling", email="kim@example.org", relation=Relation.ENQUIRER)
    return person, ASKING[request.param](person)


def answered(row: Asking) -> None:
    if isinstance(row, Complaint):
        answer(row)
    else:
        row.closed_at = now()
    session.flush()


def _count(model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_no_job_erases_who_waits(asking: tuple[ContactPerson, Asking]) -> None:
    person, row = asking
    with pytest.raises(Conflict, match="still_asks"):
        erase_contact_person(person.id, why="term_over", by=PORTAL)
    assert (_count(ContactPerson), _count(type(row))) == (1, 1)

    answered(row)
    erase_contact_person(person.id, why="term_over", by=PORTAL)
    assert _count(ContactPerson) == 0


def test_the_office_erases_her_once_she_was_answered(asking: tuple[ContactPerson, Asking]) -> None:
    person, row = asking
    with pytest.raises(Conflict, match="still_asks"):
        erase_contact(person.id, why=NOT_NEEDED, by=as_staff())
    assert _count(ErasureCertificate) == 0, "nothing was certified that wasn't done"

    answered(row)
    erase_contact(person.id, why=NOT_NEEDED, by=as_staff())
    assert (_count(ContactPerson), _count(ErasureCertificate)) == (0, 1)


def test_who_asked_something_is_here_for_more_than_a_question(asking: tuple[ContactPerson, Asking]) -> None:
    person, _row = asking
    assert not only_asked(person.id, SYSTEM)
