"""A teacher's week and the school's: whose lessons, who gives them, one tap from their register."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from portal.accounts.council.models import CouncilAnswer
from portal.core.clock import now, today
from portal.core.db.scope import in_school
from tests.conftest import school_id
from tests.factories.courses import fill_group, make_group, make_lesson, make_teacher_of
from tests.house.rows import make_row
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

DAY = timedelta(days=1)
LEST_BEST = school_id("lest-best")


@pytest.fixture(autouse=True)
def on_friday(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


def text_of(client: PageClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_teachers_week_has_her_lessons_by_day_and_leads_to_each_register(client: PageClient, sign_in: SignIn) -> None:
    teacher = sign_in(client, "teacher", name="Tess Jansen")
    with in_school(LEST_BEST):
        group, other = make_group("A2 ochtend"), make_group("B1 avond")
        make_teacher_of(group, teacher)
        fill_group(group, 2)
        held = make_lesson(group, held_on=today() - DAY, room="12")
        gone = make_lesson(group, held_on=today(), cancelled_because="Studiedag")
        gone.cancelled_at = now()
        coming = make_lesson(group, held_on=today() + 7 * DAY)
        make_lesson(other, held_on=today())

    text = text_of(client, "/mijn/week")

    assert f"/lessen/{held.id}/presentie" in text
    assert "2 van 2 open" in text
    assert "lokaal 12" in text
    assert "Studiedag" in text
    assert "B1 avond" not in text
    assert "Tess Jansen" not in text.split("<main")[1]
    assert f"/lessen/{coming.id}/presentie" in text_of(client, "/mijn/week?rond=2026-11-27")
    assert client.get("/mijn/week?rond=nooit").status_code == 422


@pytest.mark.promise("LB-08")
def test_by_teacher_it_says_what_is_open_only_once_staff_may_be_followed(client: PageClient, sign_in: SignIn) -> None:
    with in_school(LEST_BEST):
        group, teacher = make_group("A2 ochtend"), make_account("Tess Jansen", "teacher")
        make_teacher_of(group, teacher)
        fill_group(group, 2)
        make_lesson(group, held_on=today() - DAY)
    sign_in(client, "administration")
    path = f"/rooster?rond={(today() - DAY).isoformat()}&per="

    assert "2 van 2 open" in text_of(client, f"{path}groep")
    assert "Tess Jansen" in text_of(client, f"{path}docent")
    assert "2 van 2 open" not in text_of(client, f"{path}docent")

    with in_school(LEST_BEST):
        make_row("council_decision", answer=CouncilAnswer.NO_COUNCIL, recorded_at=now())
    assert "2 van 2 open" in text_of(client, f"{path}docent")


@pytest.mark.parametrize("page", ["/mijn/week", "/vandaag"])
def test_who_is_replaced_and_who_replaces_both_see_it(
    client_at: Callable[[str], PageClient], sign_in: SignIn, page: str
) -> None:
    clients = [client_at("lest-best"), client_at("lest-best")]
    tess, vera = (sign_in(client, "teacher", name=name) for client, name in zip(clients, ("Tess", "Vera"), strict=True))
    with in_school(LEST_BEST):
        group = make_group("A2 ochtend")
        make_teacher_of(group, tess)
        lesson = make_lesson(group, held_on=today(), substitute_id=vera.account_id)

    hers, of_substitute = (text_of(client, page) for client in clients)

    assert "A2 ochtend" in hers
    assert 'vervanger: <bdi translate="no">Vera</bdi>' in hers
    assert 'u vervangt <bdi translate="no">Tess</bdi>' in of_substitute
    assert "vervanger: " not in of_substitute
    register = f"/lessen/{lesson.id}/presentie"
    assert "u bent de vervanger" in text_of(clients[1], register)
    assert "Vera" in text_of(clients[0], register)


def test_a_substitute_for_a_while_is_told_apart_from_the_groups_own_teacher(
    client_at: Callable[[str], PageClient], sign_in: SignIn
) -> None:
    clients = [client_at("lest-best"), client_at("lest-best")]
    tess, vera = (sign_in(client, "teacher", name=name) for client, name in zip(clients, ("Tess", "Vera"), strict=True))
    with in_school(LEST_BEST):
        group = make_group("A2 ochtend")
        make_teacher_of(group, tess)
        make_teacher_of(group, vera, starts_on=today() - DAY, ends_on=today() + DAY, is_substitute=True)
        make_lesson(group, held_on=today())

    hers, of_substitute = (text_of(client, "/mijn/week") for client in clients)

    assert 'vervanger: <bdi translate="no">Vera</bdi>' in hers
    assert 'u vervangt <bdi translate="no">Tess</bdi>' in of_substitute
    sign_in(clients[0], "administration")
    rows = text_of(clients[0], "/rooster?per=docent").split("<tr>")
    [row_of_tess] = [row for row in rows if '<th scope="row"><bdi translate="no">Tess</bdi>' in row]
    [row_of_vera] = [row for row in rows if '<th scope="row"><bdi translate="no">Vera</bdi>' in row]
    assert 'vervanger: <bdi translate="no">Vera</bdi>' in row_of_tess
    assert 'vervanger van <bdi translate="no">Tess</bdi>' in row_of_vera


@pytest.mark.parametrize("role", ["administration", "management", "coach"])
def test_the_weeks_timetable_by_teacher_room_and_group(client: PageClient, sign_in: SignIn, role: str) -> None:
    sign_in(client, role)
    with in_school(LEST_BEST):
        group, other = make_group("A2 ochtend"), make_group("B1 avond")
        teacher = make_account("Tess Jansen", "teacher")
        for each in (group, other):
            make_teacher_of(each, teacher)
            make_lesson(each, held_on=date(2026, 11, 20), room="Lokaal 3")

    by_teacher = text_of(client, "/rooster")
    by_room = text_of(client, "/rooster?per=lokaal")
    one = text_of(client, f"/rooster?per=groep&een={group.id}")

    assert "Tess Jansen" in by_teacher
    assert by_teacher.count('class="tag bad"') == 2
    assert "Lokaal 3" in by_room
    assert "A2 ochtend" in one
    assert "B1 avond" not in one.split("<tbody")[1]
    assert client.get("/rooster?per=cursist").status_code == 422
    assert client.get("/mijn/week").status_code == 403


def test_a_teachers_timetable_has_her_own_groups_alone(client: PageClient, sign_in: SignIn) -> None:
    teacher = sign_in(client, "teacher")
    with in_school(LEST_BEST):
        own, other = make_group("A2 ochtend"), make_group("B1 avond")
        make_teacher_of(own, teacher)
        for group in (own, other):
            make_lesson(group, held_on=today(), starts_at=time(10), ends_at=time(12))

    text = text_of(client, "/rooster?per=groep")

    assert "A2 ochtend" in text
    assert "B1 avond" not in text


@pytest.mark.parametrize("path", ["/mijn/week", "/rooster", "/rooster?per=lokaal"])
@pytest.mark.parametrize("size", [1, 6])
def test_a_week_takes_as_many_statements_however_many_lessons(
    client: PageClient, sign_in: SignIn, count_statements: Callable[[], Any], path: str, size: int
) -> None:
    teacher = sign_in(client, "teacher")
    with in_school(LEST_BEST):
        for at in range(size):
            group = make_group(starts_on=today() - 30 * DAY)
            make_teacher_of(group, teacher)
            make_lesson(group, held_on=today() - (at % 4) * DAY)
    client.get(path)

    with count_statements() as statements:
        client.get(path)

    assert len(statements) <= (5 if path == "/rooster" else 4), statements  # by teacher: may staff be followed?
