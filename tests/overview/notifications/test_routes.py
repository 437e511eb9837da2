"""The page behind the bell: what happened, for whom, with names as far as she may see them now."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.audit.queries import list_of_learner
from portal.core.clock import local, now, today
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.notifications.models import Notification, NotificationKind
from portal.notifications.queries import MOST
from portal.progress.appointments.models import Appointment
from portal.signals.models import Signal, SignalKind
from tests.conftest import school_id
from tests.factories.attendance import make_notice
from tests.factories.courses import enrol, make_enrolled_learner, make_group, make_lesson, make_teacher_of
from tests.factories.learners import make_learner, make_representative
from tests.factories.notifications import make_notification
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("lest-best")
DAY = timedelta(days=1)
K = NotificationKind


def row_of(text: str, title: str) -> str:
    """The line of a page with this title."""
    [row] = [each for each in text.split("<li>") if title in each]
    return row.partition("</li>")[0]


def led_to(client: PageClient, row: str) -> str:
    """Where a new line of the page leads whoever follows it."""
    followed = client.post("/meldingen/openen", {"naar": row.partition('name="naar" value="')[2].partition('"')[0]})
    return str(followed.headers["Location"])


def test_a_teacher_reads_who_reported_and_a_name_goes_with_her_reach(client: PageClient, sign_in: SignIn) -> None:
    teacher = sign_in(client, "teacher")
    with in_school(HERE):
        group, elsewhere = make_group("A2 ochtend"), make_group("B1 avond")
        period = make_teacher_of(group, teacher)
        amina = make_enrolled_learner(group, "Amina", "Yilmaz")
        lesson = make_lesson(group, held_on=today() + DAY)
        notice = make_notice(lesson, amina)
        make_notification(teacher.account_id, K.ABSENCE_REPORTED, notice.id, learner_id=amina.id)
        make_notification(teacher.account_id, K.GROUP_TAUGHT, elsewhere.id)

    page = client.get("/meldingen")
    row = row_of(page.text, "Een cursist meldt zich af")
    assert "Amina Yilmaz" in row
    assert led_to(client, row) == f"/lessen/{lesson.id}/presentie"
    assert "A2 ochtend" in row
    assert "B1 avond" not in page.text
    assert "U kunt dit nu niet openen" in row_of(page.text, "U geeft les aan een groep")
    with in_school(HERE):
        assert [each.event for each in list_of_learner(amina.id)] == ["record.viewed"]
        period.starts_on = period.ends_on = today() - 30 * DAY
        session.merge(period)

    assert "Yilmaz" not in client.get("/meldingen").text


def test_the_bell_counts_what_is_new_until_it_is_seen(client: PageClient, sign_in: SignIn) -> None:
    coach = sign_in(client, "coach")
    assert "nieuwe melding" not in client.get("/account").text
    with in_school(HERE):
        first = make_notification(coach.account_id)
        make_notification(coach.account_id, K.COACH_STOOD_IN)
        make_notification(sign_in(PageClient(client.app, client.host), "coach").account_id)
    assert "2 nieuwe meldingen" in client.get("/account").text
    client.get("/meldingen")
    assert "2 nieuwe meldingen" in client.get("/meldingen").text

    assert client.post("/meldingen/gezien", {"melding": str(first.id)}).headers["Location"] == "/meldingen"
    assert "1 nieuwe melding" in client.get("/meldingen").text
    assert client.post("/meldingen/gezien", {"melding": str(new_id())}).status_code == 404
    assert client.post("/meldingen/gezien", {"melding": "onzin"}).status_code == 404


def test_who_follows_one_has_seen_it(client: PageClient, sign_in: SignIn) -> None:
    coach = sign_in(client, "coach")
    with in_school(HERE):
        followed = make_notification(coach.account_id, K.COACH_STOOD_IN)
        make_notification(coach.account_id)
        of_another = make_notification(sign_in(PageClient(client.app, client.host), "coach").account_id)
    shown = client.get("/meldingen").text
    assert f'name="naar" value="{followed.id}">U vervangt' in shown

    led = client.post("/meldingen/openen", {"naar": str(followed.id)})

    assert led.status_code == 303
    assert f'href="{led.headers["Location"]}">U vervangt' in client.get("/meldingen").text
    assert "1 nieuwe melding" in client.get("/account").text
    for unknown in (str(of_another.id), str(new_id()), "onzin", ""):
        assert client.post("/meldingen/openen", {"naar": unknown}).status_code == 404
    with in_school(HERE):
        assert session.get_one(Notification, (of_another.school_id, of_another.id)).is_new


def test_all_that_is_listed_is_seen_at_once_and_the_rest_is_on_the_next_page(
    client: PageClient, sign_in: SignIn
) -> None:
    coach = sign_in(client, "coach")
    with in_school(HERE):
        for ago in range(MOST + 2):
            make_notification(coach.account_id, happened_at=now() - timedelta(minutes=ago))
    page = client.get("/meldingen")
    assert page.text.count('name="melding"') == MOST
    ids = [part.partition('"')[0] for part in page.text.split('name="melding" value="')[1:]]
    client.post("/meldingen/gezien", {"melding": ids})
    with in_school(HERE):
        left = session.scalars(select(Notification).where(Notification.is_new)).all()
        assert len(left) == 2
    older = page.text.partition("/meldingen?voor=")[2].partition('"')[0].replace("&#43;", "+")
    assert client.get(f"/meldingen?voor={older}").text.count("U begeleidt nieuwe cursisten") == 2
    assert client.get("/meldingen?voor=onzin%00").status_code == 200


def test_a_learner_reads_of_her_lesson_and_finds_it(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        amina, group = make_learner("Amina"), make_group("A2 ochtend")
        enrol(amina, group)
        lesson, other = make_lesson(group, held_on=today() + DAY), make_lesson(make_group("B1 avond"), held_on=today())
        lesson.cancelled_at = now()
    her = sign_in(client, "learner", learner=amina)
    with in_school(HERE):
        make_notification(her.account_id, K.LESSON_CHANGED, lesson.id, learner_id=amina.id)
        make_notification(her.account_id, K.LESSON_CHANGED, other.id, learner_id=amina.id)
        make_notification(her.account_id, K.EVALUATION_WAITS, learner_id=amina.id)

    text = client.get("/meldingen").text
    assert "A2 ochtend" in row_of(text, "Een les gaat niet door")
    assert led_to(client, row_of(text, "Een les gaat niet door")).startswith("/mijn/lessen")
    assert "B1 avond" not in text
    assert led_to(client, row_of(text, "Een evaluatie wacht op u")).startswith("/mijn/evaluaties/")


def test_a_parent_of_two_reads_of_whom_it_is_and_chooses_her(client: PageClient, sign_in: SignIn) -> None:
    parent = sign_in(client, "representative")
    with in_school(HERE):
        born = today() - 3000 * DAY
        yara, adam, gone = (make_learner(name, "Haddad", birth_date=born) for name in ("Yara", "Adam", "Noa"))
        for child in (yara, adam):
            make_representative(child, account_id=parent.account_id)
        for child in (yara, adam, gone):
            make_notification(parent.account_id, K.CORRECTION_ANSWERED, learner_id=child.id)

    text = client.get("/meldingen").text
    assert "Yara Haddad" in text
    assert "Adam Haddad" in text
    assert "Noa Haddad" not in text
    assert led_to(client, row_of(text, "Yara Haddad")) == "/namens"


@pytest.mark.parametrize("size", [1, 12])
def test_it_takes_as_many_statements_whatever_its_length(
    app: Flask, client: PageClient, sign_in: SignIn, count_statements: Callable[[], Any], size: int
) -> None:
    teacher = sign_in(client, "teacher")
    with in_school(HERE):
        for number in range(size):
            group = make_group(f"Groep {number}")
            make_teacher_of(group, teacher)
            amina = make_enrolled_learner(group)
            lesson = make_lesson(group, held_on=today() + DAY)
            make_notification(teacher.account_id, K.LESSON_TAKEN_OVER, lesson.id)
            make_notification(teacher.account_id, K.GROUP_TAUGHT, group.id)
            notice = make_notice(lesson, amina)
            make_notification(teacher.account_id, K.ABSENCE_REPORTED, notice.id, learner_id=amina.id)
    client.get("/meldingen")
    with count_statements() as statements:
        client.get("/meldingen")
    assert len(statements) <= 11, statements


def test_an_appointment_says_when_it_is_and_leads_to_where_it_stands(
    client_at: Callable[[str], PageClient], sign_in: SignIn
) -> None:
    client = client_at("step-inburgering")
    coach = sign_in(client, "coach")
    with in_school(school_id("step-inburgering")):
        amina = make_learner("Amina", "Yilmaz")
        row = Appointment(learner_id=amina.id, starts_at=now() + DAY, subject="Voortgang")
        session.add(row)
        session.flush()
        make_notification(coach.account_id, K.APPOINTMENT_NEAR, row.id, learner_id=amina.id)
        make_notification(coach.account_id, K.APPOINTMENT_CANCELLED, learner_id=amina.id)

    text = client.get("/meldingen").text
    near = row_of(text, "Herinnering aan een afspraak")
    assert led_to(client, near).startswith(f"/cursisten/{amina.id}/dossier")
    assert "Amina Yilmaz" in near
    assert f"{local(now() + DAY):%H:}" in near.partition("gemeld op")[0]
    assert "Voortgang" not in near
    assert "Amina Yilmaz" in row_of(text, "Een afspraak gaat niet door")


def test_two_signals_about_one_learner_say_what_each_asks_about(client: PageClient, sign_in: SignIn) -> None:
    coach = sign_in(client, "coach")
    with in_school(HERE):
        amina, kinds = make_learner("Amina", "Yilmaz"), (SignalKind.NOT_SEEN, SignalKind.LOW_ATTENDANCE)
        for kind in kinds:
            signal = Signal(learner_id=amina.id, kind=kind, facts={}, raised_at=now(), seen_at=now())
            session.add(signal)
            session.flush()
            make_notification(coach.account_id, K.SIGNAL_RAISED, signal.id, learner_id=amina.id)

    page = client.get("/meldingen").text
    assert "Lang niet in de les" in page
    assert "Weinig aanwezig" in page
