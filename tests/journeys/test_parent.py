"""A parent, with and without JavaScript: invited for a child under 16, she sees, corrects and decides for her."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect

from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.courses.models import LearnerGroup
from portal.learners.record.models import Learner
from portal.purposes.queries import has_consent
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import enrol, make_group, make_lesson
from tests.factories.learners import make_learner
from tests.journeys.conftest import Live
from tests.journeys.people import Person, link_to, make_person, work

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
SLUG = "lest-best"
HERE = school_id(SLUG)
YOUNG = today().replace(day=1, year=today().year - 12)


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def open_page(request: pytest.FixtureRequest, browse: Callable[..., Page]) -> Callable[..., Page]:
    return lambda **options: browse(scripted=request.param, **options)


def child(given_name: str, group: LearnerGroup) -> UUID:
    """A child in a group, with a lesson behind her."""
    learner = make_learner(given_name, "Haddad", birth_date=YOUNG, phone="+31301234567")
    enrol(learner, group)
    make_mark(make_lesson(group, held_on=today() - timedelta(days=len(given_name))), learner)
    return learner.id


def records(olga: Person, child_id: UUID, address: str) -> None:
    """The office records the parent, on what it saw."""
    page = olga.page
    olga.go(f"/cursisten/{child_id}/toegang")
    olga.reads("jonger dan 16 en heeft geen eigen account")
    page.get_by_role("link", name="Iemand toevoegen").click()
    page.get_by_role("link", name="Ouder").first.click()
    page.locator("[name=name]").fill("Samira Haddad")
    page.locator("[name=email]").fill(address)
    page.locator("[name=proof]").fill("Geboorteakte gezien")
    page.locator("[name=ends_on]").fill((today() + timedelta(days=365)).isoformat())
    olga.presses("Vastleggen")
    olga.reads("Samira Haddad", "Geboorteakte gezien")


@pytest.mark.promise("LL-04")
def test_a_parent_sees_corrects_and_decides(live: Live, open_page: Callable[..., Page], mail_dir: Path) -> None:
    address = f"{uuid4().hex[:12]}@voorbeeld.nl"
    with in_school(HERE):
        group = make_group(f"Kinderen {uuid4().hex[:8]}")
        yara, adam = child("Yara", group), child("Adamou", group)
    olga = make_person(live, open_page(), SLUG, "Olga Smit", "administration")
    olga.signs_in()
    records(olga, yara, address)
    work(SLUG)
    samira = Person(live, open_page(viewport={"width": 390, "height": 844}), SLUG, address, olga.account_id)
    samira.go(link_to(mail_dir, address, "/uitnodiging"))
    samira.reads("Samira Haddad")
    samira.sets_password()
    sees_and_corrects(samira)
    with in_school(HERE):
        stored = session.get_one(Learner, (HERE, yara))
        assert (stored.phone, stored.given_name) == ("+31612345678", "Yara")
        assert has_consent(yara, "survey", SYSTEM)
        assert not has_consent(adam, "survey", SYSTEM)

    records(olga, adam, address)
    chooses_another_child(samira)
    ends_it(olga, yara)
    samira.go("/mijn/gegevens")
    samira.titled("Inloggen bij")
    samira.signs_in()
    samira.go("/mijn/gegevens")
    samira.reads("Adamou Haddad")
    expect(samira.page.locator("body")).not_to_contain_text("Yara")


def sees_and_corrects(samira: Person) -> None:
    """The phone at once, the name as a proposal, a consent; each for the child whose name stands above."""
    page = samira.page
    expect(page.locator(".note")).to_contain_text("Yara Haddad")
    samira.go("/mijn/aanwezigheid")
    samira.reads("Yara Haddad", "aanwezig")
    samira.go("/mijn/gegevens/alles")
    page.locator("#veld-phone").get_by_role("link").first.click()
    page.locator("[name=phone]").fill("06 12 34 56 78")
    samira.presses("Opslaan")
    samira.reads("06 12345678")
    samira.go("/mijn/gegevens/alles")
    page.locator("#veld-given_name").get_by_role("link").first.click()
    page.locator("[name=given_name]").fill("Yarah")
    samira.presses("Vraag deze wijziging")
    samira.reads("wacht op de school")
    samira.go("/mijn/toestemmingen")
    page.locator("#doel-survey").get_by_role("button", name="Ja, dat mag").click()
    samira.reads("U zei ja")


def chooses_another_child(samira: Person) -> None:
    samira.go("/namens")
    samira.page.locator("li").filter(has_text="Adamou Haddad").get_by_role("button").click()
    expect(samira.page.locator(".note")).to_contain_text("Adamou Haddad")
    samira.go("/mijn/gegevens/alles")
    expect(samira.page.locator("#veld-given_name")).to_contain_text("Adamou")
    expect(samira.page.locator("main")).not_to_contain_text("06 12345678")


def ends_it(olga: Person, child_id: UUID) -> None:
    olga.go(f"/cursisten/{child_id}/toegang")
    olga.presses("Beëindigen")
    olga.reads("beëindigd op")
