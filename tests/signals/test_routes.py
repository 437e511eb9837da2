"""The pages of signals: the list, one with its answer, the rules, who may, and what she herself reads."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.attendance.models import Status
from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import PORTAL, Actor
from portal.courses.models import LearnerGroup
from portal.learners.caseloads.models import Coaching
from portal.learners.record.models import Learner
from portal.signals.models import Signal, SignalAnswer, SignalKind, SignalRule
from portal.signals.services import look_at
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import make_enrolled_learner, make_group, make_lesson, make_teacher_of
from tests.page_client import PageClient
from tests.signing_in import SignIn

LEST_BEST = school_id("lest-best")
RULES = {
    "low_attendance": "75",
    "absent_in_a_row": "4",
    "not_seen": "10",
    "no_contact": "30",
    "hours_running_out": "25",
    "level_missing": "90",
}


@pytest.fixture
def learner() -> Learner:
    """Somebody who missed her last three lessons, in a school that asks about that."""
    with in_school(LEST_BEST):
        session.add(SignalRule(kind=SignalKind.ABSENT_IN_A_ROW, threshold=3))
        group = make_group("A2 ochtend 1")
        learner = make_enrolled_learner(group)
        for days in (9, 8, 7):
            make_mark(make_lesson(group, held_on=today() - timedelta(days=days)), learner, Status.ABSENT)
        session.flush()
        look_at([learner.id], by=PORTAL)
        return learner


def signal_of(learner: Learner) -> Signal:
    with in_school(LEST_BEST):
        return session.scalars(select(Signal).where(Signal.learner_id == learner.id)).one()


def give_coach(learner: Learner, coach: Actor) -> None:
    with in_school(LEST_BEST):
        given = {"given_by_name": "Ans de Wit", "given_at": now()}
        session.add(Coaching(learner_id=learner.id, account_id=coach.account_id, starts_on=today(), **given))
        session.flush()


@pytest.mark.promise("OP-06", "LL-13", part="signal")
def test_a_coach_sees_what_it_rests_on_and_answers(client: PageClient, sign_in: SignIn, learner: Learner) -> None:
    coach = sign_in(client, "coach", name="Roos Willems")
    give_coach(learner, coach)
    listed = client.get("/signalen").get_data(as_text=True)
    assert "3 lessen achter elkaar afwezig" in listed
    assert learner.full_name in listed
    address = f"/signalen/{signal_of(learner).id}"
    assert "A2 ochtend 1" in client.get(address).get_data(as_text=True)

    assert client.post(address, {"answer": "called"}).status_code == 303

    stored = signal_of(learner)
    assert (stored.answer, stored.answered_by_name) == (SignalAnswer.CALLED, "Roos Willems")
    assert "Er wacht geen signaal" in client.get("/signalen").get_data(as_text=True)
    answered = client.get("/signalen?stand=beantwoord").get_data(as_text=True)
    assert "gebeld" in answered
    assert learner.full_name in answered


def test_a_refused_answer_keeps_what_was_chosen_and_stores_nothing(
    client: PageClient, sign_in: SignIn, learner: Learner
) -> None:
    sign_in(client, "coach")
    address = f"/signalen/{signal_of(learner).id}"
    client.get(address)

    refused = client.post(address, {"answer": "wait", "wait_until": ""})

    assert refused.status_code == 422
    text = refused.get_data(as_text=True)
    assert "Kies de dag tot wanneer u wacht." in text
    assert "checked" in text
    assert signal_of(learner).answer is None
    assert client.post(address, {"answer": "nonsense"}).status_code == 422
    assert client.post(address, {}).status_code == 422


def test_a_second_answer_hears_that_there_is_one(client: PageClient, sign_in: SignIn, learner: Learner) -> None:
    sign_in(client, "coach", name="Roos Willems")
    address = f"/signalen/{signal_of(learner).id}"
    client.get(address)
    client.post(address, {"answer": "called"})

    again = client.post(address, {"answer": "no_ground"})

    assert again.status_code == 409
    assert signal_of(learner).answer is SignalAnswer.CALLED


@pytest.mark.parametrize(
    ("role", "answered"),
    [
        ("coach", (200, 303)),
        ("administration", (200, 303)),
        ("privacy_officer", (200, 403)),
        ("management", (403, 403)),
        ("teacher", (403, 403)),
        ("learner", (403, 403)),
    ],
)
def test_who_sees_and_answers(
    client: PageClient, sign_in: SignIn, learner: Learner, role: str, answered: tuple[int, int]
) -> None:
    sees, answers = answered
    actor = sign_in(client, role, learner=learner if role == "learner" else None)
    with in_school(LEST_BEST):
        if role == "teacher":
            make_teacher_of(make_group(), actor)
    signal_id = signal_of(learner).id
    assert client.get("/signalen").status_code == sees
    assert client.get(f"/signalen/{signal_id}").status_code == sees
    client.get("/hulp")
    assert client.post(f"/signalen/{signal_id}", {"answer": "spoke"}).status_code == answers


def test_a_school_that_keeps_no_attendance_has_no_signals(
    client_at: Callable[[str], PageClient], sign_in: SignIn
) -> None:
    browser = client_at("onderwijs-pro")
    sign_in(browser, "coach")
    assert browser.get("/signalen").status_code == 404
    assert browser.get(f"/signalen/{UUID(int=1)}").status_code == 404
    assert "/signalen" not in browser.get("/vandaag").get_data(as_text=True)


def test_management_sets_the_rules(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "management")
    shown = client.get("/signalen/regels").get_data(as_text=True)
    assert 'value="70"' in shown
    chosen = {"is_on": ["low_attendance", "no_contact"], **RULES}

    assert client.post("/signalen/regels", chosen).status_code == 303

    with in_school(LEST_BEST):
        stored = {rule.kind.value: (rule.threshold, rule.is_on) for rule in session.scalars(select(SignalRule))}
    assert stored == {name: (int(value), name in chosen["is_on"]) for name, value in RULES.items()}
    assert "Opgeslagen." in client.get("/signalen/regels").get_data(as_text=True)


@pytest.mark.parametrize("value", ["0", "101", "veel", "", "7.5", "9" * 40])
def test_a_rule_out_of_range_is_refused_beside_its_field(client: PageClient, sign_in: SignIn, value: str) -> None:
    sign_in(client, "management")
    client.get("/signalen/regels")

    refused = client.post("/signalen/regels", {"is_on": ["low_attendance"], **RULES, "low_attendance": value})

    assert refused.status_code == 422
    assert 'id="low_attendance-error"' in refused.get_data(as_text=True)
    with in_school(LEST_BEST):
        assert session.scalars(select(SignalRule)).all() == []


@pytest.mark.promise("OP-06", "LL-13", part="signal")
def test_she_reads_that_it_was_raised_and_answered(client: PageClient, sign_in: SignIn, learner: Learner) -> None:
    sign_in(client, "learner", learner=learner)
    page = client.get("/mijn/aanwezigheid").get_data(as_text=True)
    assert "U was een paar lessen achter elkaar niet in de les." in page
    assert "De school heeft nog niet geantwoord." in page
    sign_in(client, "coach")
    address = f"/signalen/{signal_of(learner).id}"
    client.get(address)
    client.post(address, {"answer": "called"})

    sign_in(client, "learner", learner=learner)

    assert "De school heeft u gebeld." in client.get("/mijn/aanwezigheid").get_data(as_text=True)
    assert "antwoordde op een vraag over u" in client.get("/mijn/wie-keek").get_data(as_text=True)


def test_vandaag_counts_what_the_list_shows(client: PageClient, sign_in: SignIn, learner: Learner) -> None:
    sign_in(client, "administration")
    page = client.get("/vandaag").get_data(as_text=True)
    assert "Signalen over cursisten" in page
    assert "1 signaal" in client.get("/signalen").get_data(as_text=True)


@pytest.mark.parametrize("role", ["coach", "administration"])
def test_a_signal_comes_to_her_coach_and_to_the_office_where_there_is_none(
    client: PageClient, sign_in: SignIn, learner: Learner, role: str
) -> None:
    other = sign_in(client, "coach", name="Roos Willems")
    reader = sign_in(client, role, name="Ans Bos")
    is_office = role == "administration"
    assert (learner.full_name in client.get("/signalen").get_data(as_text=True)) is is_office
    assert ("Signalen over cursisten" in client.get("/vandaag").get_data(as_text=True)) is is_office
    assert learner.full_name in client.get("/signalen?wie=zonder").get_data(as_text=True)

    give_coach(learner, other if is_office else reader)

    assert (learner.full_name in client.get("/signalen").get_data(as_text=True)) is not is_office
    assert ("Signalen over cursisten" in client.get("/vandaag").get_data(as_text=True)) is not is_office
    assert learner.full_name in client.get("/signalen?wie=alle").get_data(as_text=True)
    assert learner.full_name not in client.get("/signalen?wie=zonder").get_data(as_text=True)


@pytest.mark.parametrize(("role", "shows"), [("coach", True), ("administration", True), ("teacher", False)])
def test_her_record_says_that_a_signal_waits(
    client: PageClient, sign_in: SignIn, learner: Learner, role: str, shows: bool
) -> None:
    actor = sign_in(client, role)
    with in_school(LEST_BEST):
        make_teacher_of(session.scalars(select(LearnerGroup)).one(), actor)
    page = client.get(f"/cursisten/{learner.id}").get_data(as_text=True)
    assert ("vaak achter elkaar afwezig" in page) is shows
    assert (f"/signalen/{signal_of(learner).id}" in page) is shows
