"""Who handles complaints is mailed that one came in, and before its day passes; never whom it is about (LB-14)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.crypto import keys
from portal.core.db.session import session
from portal.core.mail import Mail
from portal.requests.complaints.models import Complaint
from portal.requests.complaints.queries import list_complaints
from portal.requests.complaints.reminders import remind_of_complaints
from portal.requests.complaints.services import name_about, take_complaint
from portal.schools.queries import SchoolView
from tests.factories.complaints import BODY, answer, complain_from_outside, enter_complaint_of
from tests.factories.requests import as_staff
from tests.signing_in import make_account

CAME, REMINDER = "requests/complaint_came", "requests/complaint_reminder"


@pytest.fixture
def boss(school: SchoolView) -> Account:
    return make_account("Bas de Boer", "management")


@pytest.fixture
def other(school: SchoolView) -> Account:
    return make_account("Olga Smit", "management")


@pytest.fixture
def officer(school: SchoolView) -> Account:
    return make_account("Farid Gul", "privacy_officer")


def mailed(template: str) -> dict[Any, str]:
    rows = session.scalars(select(Mail).where(Mail.template == template)).all()
    return {row.account_id: keys.unseal_for_school(row.sealed or b"", "mail") for row in rows}


def due_in(complaint: Complaint, days: int) -> Complaint:
    complaint.due_on = today() + timedelta(days=days)
    session.flush()
    return complaint


def let_a_day_go_by() -> None:
    session.execute(update(Mail).values(asked_at=Mail.asked_at - timedelta(days=1)))


@pytest.mark.promise("LB-14", part="filing")
def test_who_handles_it_is_mailed_that_it_came_without_a_word_of_it(
    boss: Account, other: Account, officer: Account
) -> None:
    complain_from_outside()
    assert set(mailed(CAME)) == {boss.id, other.id}
    assert not [each for each in mailed(CAME).values() if BODY in each or "Noor" in each]


@pytest.mark.promise("LB-14", part="filing")
def test_never_whom_it_is_about(boss: Account, other: Account, officer: Account) -> None:
    complaint = due_in(complain_from_outside(about_name="Bas de Boer"), 2)
    assert set(mailed(CAME)) == {other.id}
    assert remind_of_complaints() == 1
    assert set(mailed(REMINDER)) == {other.id}
    found = list_complaints(as_staff("management", boss))
    assert (found.rows, found.total, found.open) == ([], 0, 0)
    assert [each.complaint.id for each in list_complaints(as_staff("management", other)).rows] == [complaint.id]


def test_who_handles_it_now_that_it_is_said_whom_it_is_about_hears_it_then(boss: Account, officer: Account) -> None:
    complaint = complain_from_outside()
    assert set(mailed(CAME)) == {boss.id}
    name_about(complaint.id, boss.id, by=as_staff("management", boss))
    assert set(mailed(CAME)) == {boss.id, officer.id}


def test_who_wrote_it_down_is_told_nothing_new(boss: Account, other: Account) -> None:
    enter_complaint_of(by=as_staff("management", boss))
    assert set(mailed(CAME)) == {other.id}


@pytest.mark.parametrize(("days", "count", "late"), [(8, 0, 0), (7, 1, 0), (0, 1, 0), (-1, 1, 1)])
def test_a_reminder_comes_before_its_day_passes(boss: Account, days: int, count: int, late: int) -> None:
    due_in(complain_from_outside(), days)
    assert remind_of_complaints() == count
    assert [f'"count": {count}' in each and f'"late": {late}' in each for each in mailed(REMINDER).values()] == (
        [True] * count
    )


def test_once_a_day_and_only_who_has_it_in_hand(boss: Account, other: Account) -> None:
    complaint = due_in(complain_from_outside(), 3)
    take_complaint(complaint.id, by=as_staff("management", other))
    assert [remind_of_complaints(), remind_of_complaints()] == [1, 0]
    assert set(mailed(REMINDER)) == {other.id}
    let_a_day_go_by()
    assert remind_of_complaints() == 1


def test_all_who_may_where_who_had_it_works_here_no_more(boss: Account, other: Account) -> None:
    complaint = due_in(complain_from_outside(), 3)
    complaint.handled_by = make_account("Wie weg is", "teacher").id
    session.flush()
    remind_of_complaints()
    assert boss.id in mailed(REMINDER)


def test_no_reminder_of_what_has_its_answer(boss: Account) -> None:
    answer(due_in(complain_from_outside(), 1))
    assert remind_of_complaints() == 0
    assert mailed(REMINDER) == {}
