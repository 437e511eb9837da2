"""Somebody without an account asks on the public page; the office finds her, sees her at the counter and answers."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from portal.core.db.scope import in_school
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.journeys.conftest import Live
from tests.journeys.people import Person, mail_to, make_person, work

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
SLUG = "lest-best"
HERE = school_id(SLUG)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


def asks(page: Page, address: str, mail: str, name: str) -> str:
    """Ask for a copy from the privacy statement on, and return the number of the request."""
    page.goto(address)
    page.get_by_role("link", name="Vraag het zonder in te loggen").click()
    page.get_by_role("link", name=re.compile("Kopie van gegevens")).click()
    page.get_by_role("button", name="Vraag dit aan de school").click()
    expect(page.locator("main")).to_contain_text("Typ uw naam.")
    page.locator("[name=asker_name]").fill(name)
    page.locator("[name=asker_contact]").fill(mail)
    page.locator("[name=body]").fill("Wat hebt u van mij?")
    page.get_by_role("button", name="Vraag dit aan de school").click()
    expect(page.locator("main")).to_contain_text("U vroeg het.")
    number = re.search(r"V-\d\d-\d+", page.locator("h1").inner_text())
    assert number is not None
    return number[0]


def desk_of(live: Live, browse: Callable[..., Page]) -> Person:
    person = make_person(live, browse(viewport=DESK), SLUG, "Petra Visser", "privacy_staff")
    person.signs_in()
    return person


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_a_former_learner_asks_is_seen_at_the_counter_and_answered(
    live: Live, browse: Callable[..., Page], mail_dir: Path, scripted: bool
) -> None:
    family = f"Kaya{uuid4().hex[:6]}"
    with in_school(HERE):
        make_learner("Zeynep", family, email=None)
    outside, mail = browse(scripted=scripted, viewport=PHONE), f"{uuid4().hex[:10]}@example.org"
    number = asks(outside, live.url("/privacy"), mail, f"Zeynep {family}")
    assert outside.evaluate("document.documentElement.scrollWidth <= innerWidth")
    work(SLUG)
    told = mail_to(mail_dir, mail)
    assert "uiterlijk" in told
    link = re.search(r"/privacy/verzoek/volgen/\S+", told)
    assert link is not None

    desk = desk_of(live, browse)
    desk.go(f"/verzoeken?zoek={number}")
    desk.page.get_by_role("link", name=re.compile(number)).click()
    desk.reads("op de website", "Wat hebt u van mij?")
    desk.page.get_by_role("link", name="Zoek over wie het gaat").click()
    desk.page.locator("#zoek-persoon").fill(family)
    desk.page.locator("#zoek-persoon").press("Enter")
    desk.presses("Deze persoon")
    desk.presses("Ik zag aan de balie wie dit is")
    desk.reads("aan de balie gezien")
    desk.page.get_by_role("link", name="Alles wat de school over deze persoon heeft").click()
    desk.reads(family)
    work(SLUG)
    outside.goto(live.url(link[0]))
    expect(outside.locator("main")).to_contain_text("Wij weten dat u het bent.")
    expect(outside.locator("main")).not_to_contain_text(family)


def test_who_is_not_known_hears_that_nothing_is_held(live: Live, browse: Callable[..., Page]) -> None:
    outside = browse(viewport=PHONE)
    number = asks(outside, live.url("/privacy"), "06 12345678", f"Niemand {uuid4().hex[:6]}")
    desk = desk_of(live, browse)
    desk.go(f"/verzoeken?zoek={number}")
    desk.page.get_by_role("link", name=re.compile(number)).click()
    desk.presses("Ik zag aan de balie wie dit is")
    desk.presses("Wij hebben niets van deze persoon")
    desk.page.get_by_role("link", name="Antwoord als brief").click()
    desk.reads("Wij hebben geen gegevens van u.", "Autoriteit Persoonsgegevens")
    outside.reload()
    expect(outside.locator("main")).to_contain_text("De school heeft geen gegevens van u.")
