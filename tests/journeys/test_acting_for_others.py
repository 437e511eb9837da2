"""Who acts for a learner, in a browser: two parents who disagree, sixteen, a mentor, and whom she appointed herself.

With and without JavaScript, on a phone.
"""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect

from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.learners.record.models import Learner
from portal.purposes.coming_of_age.services import pass_birthdays
from portal.purposes.queries import has_consent
from portal.representation.models import RepresentativeKind
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import enrol, make_group, make_lesson
from tests.factories.learners import make_learner, make_representative
from tests.journeys.conftest import Live
from tests.journeys.people import Person, link_to, make_person, work

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
SLUG = "lest-best"
HERE = school_id(SLUG)
PHONE = {"width": 390, "height": 844}


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def open_page(request: pytest.FixtureRequest, browse: Callable[..., Page]) -> Callable[[], Page]:
    return lambda: browse(scripted=request.param, viewport=PHONE)


def learner_of(name: str, birth_date: date) -> Learner:
    """Somebody in a group, with a lesson behind her."""
    with in_school(HERE):
        learner = make_learner(name, "Haddad", birth_date=birth_date, email=f"{uuid4().hex[:10]}@example.org")
        group = make_group(f"Groep {uuid4().hex[:8]}")
        enrol(learner, group)
        make_mark(make_lesson(group, held_on=today() - timedelta(days=3)), learner)
        return learner


def parent_of(live: Live, page: Page, child: Learner, name: str) -> Person:
    parent = make_person(live, page, SLUG, name, "representative")
    with in_school(HERE):
        make_representative(child, account_id=parent.account_id, name=name, email=parent.email)
    parent.signs_in()
    return parent


def says_yes(person: Person) -> None:
    person.go("/mijn/toestemmingen")
    person.page.locator("#doel-survey").get_by_role("button", name="Ja, dat mag").click()


def agrees(learner_id: UUID) -> bool:
    with in_school(HERE):
        return has_consent(learner_id, "survey", SYSTEM)


@pytest.mark.promise("LL-04", part="consent")
def test_two_parents_disagree_and_the_office_settles_it(live: Live, open_page: Callable[[], Page]) -> None:
    yara = learner_of("Yara", date(today().year - 12, 1, 1))
    samira = parent_of(live, open_page(), yara, "Samira Haddad")
    karim = parent_of(live, open_page(), yara, "Karim Haddad")
    says_yes(samira)
    samira.reads("U zei ja")
    karim.go("/mijn/toestemmingen/survey/intrekken")
    karim.presses("Neem mijn toestemming terug")
    work(SLUG)
    says_yes(samira)
    samira.titled("Ouders die het niet eens zijn")
    samira.reads("Wat u koos, is niet opgeslagen")
    assert samira.fits()
    assert not agrees(yara.id)
    karim.go("/mijn/oneens")
    karim.reads("De school neemt contact op met u allebei")

    olga = make_person(live, open_page(), SLUG, "Olga Smit", "administration")
    olga.signs_in()
    olga.go("/cursisten/kinderen")
    olga.page.get_by_role("link", name="Yara Haddad").last.click()
    olga.page.get_by_label("Beide ouders zeggen hetzelfde").check()
    olga.page.get_by_label("Dit mag. Een ouder kiest het zelf.").check()
    olga.presses("Leg dit vast")
    olga.reads("Beide ouders lezen dit")
    says_yes(samira)
    samira.reads("U zei ja")
    assert agrees(yara.id)


@pytest.mark.promise("LL-04", part="signing in")
def test_a_parent_asks_a_right_and_is_out_on_the_sixteenth_birthday(live: Live, open_page: Callable[[], Page]) -> None:
    born = today().replace(day=1, year=today().year - 15)
    yara = learner_of("Yara", born)
    samira = parent_of(live, open_page(), yara, "Samira Haddad")
    says_yes(samira)
    samira.go("/mijn/rechten/vragen/zien")
    samira.presses("Vraag dit aan de school")
    samira.reads("U vroeg het.")
    with in_school(HERE):
        day = today()
        sixteen = date(day.year - 16, day.month, min(day.day, 28))
        session.get_one(Learner, (HERE, yara.id)).birth_date = sixteen
        session.flush()
        pass_birthdays(by=PORTAL)
    samira.go("/mijn/gegevens")
    samira.titled("Inloggen bij")
    assert not agrees(yara.id)

    herself = make_person(live, open_page(), SLUG, "Yara Haddad", "learner", learner=yara)
    herself.signs_in()
    herself.go("/mijn/toestemmingen")
    herself.reads("Wij vragen het u opnieuw", "U bent nu 16 of ouder")
    assert herself.fits()
    says_yes(herself)
    herself.reads("U zei ja")
    assert agrees(yara.id)


@pytest.mark.promise("LB-11", part="representative")
def test_a_mentor_reaches_no_more_than_the_school_recorded(
    live: Live, open_page: Callable[[], Page], mail_dir: Path
) -> None:
    amina, address = learner_of("Amina", date(1990, 5, 4)), f"{uuid4().hex[:12]}@voorbeeld.nl"
    olga = make_person(live, open_page(), SLUG, "Olga Smit", "administration")
    olga.signs_in()
    olga.go(f"/cursisten/{amina.id}/vertegenwoordigers/nieuw")
    olga.page.get_by_role("link", name="Mentor").click()
    olga.page.locator("[name=name]").fill("Marieke Mentor")
    olga.page.locator("[name=email]").fill(address)
    olga.page.get_by_label("beslissing van de rechter").check()
    for box in olga.page.locator("[name=categories]").all():
        box.set_checked(box.get_attribute("value") == "attendance")
    assert olga.fits()
    olga.presses("Vastleggen")
    olga.reads("Marieke Mentor", "gezien op", "Olga Smit", "Ziet alleen:")
    work(SLUG)

    mentor = Person(live, open_page(), SLUG, address, olga.account_id)
    mentor.go(link_to(mail_dir, address, "/uitnodiging"))
    mentor.sets_password()
    mentor.go("/mijn/aanwezigheid")
    mentor.reads("Amina Haddad", "aanwezig")
    for path in ("/mijn/toestemmingen", "/mijn/wie-keek", "/mijn/gemachtigden", "/mijn/rechten/klacht"):
        mentor.go(path)
        expect(mentor.page.locator("body")).not_to_contain_text("Wat u eerder koos")
        assert mentor.page.locator("h1").inner_text() not in {"Mijn toestemmingen", "Wie mag voor u handelen"}
    mentor.go("/mijn/niveau")
    expect(mentor.page.locator("main")).not_to_contain_text("Lezen")


TONGUES = [
    pytest.param("ar", "rtl", marks=pytest.mark.whole),
    pytest.param("en", "ltr", marks=pytest.mark.whole),
]


def looks_right(person: Person, language: str, direction: str) -> None:
    """Be on a page in this language, which is no wider than her screen."""
    expect(person.page.locator("html")).to_have_attribute("lang", language)
    expect(person.page.locator("html")).to_have_attribute("dir", direction)
    assert person.fits()


@pytest.mark.parametrize(("language", "direction"), TONGUES)
def test_a_parent_chooses_and_asks_in_her_own_language(
    live: Live, open_page: Callable[[], Page], language: str, direction: str
) -> None:
    yara = learner_of("Yara", today().replace(day=1, year=today().year - 12))
    samira = parent_of(live, open_page(), yara, "Samira Haddad")
    samira.speaks(language)
    samira.go("/mijn/toestemmingen")
    looks_right(samira, language, direction)
    yes = samira.word("Ja, dat mag", language)
    samira.page.locator("#doel-survey").get_by_role("button", name=yes).click()
    expect(samira.page.locator("#doel-survey").get_by_role("button", name=yes)).to_have_count(0)
    assert agrees(yara.id)
    samira.go("/mijn/rechten/vragen/zien")
    looks_right(samira, language, direction)
    samira.presses(samira.word("Vraag dit aan de school", language))
    samira.reads(samira.word("U vroeg het.", language))
    looks_right(samira, language, direction)
    with in_school(HERE):
        session.get_one(Learner, (HERE, yara.id)).birth_date = today().replace(day=1, year=today().year - 16)
        session.flush()
        pass_birthdays(by=PORTAL)
    samira.go("/mijn/gegevens")
    expect(samira.page.locator("form.sign-in")).to_be_visible()
    looks_right(samira, language, direction)
    assert not agrees(yara.id)


@pytest.mark.parametrize(("language", "direction"), TONGUES)
def test_a_mentor_reads_what_she_may_in_her_own_language(
    live: Live, open_page: Callable[[], Page], language: str, direction: str
) -> None:
    amina, page = learner_of("Amina", date(1990, 5, 4)), open_page()
    mentor = make_person(live, page, SLUG, "Marieke Mentor", "representative")
    with in_school(HERE):
        make_representative(
            amina,
            kind=RepresentativeKind.MENTOR,
            account_id=mentor.account_id,
            name="Marieke Mentor",
            email=mentor.email,
            categories=["attendance"],
        )
    mentor.signs_in()
    mentor.speaks(language)
    mentor.go("/mijn/aanwezigheid")
    mentor.reads("Amina Haddad", mentor.word("aanwezig", language))
    looks_right(mentor, language, direction)
    for path in ("/mijn/toestemmingen", "/mijn/wie-keek"):
        mentor.go(path)
        assert mentor.page.locator("h1").inner_text() != mentor.word("Mijn toestemmingen", language)
        looks_right(mentor, language, direction)


@pytest.mark.promise("LB-11", part="representative")
def test_she_appoints_somebody_and_ends_it_by_one_tap(
    live: Live, open_page: Callable[[], Page], mail_dir: Path
) -> None:
    amina, address = learner_of("Amina", date(1990, 5, 4)), f"{uuid4().hex[:12]}@voorbeeld.nl"
    herself = make_person(live, open_page(), SLUG, "Amina Haddad", "learner", learner=amina)
    herself.signs_in()
    herself.go("/mijn/gemachtigden")
    herself.page.locator("[name=name]").fill("Bilal Buurman")
    herself.page.locator("[name=email]").fill(address)
    herself.page.locator("[name=ends_on]").fill((today() + timedelta(days=30)).isoformat())
    assert herself.fits()
    herself.presses("Laat deze persoon voor mij inloggen")
    herself.reads("Bilal Buurman", "tot en met")
    work(SLUG)

    helper = Person(live, open_page(), SLUG, address, herself.account_id)
    helper.go(link_to(mail_dir, address, "/uitnodiging"))
    helper.sets_password()
    helper.go("/mijn/aanwezigheid")
    helper.reads("Amina Haddad")
    herself.go("/mijn/gemachtigden")
    herself.presses("Stop dit")
    herself.reads("beëindigd op")
    helper.go("/mijn/aanwezigheid")
    helper.titled("Inloggen bij")
