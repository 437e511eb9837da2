"""The office, with and without JavaScript: a messy workbook, a record, a correction, a file that leaves the school."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.disclosures.queries import list_disclosures_of
from portal.learners.corrections.services import correct_own_field
from portal.learners.record.models import Learner
from tests.conftest import school_id
from tests.factories.accounts import PASSWORD
from tests.factories.consent import as_learner
from tests.factories.disclosures import make_scene
from tests.factories.learners import make_learner
from tests.imports.sample_workbooks import EXPECTED, make
from tests.journeys.conftest import Live
from tests.journeys.people import Person, make_person, work

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
SLUG = "meester-in-nt2"
HERE = school_id(SLUG)


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def scripted(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def olga(scripted: bool, live: Live, browse: Callable[..., Page]) -> Person:
    page = browse(scripted=scripted, accept_downloads=True)
    return make_person(live, page, SLUG, "Olga Smit", "administration")


def follow(olga: Person, *, until: str) -> None:
    """Let the worker do what was asked, and look again."""
    work(SLUG)
    olga.page.reload()
    olga.reads(until)


def test_a_messy_workbook_comes_in_and_a_record_is_changed(olga: Person, scripted: bool, tmp_path: Path) -> None:
    name, who = ("01-inschrijvingen-september.xlsx", "Oksana") if scripted else ("05-groepen.ods", "Zahra")
    expected = next(each for each in EXPECTED if each["file"] == name)["counts"]
    page = olga.page
    olga.signs_in()
    olga.chooses("Inlezen")
    page.get_by_label("Werkblad").or_(page.locator("input[type=file]")).first.set_input_files(make(name, tmp_path))
    olga.presses("Lees dit bestand")
    follow(olga, until="Het portaal herkent de meeste kolommen")
    olga.presses("Laat zien wat er verandert")
    follow(olga, until="Er is nog niets bewaard")
    refused = page.get_by_role("link", name="Geweigerd")
    expect(refused).to_contain_text(str(expected["refused"]))
    olga.presses(f"Deze rijen opslaan ({expected['added']})")
    follow(olga, until="De rijen zijn bewaard")
    with page.expect_download() as download:
        olga.presses("Haal de geweigerde rijen op")
    assert download.value.suggested_filename.endswith(".xlsx")

    olga.chooses("Cursisten")
    page.get_by_role("searchbox").fill(who.lower())
    if not scripted:
        page.get_by_role("button", name="Zoek", exact=True).click()
    page.locator("#learners").get_by_role("link", name=who).click()
    olga.titled(who)
    page.locator("#cat-contact").get_by_role("link", name="Wijzig").click()
    page.locator("[name=phone]").fill("030 123 45 67")
    olga.presses("Opslaan")
    olga.titled(who)
    olga.reads("030 123 4567")


def test_what_a_learner_proposes_is_decided(olga: Person) -> None:
    with in_school(HERE):
        learner = make_learner("Bereket", "Tesfay", birth_date=date(1990, 5, 4))
        correct_own_field(learner.id, "learner.birth_date", date(1990, 5, 14), by=as_learner(learner))
        learner_id = learner.id
    olga.signs_in()
    olga.chooses("Wijzigingen")
    card = olga.page.locator("article").filter(has_text="Bereket Tesfay").last
    card.get_by_role("link", name="Bekijk en beslis").click()
    olga.reads("14 mei 1990")
    olga.page.locator("[name=answer]").fill("Klopt met uw paspoort.")
    olga.presses("Neem over")
    with in_school(HERE):
        assert session.get_one(Learner, (HERE, learner_id)).birth_date == date(1990, 5, 14)


def test_a_file_leaves_after_signing_in_anew(olga: Person) -> None:
    page = olga.page
    with in_school(HERE):
        scene = make_scene(f" {uuid4().hex[:8]}")
    olga.signs_in()
    olga.chooses("Bestanden")
    page.get_by_role("link", name="Maak dit bestand").first.click()
    page.locator("[name=starts_on]").fill((today() - timedelta(days=28)).isoformat())
    page.locator("[name=ends_on]").fill(today().isoformat())
    page.locator("[name=client_id]").select_option(str(scene.client.id))
    olga.presses("Kijk wie erin staat")
    olga.reads("Amina", "de eerste regels".capitalize())
    olga.presses("Maak het bestand")
    follow(olga, until="Haal het bestand op")
    olga.waited(10)
    olga.presses("Haal het bestand op")
    olga.titled("Bent u het echt?")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    olga.presses("Verder")
    with page.expect_download() as download:
        olga.presses("Haal het bestand op")
    assert download.value.path().stat().st_size > 0
    with in_school(HERE):
        assert len(list_disclosures_of(scene.amina.id, SYSTEM)) == 1
