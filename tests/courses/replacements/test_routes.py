"""The page on which a teacher is replaced: what it shows, stores once, refuses and takes back."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import GroupTeacher
from tests.conftest import school_id
from tests.factories.accounts import make_account
from tests.factories.courses import make_group, make_lesson, make_teacher_of
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("lest-best")


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))


class World:
    """Tess gives two groups a lesson on Monday; Noor is free, Lena has another lesson then."""

    def __init__(self) -> None:
        with in_school(HERE):
            self.tess, self.noor, self.lena = (
                make_account(name, email=f"{name.lower()}@example.org") for name in ("Tess", "Noor", "Lena")
            )
            self.groups = [make_group(name) for name in ("A1 ochtend", "A2 middag", "B1")]
            for at, group in enumerate(self.groups):
                make_teacher_of(group, self.lena if at == 2 else self.tess)
                first = time(9 if at != 1 else 13)
                make_lesson(group, held_on=date(2026, 11, 23), starts_at=first, ends_at=time(first.hour + 3))

    @property
    def page(self) -> str:
        return f"/docenten/{self.tess.id}/vervangen"

    def form(self, **changed: Any) -> dict[str, Any]:
        return {
            "starts_on": "2026-11-20", "ends_on": "2026-11-26", "substitute_id": str(self.noor.id),
            "groups": [str(group.id) for group in self.groups[:2]], **changed,
        }  # fmt: skip


@pytest.fixture
def world(database: Any) -> World:
    return World()


def substitutes() -> list[GroupTeacher]:
    with in_school(HERE):
        return list(session.scalars(select(GroupTeacher).where(GroupTeacher.is_substitute)))


def test_the_page_shows_her_lessons_and_who_is_free(client: PageClient, sign_in: SignIn, world: World) -> None:
    sign_in(client, "administration")
    assert world.page in client.get("/overdragen").text
    text = client.get(world.page).text
    assert '<bdi translate="no">A1 ochtend</bdi> (1 les)' in text
    assert '<bdi translate="no">A2 middag</bdi> (1 les)' in text
    assert text.count("checked") == 2
    assert text.index("Noor (vrij)") < text.index("Lena (geeft bij 1 les zelf les)")
    assert "Tess (" not in text
    assert "Geen lessen in deze dagen" in client.get(f"{world.page}?starts_on=2026-12-01&ends_on=2026-12-02").text


def test_she_is_replaced_once_and_that_is_taken_back(client: PageClient, sign_in: SignIn, world: World) -> None:
    sign_in(client, "administration")
    first, second = client.post(world.page, world.form()), client.post(world.page, world.form())

    assert (first.status_code, second.status_code) == (303, 303)
    assert second.location == first.location
    assert [(row.account_id, row.ends_on) for row in substitutes()] == [(world.noor.id, date(2026, 11, 26))] * 2
    text = client.get(str(first.location)).text
    assert "A1 ochtend, A2 middag" in text
    assert "Geen andere lessen in deze dagen" in text, "those that were just given aren't offered again"
    assert "Al geregeld" not in text, "what can be undone says it"
    entry_id = str(first.location).partition("gedaan=")[2].partition("&")[0]
    assert f"{world.page}/{entry_id}/terug" in client.get(world.page).text, "also for who comes back later"
    client.post(f"{world.page}/{entry_id}/terug")
    assert f"{world.page}/{entry_id}/terug" not in client.get(world.page).text
    assert substitutes() == []
    client.post(f"{world.page}/{entry_id}/terug")
    assert "Dit kan niet meer ongedaan worden gemaakt." in client.get(world.page).text


def test_who_stands_in_at_one_group_is_said(client: PageClient, sign_in: SignIn, world: World) -> None:
    with in_school(HERE):
        days = {"starts_on": date(2026, 11, 20), "ends_on": date(2026, 11, 26)}
        make_teacher_of(world.groups[0], world.lena, is_substitute=True, **days)
    sign_in(client, "administration")
    client.post(world.page, world.form(groups=[str(world.groups[1].id)]))
    text = re.sub(r"</?bdi[^>]*>", "", client.get(world.page).text)
    assert "A1 ochtend: Lena vervangt van 20 november" in text
    assert "Noor vervangt van" not in text


def test_lessons_at_the_same_time_are_said_and_confirmed(client: PageClient, sign_in: SignIn, world: World) -> None:
    sign_in(client, "management")
    asked = client.post(world.page, world.form(substitute_id=str(world.lena.id)))
    assert asked.status_code == 422
    assert "Lena geeft op maandag 23 november" in asked.text
    assert "Al geregeld" not in asked.text
    assert substitutes() == []
    assert client.post(world.page, world.form(substitute_id=str(world.lena.id), despite="y")).status_code == 303


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"groups": []}, "Kies minstens één groep."),
        ({"groups": [str(new_id())]}, "Kies een van de mogelijkheden."),
        ({"substitute_id": ""}, "Kies een docent."),
        ({"substitute_id": "x" * 3000}, "Kies een van de mogelijkheden."),
        ({"starts_on": "2026-11-01"}, "Kies vandaag of een latere dag."),
        ({"ends_on": "2026-11-19"}, "Het einde ligt vóór het begin."),
        ({"ends_on": "2029-11-19"}, "Een vervanging duurt ten hoogste een jaar."),
        ({"starts_on": "morgen"}, "Dit is geen datum."),
    ],
)
def test_what_cannot_be_is_refused(
    client: PageClient, sign_in: SignIn, world: World, changed: dict[str, Any], said: str
) -> None:
    sign_in(client, "administration")
    answer = client.post(world.page, world.form(**changed))
    assert answer.status_code == 422
    assert said in answer.text
    assert substitutes() == []


def test_days_that_cannot_be_are_refused_when_asked_for(client: PageClient, sign_in: SignIn, world: World) -> None:
    sign_in(client, "administration")
    answer = client.get(f"{world.page}?starts_on=2026-12-01&ends_on=2026-11-01")
    assert answer.status_code == 422
    assert "Het einde ligt vóór het begin." in answer.text
    assert client.get(f"{world.page}?starts_on=%00&ends_on=").status_code in {400, 422}
    assert client.get(f"{world.page}?gedaan={new_id()}").status_code == 404


def test_who_may_not_and_another_school_get_nothing(
    client: PageClient, sign_in: SignIn, client_at: Callable[[str], PageClient], world: World
) -> None:
    sign_in(client, "teacher")
    assert client.get(world.page).status_code in {403, 404}
    assert client.post(world.page, world.form()).status_code in {403, 404}
    other = client_at("meester-in-nt2")
    sign_in(other, "administration")
    assert other.get(world.page).status_code == 404
    assert other.post(world.page, world.form()).status_code == 404
