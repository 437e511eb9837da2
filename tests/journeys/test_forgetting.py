"""A learner who is forgotten whole, and one of whom a law keeps a part: both in a browser, from the question on."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from portal.core.clock import today
from portal.core.db.scope import checkpoint, in_school, reveal
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.learners.record.models import Learner
from portal.retention.runs.services import carry_out_run
from portal.schools.queries import get_school
from tests.conftest import school_id
from tests.factories.accounts import PASSWORD
from tests.factories.learners import make_learner, make_trajectory
from tests.journeys.conftest import Live
from tests.journeys.people import Person, link_to, mail_to, make_person, work
from tests.retention.people import make_earlier_night

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
SENT = "Beslis en verstuur het antwoord"
LANGUAGES = [
    pytest.param(("nl", True), id="nl"),
    pytest.param(("nl", False), id="no script", marks=pytest.mark.whole),
    pytest.param(("en", True), id="en", marks=pytest.mark.whole),
    pytest.param(("ar", True), id="ar", marks=pytest.mark.whole),
]
Browse = Callable[..., Page]


def desk_of(live: Live, browse: Browse, slug: str, name: str = "Petra Visser") -> Person:
    person = make_person(live, browse(viewport=DESK), slug, name, "privacy_staff")
    person.signs_in()
    return person


def asks_to_be_forgotten(person: Person, mail_dir: Path) -> str:
    """Ask to erase everything, show who one is by the code in a mail, and return the address of the request."""
    page = person.page
    person.go("/mijn/rechten/vragen/wissen")
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url(re.compile(r"/mijn/rechten/[0-9a-f-]{36}"))
    work(person.slug)
    code = re.search(r"^([0-9]{6})$", mail_to(mail_dir, person.email), re.MULTILINE)
    assert code is not None
    page.locator("[name=code]").fill(code[1])
    page.locator("form[action$=code] [type=submit]").first.click()
    expect(page.locator("[name=code]")).to_have_count(0)
    assert person.fits()
    return page.url


def answers(desk: Person, request: str, reply: str) -> None:
    """Grant all that can be granted of a request."""
    desk.page.goto(request.replace("/mijn/rechten/", "/verzoeken/"))
    desk.page.locator("[name=reply]").fill(reply)
    desk.page.get_by_label("Ja op alles waar u niets kiest").check()
    desk.presses(SENT)
    desk.reads("Dit wordt gewist en komt nooit terug")
    desk.presses("Ja, wis dit en verstuur het antwoord")
    desk.reads("Opgeslagen.")
    work(desk.slug)


def reads_her_certificate(outside: Page, amina: Person, mail_dir: Path, language: str) -> None:
    """Open the link in the last mail, signed out: what went, in her language, and on paper; it names nobody."""
    outside.goto(amina.live.url(link_to(mail_dir, amina.email, "/wisbewijs"), amina.slug))
    all_gone = ("De school heeft alles over u gewist.", "Ook uw account is weg.", "Dit kan niet terug.")
    expect(outside.locator("main")).to_contain_text(" ".join(amina.word(each, language) for each in all_gone))
    expect(outside.locator("html")).to_have_attribute("lang", language)
    assert "Amina" not in outside.content()
    assert outside.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with outside.expect_download() as paper:
        outside.locator("main a[href$=pdf]").first.click()
    assert paper.value.suggested_filename.endswith(".pdf")


def cannot_sign_in(amina: Person) -> None:
    amina.page.context.clear_cookies()
    amina.go("/aanmelden")
    amina.page.locator("[name=name]").fill(amina.email)
    amina.page.locator("[name=password]").fill(PASSWORD)
    amina.page.locator("form.sign-in [type=submit]").click()
    amina.page.wait_for_load_state()
    assert "/aanmelden" in amina.page.url


def reads_what_the_law_keeps(zeynep: Person, request: str, year: int) -> None:
    """Read which law and until when, in the answer, on the certificate and beside the data; the rest is gone."""
    zeynep.page.goto(request)
    zeynep.reads("Een wet vraagt dat wij dit bewaren.", "Wet inburgering", f"tot en met 31 december {year}")
    assert zeynep.fits()
    zeynep.page.get_by_role("link", name="Bewijs van wissen").click()
    zeynep.reads("De school heeft een deel van uw gegevens gewist.", "Wet inburgering", f"31 december {year}")
    assert zeynep.fits()
    zeynep.go("/mijn/gegevens/trajectory")
    zeynep.reads(f"31 december {year}")
    zeynep.go("/mijn/gegevens/contact")
    expect(zeynep.page.locator("main")).not_to_contain_text("0612345678")


def is_there(slug: str, learner_id: UUID) -> bool:
    with in_school(school_id(slug)):
        return bool(session.scalar(select(func.count()).where(Learner.id == learner_id)))


@pytest.mark.promise("MN-15")
@pytest.mark.parametrize("reads_in", LANGUAGES)
def test_a_learner_is_forgotten_whole(live: Live, browse: Browse, mail_dir: Path, reads_in: tuple[str, bool]) -> None:
    language, scripted = reads_in
    slug, family = "lest-best", f"Yilmaz{uuid4().hex[:6]}"
    with in_school(school_id(slug)):
        learner = make_learner("Amina", family, phone="0612345678", email=f"{uuid4().hex[:10]}@example.org")
        learner_id = learner.id
    amina = make_person(live, browse(scripted=scripted, viewport=PHONE), slug, "Amina", "learner", learner=learner)
    amina.speaks(language)
    amina.signs_in()
    request = asks_to_be_forgotten(amina, mail_dir)

    desk = desk_of(live, browse, slug)
    answers(desk, request, "Wij hebben alles gewist.")

    reads_her_certificate(browse(scripted=scripted, viewport=PHONE), amina, mail_dir, language)
    cannot_sign_in(amina)
    for path in ("/cursisten", "/verzoeken"):
        desk.go(f"{path}?zoek={family}")
        expect(desk.page.locator("main")).not_to_contain_text(f"Amina {family}")
    assert not is_there(slug, learner_id)


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.whole)], ids=["script", "no script"])
def phone(request: pytest.FixtureRequest, browse: Browse) -> Page:
    return browse(scripted=request.param, viewport=PHONE)


@pytest.fixture
def high_cap(live: Live) -> Iterator[None]:
    """Let nobody wait for a person's word, and put the school's cap back when the journey is over."""
    with in_school(school_id("meester-in-nt2")):
        kept, get_school().retention_cap_people = get_school().retention_cap_people, 5_000
        make_earlier_night()
    yield
    with in_school(school_id("meester-in-nt2")):
        get_school().retention_cap_people = kept


@pytest.mark.promise("MN-16")
@pytest.mark.usefixtures("high_cap")
def test_a_law_keeps_a_part_until_its_day_and_the_night_takes_the_rest(
    live: Live, browse: Browse, phone: Page, mail_dir: Path, clock: Callable[[datetime], None]
) -> None:
    slug, family = "meester-in-nt2", f"Kaya{uuid4().hex[:6]}"
    with in_school(school_id(slug)):
        learner = make_learner("Zeynep", family, phone="0612345678", email=f"{uuid4().hex[:10]}@example.org")
        ended = today() - timedelta(days=30)
        make_trajectory(learner, starts_on=ended - timedelta(days=300), ends_on=ended)
        learner_id = learner.id
    zeynep = make_person(live, phone, slug, "Zeynep", "learner", learner=learner)
    zeynep.signs_in()
    request = asks_to_be_forgotten(zeynep, mail_dir)

    desk = desk_of(live, browse, slug)
    desk.page.goto(request.replace("/mijn/rechten/", "/verzoeken/"))
    desk.reads("Dit moet blijven.")
    answers(desk, request, "Wij hebben gewist wat weg mag.")

    last = today().replace(year=today().year + 7, month=12, day=31)
    reads_what_the_law_keeps(zeynep, request, last.year)

    clock(datetime.combine(last - timedelta(days=20), time(9)))
    later = desk_of(live, browse, slug, "Pien Vos")
    later.go("/bewaren")
    later.reads("De komende twaalf maanden", f"januari {last.year + 1}")
    assert is_there(slug, learner_id)

    clock(datetime.combine(last + timedelta(days=1), time(3)))
    with in_school(school_id(slug)):
        reveal()
        carry_out_run(checkpoint=checkpoint, by=PORTAL)
    assert not is_there(slug, learner_id)
