"""What the office does now and then, with and without JavaScript: one record of two, a BSN, an import taken back, files
on paper and for a survey; and what anybody reads of an earlier statement."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.imports.runs.uploads import hand_in_workbook
from portal.learners.record.models import Learner
from portal.policy.services import publish_shipped_policy
from portal.schools.services import add_school
from tests.conftest import school_id
from tests.factories.consent import agree
from tests.factories.disclosures import make_scene
from tests.factories.imports import make_office, sheet_bytes
from tests.factories.learners import make_learner, make_trajectory
from tests.factories.policy import publish, varied
from tests.journeys.conftest import Live
from tests.journeys.people import Person, make_person, work

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
SLUG = "lest-best"
HERE = school_id(SLUG)
BSN = "123456782"
LESS = {
    "version": "2026",
    "in_force_on": date(2026, 1, 2),
    "categories.identification.without": ["learner.nationality"],
}


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(request: pytest.FixtureRequest, browse: Callable[..., Page]) -> Page:
    return browse(scripted=request.param, accept_downloads=True)


@pytest.fixture
def olga(live: Live, page: Page) -> Person:
    made = make_person(live, page, SLUG, "Olga Smit", "administration")
    made.signs_in()
    return made


def follow(olga: Person, *, until: str) -> None:
    """Let the worker do what was asked, and look again."""
    work(SLUG)
    olga.page.reload()
    olga.reads(until)


def test_two_records_become_one_and_a_bsn_is_shown(olga: Person) -> None:
    page, family = olga.page, f"Kaya{uuid4().hex[:8]}"
    with in_school(HERE):
        kept = make_learner("Emine", family, birth_date=date(1991, 3, 2), city="Utrecht", bsn=BSN)
        other = make_learner("Emine", family, birth_date=date(1991, 3, 2), city="Zeist", phone="+31612345678")
        make_trajectory(kept, reports_to_government=True)
        make_trajectory(other)
        kept_id, other_id = kept.id, other.id
    olga.chooses("Cursisten")
    olga.go(f"/cursisten/{kept_id}")
    page.get_by_role("link", name="Samenvoegen").click()
    page.get_by_label("Zoek het tweede dossier").fill(family)
    page.get_by_role("button", name="Zoek", exact=True).click()
    page.get_by_role("link", name="Vergelijk").click()
    olga.reads("Utrecht", "Zeist", "Komt erbij", "06 12345678", "trajecten: 1")
    page.locator("label.choice", has_text="Zeist").click()
    olga.presses("Voeg samen")
    olga.titled(f"Emine {family}")
    olga.reads("De twee dossiers zijn nu één dossier.", "Zeist", "06 12345678")
    expect(page.locator("main")).not_to_contain_text("Utrecht")
    olga.go(f"/cursisten/{other_id}")
    page.wait_for_url(f"**/cursisten/{kept_id}")

    expect(page.locator("body")).not_to_contain_text(BSN)
    olga.presses("Toon BSN")
    olga.reads(BSN)
    olga.go(f"/cursisten/{kept_id}")
    expect(page.locator("body")).not_to_contain_text(BSN)
    page.get_by_role("link", name="Geschiedenis", exact=True).click()
    olga.reads("BSN bekeken", "Olga Smit")


def test_an_import_is_stored_and_taken_back(olga: Person) -> None:
    family = f"Bakri{uuid4().hex[:8]}"
    rows = [[name, family, "1-9-1990"] for name in ("Amal", "Badr", "Dina")]
    data = sheet_bytes(["Voornaam", "Achternaam", "Geboortedatum"], *rows)
    with in_school(HERE):
        run_id = hand_in_workbook(io.BytesIO(data), "lijst.xlsx", by=make_office()).id
    work(SLUG)
    olga.go(f"/inlezen/{run_id}")
    olga.presses("Laat zien wat er verandert")
    follow(olga, until="Er is nog niets bewaard")
    olga.presses("Deze rijen opslaan (3)")
    follow(olga, until="De rijen zijn bewaard")
    assert count_called(family) == 3
    olga.presses("Maak het inlezen ongedaan")
    follow(olga, until="Het inlezen is ongedaan gemaakt voor 3 cursisten")
    assert count_called(family) == 0


def count_called(family: str) -> int:
    with in_school(HERE):
        return session.scalar(select(func.count()).where(Learner.family_name == family)) or 0


def asks_for(olga: Person, template: str, form: str, *, client_id: object = None) -> None:
    page = olga.page
    olga.go("/bestanden")
    page.locator(f"a[href$='/bestanden/nieuw/{template}']").click()
    page.locator("[name=starts_on]").fill((today() - timedelta(days=28)).isoformat())
    page.locator("[name=ends_on]").fill(today().isoformat())
    if client_id is not None:
        page.locator("[name=client_id]").select_option(str(client_id))
    page.locator(f"[name=form][value={form}]").check()
    olga.presses("Kijk wie erin staat")


def fetches(olga: Person) -> bytes:
    olga.presses("Maak het bestand")
    follow(olga, until="Haal het bestand op")
    with olga.page.expect_download() as download:
        olga.presses("Haal het bestand op")
    return Path(download.value.path()).read_bytes()


def test_a_list_on_paper_and_contacts_for_a_survey(olga: Person) -> None:
    mark = uuid4().hex[:8]
    with in_school(HERE):
        scene = make_scene(f" {mark}")
        for learner in (scene.amina, scene.bereket):
            learner.family_name = f"{learner.family_name}{mark}"
            agree(learner, "client_report")
        agree(scene.amina, "survey")
        client_id = scene.client.id
    asks_for(olga, "attendance_for_client", "pdf", client_id=client_id)
    olga.reads("Amina")
    assert fetches(olga).startswith(b"%PDF-")

    asks_for(olga, "survey_contacts", "xlsx")
    olga.reads("Wie er niet in staat, en waarom")
    olga.page.get_by_text("Wie er niet in staat, en waarom").click()
    olga.reads("gaf geen toestemming", f"Bereket Yilmaz{mark}")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(fetches(olga))).get_sheet_by_index(0)
    listed = {str(value) for row in sheet.to_python() for value in row if mark in str(value)}
    assert listed == {f"Yilmaz{mark}"}


def test_anybody_reads_the_statement_and_the_one_before(live: Live, page: Page) -> None:
    slug = f"school-{uuid4().hex[:8]}"
    with in_school(new_id()):
        add_school(slug, "Nieuwe School", hosts=[f"{slug}.localhost"], by=PORTAL)
        publish_shipped_policy("lest-best")
        publish(varied("lest-best", LESS), summary="Wij vragen minder.")
    anybody = Person(live, page, slug, "", school_id(SLUG))
    anybody.go("/aanmelden")
    page.get_by_role("link", name="Privacy bij Nieuwe School").click()
    anybody.reads("Versie 2026, geldig vanaf 2 januari 2026", "Wij vragen minder.")
    expect(page.locator("#data-identification")).not_to_contain_text("nationaliteit")
    page.locator("#changes").get_by_role("link", name="2021-01-19").click()
    anybody.reads("Dit is een oude versie. Zij geldt niet meer.", "geldig vanaf 19 januari 2021")
    expect(page.locator("#data-identification")).to_contain_text("nationaliteit")
    page.get_by_role("link", name="Lees de versie die nu geldt").click()
    anybody.reads("Versie 2026")
