"""Somebody asks the school something and is gone once it is answered; somebody subscribes, stops, and is erased."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from portal.core.db.scope import in_school
from portal.schools.queries import get_school
from tests.conftest import school_id
from tests.journeys.conftest import Live
from tests.journeys.people import Person, link_to, mail_to, make_person, work

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
SLUG = "onderwijs-pro"
HERE = school_id(SLUG)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
SCRIPTS = pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])


@pytest.fixture
def switched_on(live: Live) -> None:
    with in_school(HERE):
        school = get_school()
        school.takes_questions = school.takes_enquiries = school.takes_subscribers = True


@pytest.fixture
def office(live: Live, browse: Callable[..., Page], switched_on: None) -> Person:
    person = make_person(live, browse(viewport=DESK), SLUG, "Anouk Bos", "administration")
    person.signs_in()
    return person


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@SCRIPTS
def test_a_contact_asks_is_answered_and_is_gone(
    live: Live, browse: Callable[..., Page], mail_dir: Path, office: Person, scripted: bool
) -> None:
    outside, mail = browse(scripted=scripted, viewport=PHONE), f"{uuid4().hex[:10]}@example.org"
    name = f"Noor {uuid4().hex[:6]}"
    outside.goto(live.url("/vraag", SLUG))
    assert fits(outside)
    outside.locator("[name=body]").fill("Wat kost een cursus?")
    outside.locator("[name=name]").fill(name)
    outside.locator("[name=email]").fill(mail)
    outside.get_by_label("Nee", exact=True).check()
    outside.get_by_role("button", name="Verstuur").click()
    expect(outside.locator("main")).to_contain_text("Vraag uw vader, moeder of voogd")
    outside.get_by_label("Ja", exact=True).check()
    outside.get_by_role("button", name="Verstuur").click()
    expect(outside.locator("h1")).to_contain_text("Uw vraag is binnen")

    office.go("/vragen")
    office.page.get_by_role("link", name=name).click()
    office.reads("Wat kost een cursus?")
    office.page.locator("[name=reply]").fill("Een cursus kost 300 euro.")
    office.presses("Handel af")
    office.reads("De gegevens van deze persoon zijn gewist")
    work(SLUG)
    assert "300 euro" in mail_to(mail_dir, mail)
    office.go(f"/contacten?zoek={mail}")
    office.reads("Niemand gevonden")


@SCRIPTS
def test_a_subscriber_says_yes_gets_one_stops_and_is_erased(
    live: Live, browse: Callable[..., Page], mail_dir: Path, office: Person, scripted: bool
) -> None:
    outside, mail = browse(scripted=scripted, viewport=PHONE), f"{uuid4().hex[:10]}@example.org"
    outside.goto(live.url("/nieuwsbrief", SLUG))
    assert fits(outside)
    outside.locator("[name=name]").fill("Noor Visser")
    outside.locator("[name=email]").fill(mail)
    outside.get_by_label("Ja", exact=True).check()
    outside.get_by_role("button", name="Ja, stuur mij de nieuwsbrief").click()
    expect(outside.locator("h1")).to_contain_text("Kijk in uw mail")
    work(SLUG)
    outside.goto(live.url(link_to(mail_dir, mail, "/nieuwsbrief/bevestig"), SLUG))
    outside.get_by_role("button", name="Ja, stuur mij de nieuwsbrief").click()
    expect(outside.locator("h1")).to_contain_text("U krijgt de nieuwsbrief")

    office.go("/nieuwsbrieven/nieuw")
    office.page.locator("[name=subject]").fill("Een nieuwe cursus")
    office.page.locator("[name=body]").fill("Vanaf januari is er een avondcursus.")
    office.presses("Opslaan en bekijken")
    office.reads("Wie krijgt dit?")
    office.page.get_by_role("button", name="Verstuur naar").click()
    office.reads("De mail gaat nu uit")
    work(SLUG)
    assert "avondcursus" in mail_to(mail_dir, mail)

    outside.goto(live.url(link_to(mail_dir, mail, "/nieuwsbrief/stop"), SLUG))
    outside.get_by_role("button", name="Stop deze mail").click()
    expect(outside.locator("main")).to_contain_text("U krijgt deze mail niet meer.")
    assert fits(outside)
    outside.get_by_role("button", name="Wis mijn gegevens").click()
    expect(outside.locator("h1")).to_contain_text("Uw gegevens zijn gewist")
    office.go(f"/contacten?zoek={mail}")
    office.reads("Niemand gevonden")
