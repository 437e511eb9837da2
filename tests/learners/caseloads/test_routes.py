"""The pages on which learners get a coach: one, several at once, and those of a coach."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.db.scope import checkpoint
from portal.learners.record.models import Learner
from portal.schools.queries import SchoolView
from tests.factories.caseloads import make_coach, make_coaching
from tests.factories.learners import make_learner
from tests.page_client import PageClient, hidden_in
from tests.signing_in import SignIn


class World:
    """Two coaches, one of whom has Amina; Bilal has none."""

    def __init__(self, client: PageClient) -> None:
        self.client = client
        self.roos, self.daan = make_coach(), make_coach("Daan Smit")
        self.amina, self.bilal = make_learner("Amina"), make_learner("Bilal")
        make_coaching(self.amina, self.roos)
        checkpoint()

    def give(self, to: Account, *learners: Learner, came_from: str = "") -> Any:
        """Tick learners, choose a coach, and press the button of the page that shows whom it concerns."""
        url = f"/cursisten/samen/begeleider{came_from}"
        first = self.client.post(url, {"cursist": [str(each.id) for each in learners]})
        given = {"cursist": [str(each.id) for each in learners], "nakijken": "1", "account_id": str(to.id)}
        checked = self.client.post(url, {**hidden_in(first, url), **given, "starts_on": today().isoformat()})
        assert checked.status_code == 200, checked.text
        do_url = re.findall(r'<form method="post" action="([^"]*)"', checked.text)[-1].replace("&amp;", "&")
        named = re.findall(r'name="cursist" value="([^"]*)"', checked.text)
        return self.client.post(do_url, {**hidden_in(checked, do_url), "cursist": named})


@pytest.fixture
def world(client: PageClient, sign_in: SignIn, school: SchoolView) -> World:
    sign_in(client, "administration")
    return World(client)


def test_one_learner_gets_a_coach_from_her_record(world: World) -> None:
    url = f"/cursisten/{world.bilal.id}/begeleider"
    form = world.client.get(url)
    assert "nog geen begeleider" in form.text

    given = {"account_id": str(world.roos.id), "starts_on": today().isoformat()}
    sent = {**hidden_in(form), **given}
    answer, again = world.client.post(url, sent), world.client.post(url, sent)

    record = world.client.get(answer.headers["Location"]).text
    assert "De begeleider is bewaard." in record
    assert "Roos Willems" in record
    assert "Dit was al opgeslagen." in record
    assert again.headers["Location"] == answer.headers["Location"]


def test_a_day_that_was_is_refused_beside_the_field(world: World) -> None:
    url = f"/cursisten/{world.bilal.id}/begeleider"
    yesterday = (today() - timedelta(days=1)).isoformat()
    answer = world.client.post(url, {"account_id": str(world.roos.id), "starts_on": yesterday})
    assert answer.status_code == 422
    assert "Kies vandaag of een latere dag." in answer.text
    assert yesterday in answer.text


def test_several_are_handed_over_and_taken_back(world: World) -> None:
    done = world.give(world.daan, world.amina, world.bilal)
    text = world.client.get(done.headers["Location"]).text
    assert "De begeleider van 2 cursisten is bewaard." in text

    undo = re.findall(r'action="(/begeleiders/terug/[^"]*)"', text)[0]
    assert "Ongedaan gemaakt voor 2 cursisten." in world.client.get(world.client.post(undo).headers["Location"]).text
    assert "Amina" in world.client.get(f"/begeleiders/{world.roos.id}").text


def test_a_coach_is_shown_with_whom_she_has_and_who_stands_in(world: World) -> None:
    url = f"/begeleiders/{world.roos.id}/vervanger"
    form = world.client.get(url)
    week = {"starts_on": today().isoformat(), "ends_on": (today() + timedelta(days=7)).isoformat()}
    answer = world.client.post(url, {**hidden_in(form), "account_id": str(world.daan.id), **week})
    text = world.client.get(answer.headers["Location"]).text
    assert "vervangt van" in text

    stop = re.findall(r'action="(/begeleiders/[^"]*/stop)"', text)[0]
    assert "vervangt van" not in world.client.get(world.client.post(stop).headers["Location"]).text


def test_who_stands_in_backwards_is_told_beside_the_field(world: World) -> None:
    url = f"/begeleiders/{world.roos.id}/vervanger"
    days = {"starts_on": today().isoformat(), "ends_on": (today() - timedelta(days=1)).isoformat()}
    answer = world.client.post(url, {"account_id": str(world.daan.id), **days})
    assert answer.status_code == 422
    assert "Het einde ligt vóór het begin." in answer.text


@pytest.mark.parametrize("role", ["teacher", "privacy_officer", "management"])
def test_others_give_no_coach(client: PageClient, sign_in: SignIn, school: SchoolView, role: str) -> None:
    sign_in(client, role)
    assert client.get("/begeleiders").status_code == 403


def test_a_coach_of_another_school_is_not_there(world: World, enter: Callable[[str], Any], client: PageClient) -> None:
    with enter("leren-leren"):
        other = make_coach("Iemand Anders")
    assert client.get(f"/begeleiders/{other.id}").status_code == 404
