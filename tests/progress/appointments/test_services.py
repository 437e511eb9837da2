"""Of an appointment the learner and her coach hear: when it is made, moved or cancelled, and the day before."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.accounts.actors import actor_of
from portal.accounts.models import Account
from portal.core.clock import now
from portal.core.http.access import PORTAL, Actor
from portal.core.jobs import ask
from portal.learners.entries.services import add_entry, change_entry, remove_entry
from portal.learners.record.models import Learner
from portal.notifications.models import NotificationKind
from portal.progress.appointments.entries import APPOINTMENT
from portal.progress.appointments.services import remind_of_appointments
from portal.schools.queries import SchoolView
from tests.factories.caseloads import make_coach, make_coaching
from tests.factories.learners import make_learner
from tests.factories.notifications import told_of
from tests.jobs import do_jobs
from tests.signing_in import make_account

K = NotificationKind
MORNING = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def on_friday(clock: Callable[[datetime], None]) -> None:
    clock(MORNING)


@pytest.fixture
def step(enter: Callable[[str], Any]) -> Iterator[SchoolView]:
    """The school that keeps appointments, in scope."""
    with enter("step-inburgering") as school:
        yield school


@pytest.fixture
def roos(step: SchoolView) -> Account:
    return make_coach()


@pytest.fixture
def amina(roos: Account) -> Learner:
    learner = make_learner(account_id=make_account("Amina Yilmaz", "learner").id)
    make_coaching(learner, roos)
    return learner


def made(amina: Learner, starts_at: datetime, by: Actor) -> Any:
    values = {"appointment.starts_at": starts_at, "appointment.subject": "Voortgang", "appointment.place": "Kamer 1"}
    return add_entry(APPOINTMENT, amina.id, values, by=by)


def kinds(account_id: Any) -> list[NotificationKind]:
    return [kind for kind, _target, _whom in told_of(account_id)]


def test_both_hear_that_it_is_made_and_when_it_is_moved(roos: Account, amina: Learner, office: Actor) -> None:
    appointment_id = made(amina, now() + 3 * DAY, office)
    assert told_of(roos.id) == told_of(amina.account_id) == [(K.APPOINTMENT_CHANGED, appointment_id, amina.id)]

    change_entry(APPOINTMENT, amina.id, appointment_id, {"appointment.starts_at": now() + 4 * DAY}, by=office)
    change_entry(APPOINTMENT, amina.id, appointment_id, {"appointment.subject": "Toets"}, by=office)
    assert kinds(roos.id) == [K.APPOINTMENT_CHANGED]


def test_a_cancelled_one_is_told_in_place_of_what_was_said_of_it(roos: Account, amina: Learner, office: Actor) -> None:
    appointment_id = made(amina, now() + 3 * DAY, office)
    remove_entry(APPOINTMENT, amina.id, appointment_id, by=office)
    assert kinds(roos.id) == kinds(amina.account_id) == [K.APPOINTMENT_CANCELLED]


def test_what_was_is_told_to_nobody(roos: Account, amina: Learner, office: Actor) -> None:
    appointment_id = made(amina, now() - DAY, office)
    change_entry(APPOINTMENT, amina.id, appointment_id, {"appointment.place": "Kamer 2"}, by=office)
    remove_entry(APPOINTMENT, amina.id, appointment_id, by=office)
    assert kinds(roos.id) == kinds(amina.account_id) == []


def test_the_day_before_both_are_reminded_once_and_again_where_it_moved(
    roos: Account, amina: Learner, office: Actor, clock: Callable[[datetime], None]
) -> None:
    appointment_id = made(amina, MORNING + 2 * DAY, office)
    made(amina, MORNING + 5 * DAY, office)
    assert remind_of_appointments(by=PORTAL) == 0

    clock(MORNING + DAY)
    ask("progress.remind_of_appointments", {})
    assert do_jobs("progress.remind_of_appointments") == ["progress.remind_of_appointments"]
    assert remind_of_appointments(by=PORTAL) == 0
    assert kinds(roos.id).count(K.APPOINTMENT_NEAR) == kinds(amina.account_id).count(K.APPOINTMENT_NEAR) == 1

    change_entry(APPOINTMENT, amina.id, appointment_id, {"appointment.starts_at": MORNING + 4 * DAY}, by=office)
    clock(MORNING + 3 * DAY)
    assert remind_of_appointments(by=PORTAL) == 1


def test_who_makes_it_herself_is_not_told(roos: Account, amina: Learner) -> None:
    by = actor_of(roos.id, roos.name, frozenset({"coach"}))
    made(amina, now() + DAY, by)
    assert kinds(roos.id) == []
    assert kinds(amina.account_id) == [K.APPOINTMENT_CHANGED]
