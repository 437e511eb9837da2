"""By keyboard alone, with a ring that shows where one is: inviting a colleague, matching columns, giving and taking
back consent."""

import io
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from portal.core.db.scope import in_school
from portal.imports.runs.uploads import hand_in_workbook
from tests.conftest import school_id
from tests.factories.imports import make_office, sheet_bytes
from tests.factories.learners import make_learner
from tests.journeys.conftest import Live
from tests.journeys.keyboard import press, reach
from tests.journeys.people import Person, make_person, work

SLUG = "onderwijs-pro"


@pytest.fixture
def page(browse: Callable[..., Page]) -> Page:
    return browse(viewport={"width": 1280, "height": 900})


def test_management_invites_a_colleague(live: Live, page: Page) -> None:
    manager = make_person(live, page, SLUG, "Mia de Groot", "management")
    manager.signs_in()
    manager.go("/medewerkers/uitnodigen")
    address = f"{uuid4().hex[:12]}@voorbeeld.nl"
    reach(page, page.locator("[name=people]"))
    page.keyboard.type("Anna Bakker")
    reach(page, page.get_by_label("docent"))
    page.keyboard.press("Space")
    press(page, "Uitnodigen")
    expect(page.locator("[data-focus]")).to_be_focused()
    reach(page, page.locator("[name=people]"))
    page.keyboard.press("Control+A")
    page.keyboard.type(f"Anna Bakker, {address}")
    press(page, "Uitnodigen")
    manager.reads(address)


def test_administration_matches_a_column(live: Live, page: Page) -> None:
    with in_school(school_id(SLUG)):
        by = make_office()
        data = sheet_bytes(["Voornaam", "Achternaam", "Iets anders"], ["Amina", "Diallo", "0301234567"])
        run_id = hand_in_workbook(io.BytesIO(data), "lijst.xlsx", by=by).id
    work(SLUG)
    olga = make_person(live, page, SLUG, "Olga Smit", "administration")
    olga.signs_in()
    olga.go(f"/inlezen/{run_id}")
    unknown = page.locator("main select").first
    reach(page, unknown)
    page.keyboard.type("telefoon")
    assert "phone" in unknown.input_value()
    press(page, "Laat zien wat er verandert")
    olga.reads("Het portaal kijkt wat er verandert")
    assert "imports.check" in work(SLUG)


def test_a_learner_gives_consent_and_takes_it_back(live: Live, page: Page) -> None:
    with in_school(school_id(SLUG)):
        learner = make_learner()
    amina: Person = make_person(live, page, SLUG, "Amina Diallo", "learner", learner=learner)
    amina.signs_in()
    amina.go("/mijn/toestemmingen")
    press(page, "Ja, dat mag")
    amina.reads("U zei ja")
    press(page, "Neem terug", role="link")
    amina.titled("Toestemming terugnemen")
    press(page, "Neem mijn toestemming terug")
    page.wait_for_url(lambda url: "/intrekking/" in url)
