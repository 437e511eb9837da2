"""The address at which a calendar reads lessons: whose it is, what stands there, and when it answers no more."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core.clock import AMSTERDAM, now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import LessonPlace, moment_of
from portal.learners.record.models import Learner
from portal.progress.appointments.models import Appointment
from tests.conftest import school_id
from tests.factories.caseloads import make_coach, make_coaching
from tests.factories.courses import make_enrolled_learner, make_group, make_lesson, make_teacher_of
from tests.factories.learners import make_learner
from tests.factories.restrictions import hold
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

DAY = timedelta(days=1)
LEST_BEST, STEP = school_id("lest-best"), school_id("step-inburgering")


@pytest.fixture(autouse=True)
def on_friday(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


def made(client: PageClient) -> str:
    """Make an address as the page offers it, and return its path."""
    answer = client.post("/account/agenda")
    assert answer.status_code == 200
    [address] = re.findall(r"https?://[^/<]+(/agenda/[A-Za-z0-9_-]{43})", answer.text)
    return str(address)


def events_of(app: Flask, path: str, host: str = "lest-best.localhost") -> list[Any]:
    """Ask the address as a calendar does, without a session."""
    answer = PageClient(app, host).get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return Calendar.from_ical(answer.data).walk("VEVENT")


def test_a_teachers_calendar_has_the_lessons_that_she_gives(app: Flask, client: PageClient, sign_in: SignIn) -> None:
    teacher = sign_in(client, "teacher", name="Tess Jansen")
    with in_school(LEST_BEST):
        group, other = make_group("A2 <ochtend>; B"), make_group("B1 avond")
        make_teacher_of(group, teacher)
        make_enrolled_learner(group)
        taught = make_lesson(group, held_on=today() + DAY, room="1.12")
        gone = make_lesson(group, held_on=today() + 2 * DAY, place=LessonPlace.DISTANCE)
        gone.cancelled_at, gone.cancelled_because = now(), "Studiedag"
        make_lesson(group, held_on=today() - 40 * DAY)
        make_lesson(group, held_on=today() + 200 * DAY)
        make_lesson(other, held_on=today())
        replaced = make_lesson(group, held_on=today() + 3 * DAY)
        replaced.substitute_id = make_account("Vera Smit", "teacher").id

    first, second, third = events_of(app, made(client))

    assert (first["SUMMARY"], first["LOCATION"], first["STATUS"]) == ("A2 <ochtend>; B", "1.12", "CONFIRMED")
    assert (first.decoded("DTSTART"), first.decoded("DTEND")) == (
        moment_of(taught.held_on, taught.starts_at),
        moment_of(taught.held_on, taught.ends_at),
    )
    assert first["URL"].endswith(f"/lessen/{taught.id}/presentie")
    assert (second["SUMMARY"], second["STATUS"]) == ("vervalt: A2 <ochtend>; B", "CANCELLED")
    assert (second["LOCATION"], second["DESCRIPTION"]) == ("op afstand", "Studiedag")
    assert (third["SUMMARY"], third["DESCRIPTION"]) == ("vervangen: A2 <ochtend>; B", "Vervanging: Vera Smit")
    assert [each["TRANSP"] for each in (first, second, third)] == ["OPAQUE", "TRANSPARENT", "TRANSPARENT"]
    assert len({each["UID"] for each in (first, second, third)}) == 3


def test_a_learners_calendar_has_her_lessons_and_nobodys_name(app: Flask, client: PageClient, sign_in: SignIn) -> None:
    account = sign_in(client, "learner", name="Amina Yusuf")
    with in_school(LEST_BEST):
        group = make_group("A2 ochtend")
        make_enrolled_learner(group).account_id = account.account_id
        make_enrolled_learner(group)
        for ahead in (1, 8):
            make_lesson(group, held_on=today() + ahead * DAY)
        make_lesson(make_group(), held_on=today())

    path = made(client)
    events = events_of(app, path)

    assert [each.decoded("DTSTART").date() for each in events] == [date(2026, 11, 21), date(2026, 11, 28)]
    assert all(each["URL"].endswith("/mijn/lessen") for each in events)
    assert "Yusuf" not in PageClient(app, "lest-best.localhost").get(path).text


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28), date(2027, 7, 1)])
def test_a_lesson_begins_at_its_own_hour_on_every_local_day(
    app: Flask, client: PageClient, sign_in: SignIn, clock: Callable[[datetime], None], day: date
) -> None:
    clock(datetime.combine(day, time(5), UTC) - DAY)
    teacher = sign_in(client, "teacher")
    with in_school(LEST_BEST):
        group = make_group("A2 ochtend")
        make_teacher_of(group, teacher)
        make_lesson(group, held_on=day, starts_at=time(9), ends_at=time(12))

    [event] = events_of(app, made(client))

    assert event.decoded("DTSTART").astimezone(AMSTERDAM).replace(tzinfo=None) == datetime.combine(day, time(9))
    assert event.decoded("DTEND").astimezone(AMSTERDAM).replace(tzinfo=None) == datetime.combine(day, time(12))


def test_a_new_address_replaces_the_old_and_is_shown_once(app: Flask, client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "teacher")
    assert "U hebt nog geen adres" in client.get("/account/agenda").text
    old = made(client)
    new = made(client)
    assert old != new
    assert PageClient(app, "lest-best.localhost").get(old).status_code == 404
    assert events_of(app, new) == []
    assert new not in client.get("/account/agenda").text
    assert client.post("/account/agenda/uit").status_code == 303
    assert PageClient(app, "lest-best.localhost").get(new).status_code == 404
    assert client.post("/account/agenda/uit").status_code == 303


def test_it_ends_with_the_account_the_role_and_at_the_school_s_border(
    app: Flask, client: PageClient, sign_in: SignIn
) -> None:
    teacher = sign_in(client, "teacher")
    with in_school(LEST_BEST):
        group = make_group("A2 ochtend")
        make_teacher_of(group, teacher)
        make_lesson(group, held_on=today() + DAY)
    path = made(client)
    assert len(events_of(app, path)) == 1
    assert PageClient(app, "meester-in-nt2.localhost").get(path).status_code == 404
    with in_school(LEST_BEST):
        account = session.scalars(_account(teacher.account_id)).one()
        account.ended_at = now()
    assert PageClient(app, "lest-best.localhost").get(path).status_code == 404


def _account(account_id: Any) -> Any:
    return select(Account).where(Account.id == account_id)


@pytest.mark.parametrize("token", ["x", "x" * 43, "x" * 5000, "%00", "%ff", "..", "é"])
def test_what_is_no_token_finds_nothing(client: PageClient, token: str) -> None:
    assert client.get(f"/agenda/{token}").status_code in {400, 404}


@pytest.mark.parametrize("size", [1, 9])
def test_it_takes_as_many_statements_whatever_its_length(
    app: Flask, client: PageClient, sign_in: SignIn, count_statements: Callable[[], Any], size: int
) -> None:
    teacher = sign_in(client, "teacher")
    with in_school(LEST_BEST):
        group = make_group("A2 ochtend")
        make_teacher_of(group, teacher)
        for ahead in range(size):
            make_lesson(group, held_on=today() + ahead * DAY)
    path = made(client)
    with count_statements() as statements:
        events_of(app, path)
    assert len(statements) <= 5, statements


def make_appointment(learner: Learner, starts_at: datetime) -> Appointment:
    row = Appointment(learner_id=learner.id, starts_at=starts_at, subject="Schulden", place="Kamer 1.02")
    session.add(row)
    session.flush()
    return row


def test_a_coachs_calendar_has_the_appointments_with_her_learners_and_no_name(
    app: Flask, client_at: Callable[[str], PageClient], sign_in: SignIn
) -> None:
    client = client_at("step-inburgering")
    coach = sign_in(client, "coach")
    with in_school(STEP):
        amina, other = make_learner("Amina", "Yilmaz"), make_learner("Chen", "Wu")
        make_coaching(amina, coach)
        make_coaching(other, make_coach())
        starts_at = now() + DAY
        made_one = make_appointment(amina, starts_at)
        make_appointment(other, starts_at)
        make_appointment(amina, now() - 60 * DAY)

    path = made(client)
    [event] = events_of(app, path, client.host)

    assert (event["SUMMARY"], event["LOCATION"]) == ("Afspraak met een cursist", "Kamer 1.02")
    assert event.decoded("DTSTART") == starts_at.replace(microsecond=0)
    assert event["UID"].startswith(str(made_one.id))
    assert event["URL"].endswith(f"/cursisten/{amina.id}/dossier")
    text = PageClient(app, client.host).get(path).text
    assert not [word for word in ("Yilmaz", "Schulden") if word in text]


@pytest.mark.promise("ST-08", part="shielded")
def test_a_coachs_calendar_has_no_appointment_with_who_restricted_her_data(
    app: Flask, client_at: Callable[[str], PageClient], sign_in: SignIn
) -> None:
    client = client_at("step-inburgering")
    coach = sign_in(client, "coach")
    with in_school(STEP):
        amina = make_learner("Amina", "Yilmaz")
        make_coaching(amina, coach)
        make_appointment(amina, now() + DAY)
    path = made(client)
    assert len(events_of(app, path, client.host)) == 1

    with in_school(STEP):
        hold(amina.id)

    assert events_of(app, path, client.host) == []


def test_a_learners_calendar_has_her_own_appointment(
    app: Flask, client_at: Callable[[str], PageClient], sign_in: SignIn
) -> None:
    client = client_at("step-inburgering")
    with in_school(STEP):
        amina = make_learner("Amina", "Yilmaz")
        make_appointment(amina, now() + DAY)
        make_appointment(make_learner("Chen"), now() + DAY)
    sign_in(client, "learner", learner=amina)

    [event] = events_of(app, made(client), client.host)

    assert event["SUMMARY"] == "Afspraak op school"
    assert event["URL"].endswith("/mijn/lessen")
