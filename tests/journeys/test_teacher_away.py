"""The office on a phone: an ill teacher is replaced in all her groups, who leaves hands over, holidays of a year."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.courses.holidays.calendar import year_of
from portal.courses.models import LearnerGroup
from tests.conftest import school_id
from tests.factories.courses import make_group, make_lesson, make_teacher_of
from tests.journeys.conftest import Live
from tests.journeys.people import Person, make_person
from tests.signing_in import make_account

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
SLUG = "meester-in-nt2"
DAY = timedelta(days=1)
PHONE = {"width": 390, "height": 800}
PAGES = ("/vakanties/invullen?region=north", "/overdragen", "/overdragen/{id}", "/docenten/{id}/vervangen")


@pytest.fixture
def tess(live: Live) -> tuple[Account, list[LearnerGroup]]:
    """A teacher of two groups, each with a lesson tomorrow, at another hour."""
    with in_school(school_id(SLUG)):
        teacher = make_account(f"Tess {uuid4().hex[:6]}", "teacher")
        groups = [make_group(f"A{at} {uuid4().hex[:6]}") for at in (1, 2)]
        for at, group in enumerate(groups):
            make_teacher_of(group, teacher)
            make_lesson(group, held_on=today() + (1 + at) * DAY)
        return teacher, groups


def office_of(live: Live, page: Page) -> Person:
    office = make_person(live, page, SLUG, "Emiel Bosch", "administration")
    office.signs_in()
    return office


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_an_ill_teacher_is_replaced_in_all_groups_and_comes_back(
    live: Live, browse: Callable[..., Page], tess: tuple[Account, list[LearnerGroup]], scripted: bool
) -> None:
    vera = make_person(live, browse(viewport=PHONE), SLUG, f"Vera {uuid4().hex[:6]}", "teacher")
    office = office_of(live, browse(scripted=scripted, viewport=PHONE))
    teacher, groups = tess
    office.go("/overdragen")
    office.page.get_by_role("link", name=f"Laten vervangen {teacher.name}").click()
    office.titled(f"Vervanging van {teacher.name}")
    office.page.locator("select[name=substitute_id]").select_option(value=str(vera.account_id))
    office.presses("Laat vervangen")
    office.reads("De vervanging is bewaard.", *[group.name for group in groups])
    assert office.fits()

    vera.signs_in()
    vera.go(f"/mijn/week?rond={(today() + DAY).isoformat()}")
    vera.reads(groups[0].name)

    office.presses("Ongedaan maken")
    office.reads("Ongedaan gemaakt op 2 plaatsen.")


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_who_leaves_hands_over_from_her_page(
    live: Live, browse: Callable[..., Page], tess: tuple[Account, list[LearnerGroup]], scripted: bool
) -> None:
    vera = make_person(live, browse(viewport=PHONE), SLUG, f"Vera {uuid4().hex[:6]}", "teacher")
    boss = make_person(live, browse(scripted=scripted, viewport=PHONE), SLUG, "Ada Smit", "management")
    boss.signs_in()
    teacher, groups = tess
    boss.go(f"/medewerkers/{teacher.id}")
    boss.page.get_by_role("link", name="Draagt over").click()
    boss.titled(f"{teacher.name} draagt over")
    for each in boss.page.locator("main form select").all():
        each.select_option(value=str(vera.account_id))
    boss.presses("Draag over")
    boss.reads("Dit is overgedragen:", f"{groups[0].name}: aan Vera", "Nu kunt u de toegang beëindigen")
    assert boss.fits()


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_a_years_holidays_are_filled_in(live: Live, browse: Callable[..., Page], scripted: bool) -> None:
    office = office_of(live, browse(scripted=scripted, viewport=PHONE))
    office.go("/vakanties")
    office.page.get_by_role("link", name="Feestdagen en schoolvakanties invullen").click()
    year = year_of(today()) + (2 if scripted else 1)  # each its own: they share a school
    office.page.get_by_role("link", name=f"{year}-{year + 1}").click()
    office.page.get_by_role("link", name="Noord").click()
    office.reads("Niet gecontroleerd door ons")
    assert office.fits()
    office.presses("Vul in")
    office.reads("toegevoegd.", "Tweede Pinksterdag")
    office.go("/vakanties/invullen")
    expect(office.page.locator("[aria-current]", has_text="Noord")).to_be_visible()


@pytest.mark.sample(1 / 9)
@pytest.mark.parametrize("width", [390, 900, 1280])
@pytest.mark.parametrize("language", ["nl", "en", "ar"])
def test_the_pages_fit_in_each_language(
    live: Live, browse: Callable[..., Page], tess: tuple[Account, list[LearnerGroup]], language: str, width: int
) -> None:
    office = office_of(live, browse(viewport={"width": width, "height": 800}))
    office.speaks(language)
    for path in PAGES:
        office.go(path.format(id=tess[0].id))
        assert office.fits(), path
