"""Rights, asked and answered in a browser: a learner for all eight, somebody at the counter, and a document."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from portal.core.db.scope import in_school
from portal.learners.record.models import Learner
from tests.conftest import school_id
from tests.factories.consent import agree
from tests.factories.documents import paper
from tests.factories.learners import make_learner
from tests.journeys.conftest import Live
from tests.journeys.people import Person, mail_to, make_person, work

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
SLUG = "lest-best"
HERE = school_id(SLUG)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


def learner_of(name: str) -> Learner:
    with in_school(HERE):
        learner = make_learner(name, "Yilmaz", phone="0612345678", email=f"{uuid4().hex[:10]}@example.org")
        agree(learner, "survey")
        return learner


def staff(live: Live, browse: Callable[..., Page], role: str, name: str) -> Person:
    person = make_person(live, browse(viewport=DESK), SLUG, name, role)
    person.signs_in()
    return person


def asks(person: Person, what: str, **fields: str) -> str:
    """Ask for something on Mijn rechten, and return the address of the request."""
    person.go("/mijn/rechten")
    person.page.get_by_role("link", name=re.compile(f"^{what}")).first.click()
    for name, value in fields.items():
        if name == "categories":
            person.page.get_by_text("Gaat het om een deel?").click()
        found = person.page.locator(f"[name={name}]")
        if found.first.get_attribute("type") in {"checkbox", "radio"}:
            person.page.locator(f"[name={name}][value={value}]").check()
        else:
            found.fill(value)
    person.presses("Vraag dit aan de school")
    person.reads("U vroeg het.")
    return person.page.url


def fetches_her_copy(person: Person, mail_dir: Path) -> None:
    """Ask for a copy, show who one is by the code in a mail, and fetch it."""
    page = person.page
    copy = asks(person, "Zien")
    person.reads("Wij moeten zeker weten dat u het bent.")
    work(SLUG)
    code = re.search(r"^([0-9]{6})$", mail_to(mail_dir, person.email), re.MULTILINE)
    assert code is not None
    page.locator("[name=code]").fill("000000" if code[1] != "000000" else "111111")
    person.presses("Controleer de code")
    person.reads("Deze code klopt niet.")
    page.locator("[name=code]").fill(code[1])
    person.presses("Controleer de code")
    person.reads("Wij weten dat u het bent.")
    work(SLUG)
    page.goto(copy.replace("/rechten/", "/rechten/kopie/"))
    person.reads("klaar om op te halen")
    with page.expect_download() as fetched:
        page.locator("form[action$=ophalen] [type=submit]").first.click()
    assert fetched.value.suggested_filename.endswith(".zip")


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_a_learner_asks_for_all_eight_things(
    live: Live, browse: Callable[..., Page], mail_dir: Path, scripted: bool
) -> None:
    learner = learner_of("Amina")
    page = browse(scripted=scripted, viewport=PHONE)
    amina = make_person(live, page, SLUG, "Amina Yilmaz", "learner", learner=learner)
    amina.signs_in()

    fetches_her_copy(amina, mail_dir)
    asks(amina, "Verbeteren", body="Mijn straat klopt niet.")
    asks(amina, "Wissen", categories="contact")
    asks(amina, "Afschermen", restriction_ground="claim")
    asks(amina, "Meenemen", organisation="Taalschool Elders")
    asks(amina, "Nee zeggen", purposes="security", body="Door mijn situatie.")
    amina.reads("De school denkt na over uw bezwaar.")
    amina.go("/mijn/rechten")
    page.get_by_role("link", name=re.compile("^Toestemming terugnemen")).click()
    amina.titled("Mijn toestemmingen")
    amina.go("/mijn/rechten")
    page.get_by_role("link", name=re.compile("^Klacht")).first.click()
    page.locator("[name=body]").fill("De les begint steeds te laat.")
    amina.presses("Verstuur de klacht")
    amina.reads("U diende de klacht in.", "Autoriteit Persoonsgegevens")
    amina.go("/mijn/rechten")
    expect(page.locator("main article")).to_have_count(6)
    amina.reads("Klaar", "Kopie van gegevens")
    assert amina.fits()


def test_somebody_without_e_mail_is_helped_at_the_counter(live: Live, browse: Callable[..., Page]) -> None:
    with in_school(HERE):
        name = f"Zeynep{uuid4().hex[:6]}"
        make_learner(name, "Kaya", email=None)
    office = staff(live, browse, "administration", "Olga Smit")
    office.go(f"/verzoeken/nieuw?zoek={name}")
    office.page.get_by_role("link", name=re.compile(name)).click()
    office.page.get_by_role("link", name="Kopie van gegevens").click()
    office.page.locator("[name=channel]").select_option("counter")
    office.page.locator("[name=is_seen]").check()
    office.presses("Opslaan")
    office.reads("Opgeschreven als V-")
    work(SLUG)

    desk = staff(live, browse, "privacy_staff", "Petra Visser")
    desk.go("/verzoeken")
    desk.page.locator("#search-zoek").fill(name)
    desk.page.locator("#search-zoek").press("Enter")
    desk.page.get_by_role("link", name=re.compile(name)).click()
    desk.reads("aan de balie gezien", "Er is geen e-mailadres")
    desk.page.goto(f"{desk.page.url}/kopie")
    desk.page.locator("[name=identity_seen]").fill("identiteitskaart")
    with desk.page.expect_download() as given:
        desk.page.locator("form[action$=geven] [type=submit]").click()
    assert given.value.suggested_filename.endswith(".zip")


def blacks_out(person: Person, folder: Path) -> None:
    """Black out a picture of a document, and send it once she said that she looked."""
    page = person.page
    picture = folder / "document.png"
    picture.write_bytes(paper())
    page.locator("[name=kind]").select_option("passport")
    page.locator("[name=picture]").set_input_files(picture)
    masks = page.locator("[data-part]")
    expect(masks.first).to_be_visible()
    masks.first.focus()
    masks.first.press("ArrowRight")
    person.presses("Verstuur de zwart gemaakte foto")
    person.reads("Kijk zelf na of alles zwart is.")
    page.locator("[name=picture]").set_input_files(picture)
    page.locator("[name=is_attested]").check()
    person.presses("Verstuur de zwart gemaakte foto")


def test_a_document_is_blacked_out_in_the_browser_and_seen_once(
    live: Live, browse: Callable[..., Page], tmp_path: Path
) -> None:
    learner = learner_of("Sara")
    page = browse(viewport=PHONE)
    sara = make_person(live, page, SLUG, "Sara Yilmaz", "learner", learner=learner)
    sara.signs_in()
    request = asks(sara, "Verbeteren", body="Mijn naam.")
    desk = staff(live, browse, "privacy_staff", "Petra Visser")
    at_desk = request.replace("/mijn/rechten/", "/verzoeken/")
    desk.page.goto(at_desk)
    desk.presses("Stuur een code")

    page.goto(request)
    page.get_by_role("link", name=re.compile("zwart gemaakte foto")).click()
    blacks_out(sara, tmp_path)
    sara.reads("Uw bewijs is bij de school.")
    assert sara.fits()

    desk.page.goto(at_desk)
    with desk.page.context.expect_page() as opened:
        desk.presses("Bekijk de foto, één keer")
    opened.value.wait_for_load_state()
    desk.page.reload()
    desk.reads("Bekeken door Petra Visser")
    desk.presses("Dit klopt")
    desk.reads("met een zwart gemaakt identiteitsbewijs", "Het bewijs is gewist.")
