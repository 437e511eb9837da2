"""A learner on her own pages, with and without JavaScript: she sees, corrects, agrees, takes back, looks who looked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page

from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.disclosures.files.delivery import give_file
from portal.learners.record.models import Learner
from portal.purposes.queries import has_consent
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import make_lesson
from tests.factories.disclosures import Scene, ask, make_scene
from tests.journeys.conftest import Live
from tests.journeys.people import Person, make_person, work
from tests.page_client import PageClient
from tests.signing_in import SignIn

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
SLUG = "lest-best"
HERE = school_id(SLUG)


@dataclass
class Amina:
    """A learner with a group, lessons behind and before her, and an account."""

    scene: Scene
    person: Person

    @property
    def id(self) -> object:
        return self.scene.amina.id


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def amina(request: pytest.FixtureRequest, live: Live, browse: Callable[..., Page]) -> Amina:
    with in_school(HERE):
        scene = make_scene(f" {uuid4().hex[:8]}")
        make_mark(make_lesson(scene.group, held_on=today() - timedelta(days=3)), scene.amina)
        make_lesson(scene.group, held_on=today() + timedelta(days=2), room="12")
    page = browse(scripted=request.param, viewport={"width": 390, "height": 844})
    return Amina(scene, make_person(live, page, SLUG, "Amina Yilmaz", "learner", learner=scene.amina))


def test_she_sees_lessons_hours_level_and_data(amina: Amina) -> None:
    amina.person.signs_in()
    amina.person.titled("Mijn lessen")
    amina.person.reads("Volgende les", "lokaal 12")
    amina.person.chooses("Aanwezigheid")
    amina.person.titled("Mijn aanwezigheid")
    amina.person.reads("5 uur en 30 minuten", "aanwezig")
    amina.person.chooses("Gegevens")
    amina.person.titled("Mijn gegevens")
    amina.person.reads("Amina", "uw school")
    amina.person.go("/mijn/niveau")
    amina.person.reads("Nog geen niveau")


def test_she_changes_her_phone_at_once_and_her_birth_date_as_a_proposal(amina: Amina) -> None:
    page = amina.person.page
    amina.person.signs_in()
    amina.person.go("/mijn/gegevens")
    page.get_by_role("link", name="Telefoon en e-mail").click()
    page.locator("#veld-phone").get_by_role("link").first.click()
    page.locator("input[name=phone]").fill("06")
    amina.person.presses("Opslaan")
    amina.person.reads("Dit klopt nog niet")
    page.locator("input[name=phone]").fill("06 12 34 56 78")
    amina.person.presses("Opslaan")
    amina.person.titled("Telefoon en e-mail")
    amina.person.reads("06 12345678")

    amina.person.chooses("Gegevens")
    amina.person.reads("06 12345678")
    page.get_by_role("link", name="Geboorte").click()
    page.locator("#veld-birth_date").get_by_role("link").first.click()
    page.locator("[name=birth_date]").fill("1990-05-14")
    page.locator("[name=remark]").fill("De 4 moet 14 zijn.")
    amina.person.presses("Vraag deze wijziging")
    amina.person.reads("wacht op de school")
    with in_school(HERE):
        stored = session.get_one(Learner, (HERE, amina.id))
        assert stored.phone == "+31612345678"
        assert stored.birth_date is not None
        assert stored.birth_date.day == 4


@pytest.mark.promise("LB-09")
def test_she_agrees_takes_it_back_and_follows_the_steps(amina: Amina) -> None:
    page = amina.person.page
    amina.person.signs_in()
    amina.person.go("/mijn/toestemmingen")
    page.locator("#doel-client_report").get_by_role("button", name="Ja, dat mag").click()
    amina.person.reads("U zei ja")
    with in_school(HERE):
        assert has_consent(amina.scene.amina.id, "client_report", SYSTEM)
    page.locator("#doel-client_report").get_by_role("link", name="Neem terug").click()
    amina.person.reads("Dit stopt meteen")
    amina.person.presses("Neem mijn toestemming terug")
    amina.person.titled("Uw toestemming is teruggenomen")
    assert "purposes.carry_out_withdrawal" in work(SLUG)
    if page.get_by_role("link", name="Kijk opnieuw").is_visible():
        page.get_by_role("link", name="Kijk opnieuw").click()
    amina.person.reads("Klaar. Alles is gedaan.")
    with in_school(HERE):
        assert not has_consent(amina.scene.amina.id, "client_report", SYSTEM)


def test_she_sees_who_looked_and_who_got_it(amina: Amina, live: Live, sign_in: SignIn) -> None:
    office = PageClient(live.app, "lest-best.localhost")
    sign_in(office, "administration", name="Olga Smit")
    assert office.get(f"/cursisten/{amina.id}").status_code == 200
    amina.person.signs_in()
    amina.person.go("/mijn/toestemmingen")
    amina.person.page.locator("#doel-client_report").get_by_role("button", name="Ja, dat mag").click()
    amina.person.reads("U zei ja")
    with in_school(HERE):
        file_id = ask(amina.scene).id
    work(SLUG)
    with in_school(HERE):
        _, content = give_file(file_id, signed_in_at=now(), by=amina.scene.office)
        assert b"Amina" in b"".join(content)

    amina.person.go("/mijn/gegevens")
    amina.person.page.get_by_role("link", name="Wie keek?").click()
    amina.person.reads("dministratie", "Wie was dit?")
    assert "Olga Smit" not in amina.person.page.inner_text("main")
    amina.person.go("/mijn/gegevens")
    amina.person.page.get_by_role("link", name="Wie kreeg ze?").click()
    amina.person.titled("Wie kreeg mijn gegevens")
    amina.person.reads("Waarom", "Over de periode")
