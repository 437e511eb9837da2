"""The office on a phone: a teacher who is ill is replaced, the next term is named, and her group is copied to it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.courses.models import LearnerGroup
from tests.conftest import school_id
from tests.factories.courses import fill_group, make_group, make_lesson, make_slot, make_teacher_of
from tests.journeys.conftest import Live
from tests.journeys.people import Person, make_person
from tests.signing_in import make_account

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
SLUG = "meester-in-nt2"
DAY = timedelta(days=1)
TITLES = {"nl": "Groepen kopiëren", "en": "Copy groups", "ar": "نسخ المجموعات"}


@pytest.fixture
def group(live: Live) -> LearnerGroup:
    """A group of two that ends within a term, with a weekly lesson and a teacher."""
    with in_school(school_id(SLUG)):
        made = make_group(f"A2 {uuid4().hex[:6]}", starts_on=today() - 60 * DAY, ends_on=today() + 40 * DAY)
        make_teacher_of(made, make_account(f"Tess {uuid4().hex[:6]}", "teacher"))
        make_slot(made, (today() + DAY).weekday())
        make_lesson(made, held_on=today() + DAY)
        fill_group(made, 2)
        return made


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_an_ill_teacher_is_replaced_and_the_group_copied_to_the_next_term(
    live: Live, browse: Callable[..., Page], group: LearnerGroup, scripted: bool
) -> None:
    phone = {"width": 390, "height": 800}
    vera = make_person(live, browse(scripted=scripted, viewport=phone), SLUG, f"Vera {uuid4().hex[:6]}", "teacher")
    office = make_person(live, browse(scripted=scripted, viewport=phone), SLUG, "Emiel Bosch", "administration")
    office.signs_in()
    _replace(office, group, vera)

    vera.signs_in()
    vera.go("/mijn/week" + f"?rond={(today() + DAY).isoformat()}")
    vera.reads(group.name, "Tess")
    assert vera.fits()

    term = f"Voorjaar {uuid4().hex[:6]}"
    _name_term(office, term)
    _copy(office, group, term)
    office.reads(f"{group.name} nieuw", "Tess")
    expect(office.page.locator("main")).not_to_contain_text("Vera")


def _replace(office: Person, group: LearnerGroup, substitute: Person) -> None:
    """Let somebody teach the group for a week in her place."""
    page = office.page
    office.go(f"/groepen/{group.id}")
    page.get_by_role("link", name="Docent toevoegen").click()
    with in_school(school_id(SLUG)):
        name = page.locator(f"option[value='{substitute.account_id}']").inner_text()
    page.get_by_label("Docent", exact=True).select_option(label=name)
    page.get_by_label("Tot en met").fill((today() + 7 * DAY).isoformat())
    page.get_by_label("Dit is een vervanger").check()
    office.presses("Opslaan")
    office.reads("De docent staat bij de groep.", name)
    assert office.fits()


def _name_term(office: Person, name: str) -> None:
    page = office.page
    office.go("/groepen")
    page.get_by_role("link", name="Perioden").click()
    page.get_by_label("Naam").fill(name)
    page.get_by_label("Eerste dag").fill((today() + 60 * DAY).isoformat())
    page.get_by_label("Laatste dag").fill((today() + 160 * DAY).isoformat())
    office.presses("Voeg toe")
    office.reads("De periode is toegevoegd.", name)
    assert office.fits()


def _copy(office: Person, group: LearnerGroup, term: str) -> None:
    """Copy the group to the term under a name of its own, and open the new one."""
    page = office.page
    office.go(f"/groepen/{group.id}")
    page.get_by_role("link", name="Kopiëren").click()
    page.get_by_role("link", name=term).click()
    expect(page.get_by_label("Eerste dag", exact=True)).to_have_value((today() + 60 * DAY).isoformat())
    expect(page.locator(f"input[name=groep][value='{group.id}']")).to_be_checked()
    page.locator(f"input[name='naam.{group.id}']").fill(f"{group.name} nieuw")
    assert office.fits()
    office.presses("Maak de groepen")
    office.titled(f"{group.name} nieuw")
    office.reads("1 groep is gemaakt.")


@pytest.mark.sample(1 / 9)
@pytest.mark.parametrize("width", [390, 900, 1280])
@pytest.mark.parametrize("language", TITLES)
def test_the_page_of_copies_fits_in_each_language(
    live: Live, browse: Callable[..., Page], group: LearnerGroup, language: str, width: int
) -> None:
    page = browse(viewport={"width": width, "height": 800})
    office = make_person(live, page, SLUG, "Emiel Bosch", "administration")
    office.signs_in()
    office.speaks(language)
    office.go(f"/groepen/kopieren?groep={group.id}")
    office.titled(TITLES[language])
    assert office.fits()
