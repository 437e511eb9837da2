"""The page on which groups are copied: what it proposes, stores and refuses."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import LearnerGroup
from portal.courses.timetable.services import make_lessons
from tests.conftest import school_id
from tests.factories.courses import make_group, make_slot, make_teacher_of, make_term
from tests.page_client import PageClient, hidden_in
from tests.signing_in import SignIn, make_account

LEST_BEST = school_id("lest-best")


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))


@pytest.fixture
def groups(database: Any) -> list[LearnerGroup]:
    with in_school(LEST_BEST):
        made = [make_group(name) for name in ("A2 ochtend", "B1 avond", "Voorbij")]
        make_slot(made[0])
        make_teacher_of(made[0], make_account("Tess Jansen", "teacher"))
        made[0].ends_on, made[2].ends_on = date(2027, 1, 29), date(2026, 1, 30)
        make_lessons()
        make_term("Voorjaar 2027", date(2027, 2, 1), date(2027, 7, 9))
        return made


def names() -> set[str]:
    with in_school(LEST_BEST):
        return set(session.scalars(select(LearnerGroup.name)))


def test_the_page_proposes_the_next_term_and_names(
    client: PageClient, sign_in: SignIn, groups: list[LearnerGroup]
) -> None:
    sign_in(client, "administration")
    page = client.get(f"/groepen/kopieren?groep={groups[0].id}").text
    assert 'value="A2 ochtend, februari 2027"' in page
    assert "Tess Jansen" in page
    assert page.count('name="groep"') == 2
    assert page.count("checked") == 2  # the group and its teachers
    assert "Voorbij" not in page


def test_the_group_that_she_came_from_stands_first(
    client: PageClient, sign_in: SignIn, groups: list[LearnerGroup]
) -> None:
    sign_in(client, "administration")
    for first, second in (groups[:2], groups[1::-1]):
        page = client.get(f"/groepen/kopieren?groep={first.id}").text
        assert page.index(f'name="naam.{first.id}"') < page.index(f'name="naam.{second.id}"')


def test_ticked_groups_are_made(client: PageClient, sign_in: SignIn, groups: list[LearnerGroup]) -> None:
    sign_in(client, "administration")
    sent = {
        "starts_on": "2027-02-01", "ends_on": "2027-07-09", "with_teachers": "y",
        "groep": [str(groups[0].id), str(groups[1].id)],
        f"naam.{groups[0].id}": "A2  voorjaar ", f"naam.{groups[1].id}": "B1 voorjaar",
    }  # fmt: skip
    answer = client.post("/groepen/kopieren", sent)
    assert answer.location == "/groepen"
    assert names() == {"A2 ochtend", "B1 avond", "Voorbij", "A2 voorjaar", "B1 voorjaar"}
    assert client.post("/groepen/kopieren", sent).status_code == 303
    assert len(names()) == 5
    assert "2 groepen zijn gemaakt." in client.get("/groepen").text


def test_it_says_until_when_the_old_groups_go_on(
    client: PageClient, sign_in: SignIn, groups: list[LearnerGroup]
) -> None:
    sign_in(client, "administration")
    sent = {"starts_on": "2027-02-01", "ends_old": "y", "groep": [str(groups[0].id), str(groups[1].id)],
            f"naam.{groups[0].id}": "A2 voorjaar", f"naam.{groups[1].id}": "B1 voorjaar"}  # fmt: skip
    client.post("/groepen/kopieren", sent)
    assert "De oude groep stopt op 31 januari 2027." in client.get("/groepen").text  # the other stopped by itself


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"groep": []}, "Kies minstens één groep."),
        ({"naam": ""}, "Vul dit in."),
        ({"naam": "B1 avond"}, "Deze naam bestaat al."),
        ({"naam": "x" * 121}, "Gebruik niet meer dan 120 tekens."),
        ({"starts_on": ""}, "Vul dit in."),
        ({"ends_on": "2027-01-01"}, "Het einde ligt vóór het begin."),
    ],
)
def test_a_refusal_stands_beside_what_it_is_about_and_keeps_what_was_typed(
    client: PageClient, sign_in: SignIn, groups: list[LearnerGroup], changed: dict[str, Any], said: str
) -> None:
    sign_in(client, "administration")
    sent = {
        "starts_on": "2027-02-01",
        "ends_on": "2027-07-09",
        "groep": [str(groups[0].id)],
        "naam": "A2 nieuw",
    } | changed
    sent[f"naam.{groups[0].id}"] = sent.pop("naam")
    before = names()
    refused = client.post("/groepen/kopieren", sent)
    assert refused.status_code == 422
    assert said in refused.text
    assert f'value="{sent[f"naam.{groups[0].id}"]}"' in refused.text
    assert names() == before


def test_lessons_at_once_are_stored_once_they_are_meant(
    client: PageClient, sign_in: SignIn, groups: list[LearnerGroup]
) -> None:
    sign_in(client, "administration")
    sent = {"starts_on": "2026-11-23", "with_teachers": "y", "groep": [str(groups[0].id)],
            f"naam.{groups[0].id}": "A2 dubbel"}  # fmt: skip
    asked = client.post("/groepen/kopieren", sent)
    assert asked.status_code == 422
    assert "Tess Jansen geeft op" in asked.text
    assert "A2 dubbel" not in names()
    assert client.post("/groepen/kopieren", {**sent, "despite": "y", **hidden_in(asked)}).status_code == 303
    assert "A2 dubbel" in names()


@pytest.mark.parametrize("role", ["teacher", "coach"])
def test_who_plans_nothing_copies_nothing(
    client: PageClient, sign_in: SignIn, groups: list[LearnerGroup], role: str
) -> None:
    sign_in(client, role)
    assert client.get("/groepen/kopieren").status_code == 403
    assert client.post("/groepen/kopieren", {"groep": str(groups[0].id)}).status_code == 403


def test_a_group_of_another_school_is_none_of_those(
    client_at: Callable[[str], PageClient], sign_in: Any, groups: list[LearnerGroup]
) -> None:
    other = client_at("meester-in-nt2")
    sign_in(other, "administration")
    sent = {"starts_on": "2027-02-01", "groep": [str(groups[0].id)], f"naam.{groups[0].id}": "Gestolen"}
    refused = other.post("/groepen/kopieren", sent)
    assert refused.status_code == 422
    assert "A2 ochtend" not in refused.text
