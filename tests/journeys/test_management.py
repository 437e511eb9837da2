"""Management and the privacy officer, with and without JavaScript: settings, a new teacher, who may what, the log."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page

from portal.core.db.scope import in_school
from portal.purposes.withdrawals.services import withdraw_consent
from tests.conftest import school_id
from tests.factories.consent import agree, as_learner
from tests.factories.learners import make_learner
from tests.journeys.conftest import Live
from tests.journeys.people import Person, link_to, make_person, work

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
SLUG = "onderwijs-pro"


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def open_page(request: pytest.FixtureRequest, browse: Callable[..., Page]) -> Callable[[], Page]:
    return lambda: browse(scripted=request.param)


def test_management_sets_the_school_and_invites_a_teacher(
    live: Live, open_page: Callable[[], Page], mail_dir: Path
) -> None:
    manager = make_person(live, open_page(), SLUG, "Mia de Groot", "management")
    page = manager.page
    manager.signs_in()
    manager.go("/instellingen")
    look = page.locator("#look")
    look.locator("[name$=hue]").fill("200")
    look.get_by_role("button", name="Opslaan").click()
    manager.titled("Instellingen van de school")

    address = f"{uuid4().hex[:12]}@voorbeeld.nl"
    manager.chooses("Medewerkers")
    page.get_by_role("link", name="Uitnodigen").first.click()
    page.locator("[name=people]").fill("Anna Bakker")
    page.get_by_label("docent").check()
    manager.presses("Uitnodigen")
    manager.reads("Dit klopt nog niet", "Op regel 1 staat geen e-mailadres")
    page.locator("[name=people]").fill(f"Anna Bakker, {address}")
    manager.presses("Uitnodigen")
    manager.reads(address)
    work(SLUG)
    anna = Person(live, open_page(), SLUG, address, manager.account_id)
    anna.go(link_to(mail_dir, address, "/uitnodiging"))
    anna.titled("Welkom")
    anna.sets_password()
    anna.titled("Geheimhouding")

    manager.chooses("Wie mag wat")
    manager.reads("Presentie invullen en verbeteren", "Docent")


def test_the_privacy_officer_sees_consents_and_the_log(live: Live, open_page: Callable[[], Page]) -> None:
    officer = make_person(live, open_page(), SLUG, "Fenna Visser", "privacy_officer")
    with in_school(school_id(SLUG)):
        learner = make_learner()
        agree(learner, "more_about_you")
        withdraw_consent(learner.id, "more_about_you", by=as_learner(learner))
    officer.signs_in()
    officer.chooses("Toestemmingen")
    officer.reads("Teruggenomen", "nog 3 te doen")
    work(SLUG)
    officer.page.reload()
    officer.reads("klaar")
    officer.chooses("Logboek")
    officer.titled("Logboek")
    officer.reads("Fenna Visser")
