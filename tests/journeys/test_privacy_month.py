"""A month of privacy staff with their officer, in a browser: what comes in by every way, and how each is answered."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect

from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.disclosures.models import DisclosureState
from portal.learners.record.models import Learner
from portal.requests.data_requests.models import RequestKind
from tests.conftest import school_id
from tests.factories.consent import agree
from tests.factories.disclosures import ask as ask_file
from tests.factories.disclosures import make, make_scene
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff, enter
from tests.journeys.conftest import Live
from tests.journeys.people import Person, make_person
from tests.journeys.test_requests_outside import asks as asks_outside

SLUG = "lest-best"
HERE = school_id(SLUG)
PHONE = {"width": 390, "height": 844}
SENT = "Beslis en verstuur het antwoord"

Open = Callable[..., Page]


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.whole)], ids=["script", "no script"])
def open_page(request: pytest.FixtureRequest, browse: Callable[..., Page]) -> Open:
    return lambda: browse(scripted=request.param, viewport=PHONE)


def _with_a_file() -> Learner:
    """Return a learner whose client was given a file of her attendance."""
    scene = make_scene(f" {uuid4().hex[:6]}")
    agree(scene.amina, "client_report")
    disclosure = make(ask_file(scene))
    disclosure.state, disclosure.first_downloaded_at = DisclosureState.DISCLOSED, now()
    session.flush()
    return scene.amina


def _entered(learner: Learner, kind: RequestKind, days: int, **facts: Any) -> UUID:
    received = today() - timedelta(days=days)
    return enter(kind, learner_id=learner.id, received_on=received, by=as_staff(), **facts).id


class Month:
    """The desk with what came in: by phone long ago, three weeks ago and last week."""

    def __init__(self, live: Live, open_page: Open) -> None:
        self.live, self.open_page = live, open_page
        self.desk = self.person("Petra Visser", "privacy_staff")
        self.second = self.person("Sam de Vries", "privacy_staff")
        self.officer = self.person("Farid Gul", "privacy_officer")
        with in_school(HERE):
            given, others = _with_a_file(), [make_learner(f"Hana{uuid4().hex[:6]}", "Aydin") for _ in range(2)]
            self.corrected = _entered(given, RequestKind.RECTIFICATION, 23, body="Mijn straat klopt niet.")
            self.late = _entered(others[0], RequestKind.RECTIFICATION, 60, body="Mijn geboortedag.")
            self.again = _entered(others[1], RequestKind.RECTIFICATION, 2, body="Weer mijn naam.")

    def person(self, name: str, role: str) -> Person:
        person = make_person(self.live, self.open_page(), SLUG, name, role)
        person.signs_in()
        return person

    def opens(self, person: Person, request_id: object) -> None:
        person.go(f"/verzoeken/{request_id}")


@pytest.fixture
def month(live: Live, open_page: Open) -> Month:
    return Month(live, open_page)


def _is_known(desk: Person) -> None:
    desk.presses("Ik pak dit op")
    desk.presses("Ik zag aan de balie wie dit is")


def _sees_what_presses(month: Month, numbers: list[str]) -> None:
    """The desk says what waits, how near its day is and for whom; the officer sees the same."""
    for person in (month.desk, month.officer):
        person.go("/verzoeken")
        person.reads("Wacht op antwoord", "Bijna te laat", "Te laat", "nog bij niemand")
        assert person.fits()
        for number in numbers:
            person.page.locator("#search-zoek").fill(number)
            person.page.locator("#search-zoek").press("Enter")
            person.reads(number, "nog bij niemand")
        person.go("/verzoeken?welke=soon")
        person.reads("nog 5 dagen")
        person.go("/verzoeken?welke=late")
        person.reads("te laat")


def _advises(month: Month) -> None:
    """The officer writes what she thinks, and has no button to decide."""
    month.opens(month.officer, month.corrected)
    month.officer.page.locator("[name=body]").fill("Kijk in het paspoort.")
    month.officer.presses("Geef advies")
    month.officer.reads("Kijk in het paspoort.")
    expect(month.officer.page.get_by_role("button", name=SENT)).to_have_count(0)


def _extends_and_corrects(month: Month) -> None:
    """The desk takes longer with a reason, grants, and tells who had the data (art. 19)."""
    desk = month.desk
    month.opens(desk, month.corrected)
    desk.reads("Kijk in het paspoort.")
    _is_known(desk)
    desk.page.get_by_text("Meer tijd nodig?").click()
    desk.page.locator("[name=because][value=complexity]").check()
    desk.page.locator("[name=reason]").fill("Wij wachten op de gemeente.")
    desk.presses("Verleng")
    desk.reads("Wij wachten op de gemeente.")
    desk.page.locator("[name=reply]").fill("Uw straat is verbeterd.")
    desk.page.locator("[name=is_done_by_hand]").check()
    desk.presses(SENT)
    desk.reads("Wie het hoort", "geen e-mailadres: bel of schrijf, en zeg het dan hier")
    desk.presses("Ik heb het verteld")
    desk.reads("weet het sinds")


def _decides_in_part(month: Month, request: str) -> None:
    """The desk says yes to one kind of data and no to the other, on a ground that it must prove."""
    desk = month.desk
    month.opens(desk, request)
    _is_known(desk)
    desk.page.locator("[name=part_0]").select_option("ja")
    desk.page.locator("[name=part_1]").select_option("avg_17_1")
    desk.page.locator("[name=reply]").fill("Uw adres is gewist. De rest is nog nodig.")
    desk.presses(SENT)
    desk.reads("Kijk nog één keer.")
    desk.presses("Ja, wis dit en verstuur het antwoord")
    desk.reads("Deze reden moet de school bewijzen")
    expect(desk.page.locator("[name=reply]")).to_have_value("Uw adres is gewist. De rest is nog nodig.")
    desk.page.locator("[name=proof]").fill("De cursus loopt nog tot juni.")
    desk.presses(SENT)
    desk.page.get_by_role("link", name="Antwoord als brief").click()
    desk.reads("De cursus loopt nog tot juni.", "AVG 17 lid 1", "U hebt geen advocaat nodig.")


def _refuses_with_a_second(month: Month) -> None:
    """A refusal as excessive waits for somebody else than who proposed it."""
    desk, second = month.desk, month.second
    month.opens(desk, month.again)
    _is_known(desk)
    desk.page.locator("[name=part_0]").select_option("avg_12_5")
    desk.page.locator("[name=reply]").fill("U vroeg dit al vier keer.")
    desk.page.locator("[name=proof]").fill("Zie de vier eerdere antwoorden.")
    desk.presses(SENT)
    desk.reads("Voorstel van Petra Visser", "Een andere persoon beslist hierover.")
    expect(desk.page.get_by_role("button", name="Ja, zo besluiten wij")).to_have_count(0)
    month.opens(second, month.again)
    second.presses("Ja, zo besluiten wij")
    second.reads("Antwoord als brief", "Zie de vier eerdere antwoorden.")


def _answers_late(month: Month) -> None:
    """What is late can't be put off; it is answered, and then half of the answers took so many days."""
    desk = month.desk
    month.opens(desk, month.late)
    _is_known(desk)
    desk.page.locator("[name=reply]").fill("Uw geboortedag is verbeterd.")
    desk.page.locator("[name=is_done_by_hand]").check()
    desk.presses(SENT)
    desk.reads("Antwoord als brief")
    desk.go("/verzoeken?welke=closed")
    desk.reads("De helft klaar binnen")
    expect(desk.page.locator(".cards")).to_contain_text(re.compile(r"\d+ dag"))
    assert desk.fits()


def test_a_month_of_privacy_staff_with_their_officer(live: Live, open_page: Open, month: Month) -> None:
    with in_school(HERE):
        learner = make_learner("Amina", f"Demir{uuid4().hex[:6]}", phone="0612345678", email=None)
    amina = make_person(live, open_page(), SLUG, "Amina Demir", "learner", learner=learner)
    amina.signs_in()
    amina.go("/mijn/rechten/vragen/wissen")
    amina.page.get_by_text("Gaat het om een deel?").click()
    for category in ("address", "contact"):
        amina.page.locator(f"[name=categories][value={category}]").check()
    amina.presses("Vraag dit aan de school")
    amina.reads("U vroeg het.")
    own = amina.page.url.rpartition("/")[2]
    outside = asks_outside(open_page(), live.url("/privacy"), f"{uuid4().hex[:10]}@example.org", "Noor Visser")

    _sees_what_presses(month, [outside])
    _advises(month)
    _extends_and_corrects(month)
    _decides_in_part(month, own)
    _refuses_with_a_second(month)
    _answers_late(month)
    amina.page.reload()
    amina.reads("Uw adres is gewist. De rest is nog nodig.", "Autoriteit Persoonsgegevens")
    assert amina.fits()


def test_a_complaint_is_answered(live: Live, open_page: Open) -> None:
    with in_school(HERE):
        learner = make_learner("Amina", f"Demir{uuid4().hex[:6]}")
    amina = make_person(live, open_page(), SLUG, "Amina Demir", "learner", learner=learner)
    amina.signs_in()
    amina.go("/mijn/rechten/klacht")
    amina.page.locator("[name=body]").fill("De les begint steeds te laat.")
    amina.presses("Verstuur de klacht")
    amina.reads("U diende de klacht in.")
    mine = amina.page.url

    head = make_person(live, open_page(), SLUG, "Mia Bos", "management")
    head.signs_in()
    head.go(f"/klachten?zoek={learner.family_name}")
    head.page.get_by_role("link", name=re.compile(learner.family_name)).first.click()
    head.page.locator("[name=handling]").fill("Wij spraken met de docent.")
    head.presses("Beantwoord en sluit de klacht")
    amina.page.goto(mine)
    amina.reads("Wij spraken met de docent.")
    assert amina.fits()
