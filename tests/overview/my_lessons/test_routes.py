"""A learner's lessons and hours: what comes, what was, and what is not filled in yet."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.attendance.models import Status
from portal.core.audit.queries import list_of_learner
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import LearnerGroup
from portal.learners.record.models import Learner
from portal.schools.queries import SchoolView
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import enrol, make_group, make_lesson
from tests.factories.learners import make_learner, make_representative, make_trajectory
from tests.page_client import PageClient
from tests.signing_in import SignIn

LEST_BEST = school_id("lest-best")


@pytest.fixture
def amina(school: SchoolView) -> Learner:
    """Present in one lesson, absent in one, one not filled in, one before she joined, one to come."""
    learner, group = make_learner("Amina"), make_group()
    enrol(learner, group, starts_on=today() - timedelta(days=10))
    days = {days: make_lesson(group, held_on=today() + timedelta(days=days)) for days in (-20, -7, -6, -5, 3)}
    make_mark(days[-7], learner, late_minutes=10, minutes=110)
    make_mark(days[-6], learner, Status.ABSENT, minutes=0)
    make_trajectory(learner, minutes_before=120)
    return learner


@pytest.mark.promise("MN-06")
def test_the_pages_say_it_in_words(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)

    attendance = client.get("/mijn/aanwezigheid").get_data(as_text=True)
    coming = client.get("/mijn/lessen").get_data(as_text=True)

    assert "nog niet ingevuld" in attendance
    assert "10 minuten te laat" in attendance
    assert ">3 uur en 50 minuten<" in attendance
    assert "waarvan van vroeger: 2 uur" in attendance
    assert "Dit telt niet als afwezig" in attendance
    assert coming.count("Volgende les") == 1
    assert "De komende vier weken" not in coming


def test_who_looks_on_a_learners_behalf_stands_in_her_log(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    helper = sign_in(client, "representative")
    make_representative(amina, account_id=helper.account_id)
    pages = ["/mijn/lessen", "/mijn/aanwezigheid", "/mijn/wie-kreeg", "/mijn/toestemmingen", "/mijn/gegevens"]

    for address in (*pages, pages[0]):
        assert client.get(address).status_code == 200

    seen = [entry for entry in list_of_learner(amina.id, views=True) if entry.actor_kind == "representative"]
    assert {entry.facts["what"] for entry in seen} == {
        "overview.my_lessons",
        "overview.my_attendance",
        "overview.who_got",
        "purposes.mine",
        "overview.my_data",
    }
    assert len(seen) == len(pages)


def test_a_new_learner_sees_what_will_come(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    sign_in(client, "learner", learner=make_learner("Nieuw"))

    assert "Geen lessen gepland" in client.get("/mijn/lessen").get_data(as_text=True)
    assert "Nog geen lessen gehad" in client.get("/mijn/aanwezigheid").get_data(as_text=True)


def test_a_school_that_keeps_no_attendance_says_so(
    client_at: Callable[[str], PageClient], sign_in: SignIn, enter: Callable[[str], Any]
) -> None:
    with enter("onderwijs-pro"):
        learner = make_learner()
    browser = client_at("onderwijs-pro")
    sign_in(browser, "learner", learner=learner)

    page = browser.get("/mijn/aanwezigheid")
    assert page.status_code == 200
    assert "Uw school schrijft niet op of u in de les was." in page.get_data(as_text=True)
    assert "Mijn aanwezigheid" not in browser.get("/mijn/lessen").get_data(as_text=True)


def test_htmx_gets_the_weeks_or_the_month_it_asks_for(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)
    with in_school(LEST_BEST):
        group = session.scalars(select(LearnerGroup)).one()
        make_lesson(group, held_on=today() + timedelta(days=40), room="Zolder")
        make_lesson(group, held_on=today() - timedelta(days=9))
    later = (today() + timedelta(days=28)).isoformat()

    weeks = client.get(f"/mijn/lessen?vanaf={later}", htmx=True).get_data(as_text=True)
    whole = client.get(f"/mijn/lessen?vanaf={later}").get_data(as_text=True)

    assert weeks.lstrip().startswith('<section id="coming"')
    assert ("Zolder" in weeks, "Zolder" in whole, "<h1>" in whole) == (True, True, True)
    assert "Zolder" not in client.get("/mijn/lessen?vanaf=gisteren").get_data(as_text=True)
    month = f"{today() - timedelta(days=5):%Y-%m}"
    of_month = client.get(f"/mijn/aanwezigheid?maand={month}", htmx=True).get_data(as_text=True)
    assert of_month.lstrip().startswith('<section id="attended_months"')
    assert "nog niet ingevuld" in of_month
    assert "<h1>" in client.get("/mijn/aanwezigheid?maand=2026-13").get_data(as_text=True)
