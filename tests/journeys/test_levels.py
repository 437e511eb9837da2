"""A teacher enters the levels of a group by tap on a phone, with and without JavaScript."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import LearnerGroup
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.progress.models import Level
from tests.conftest import school_id
from tests.factories.courses import enrol, make_group, make_teacher_of
from tests.factories.imports import sheet_bytes
from tests.factories.learners import make_learner
from tests.house.rows import make_row
from tests.journeys.conftest import Live
from tests.journeys.people import Person, make_person, work

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
SLUG = "lest-best"
PHONE = {"width": 390, "height": 844}


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def teacher(request: pytest.FixtureRequest, live: Live, browse: Callable[..., Page]) -> Person:
    page = browse(scripted=request.param, viewport=PHONE)
    return make_person(live, page, SLUG, "Tess Jansen", "teacher")


@pytest.fixture
def group(teacher: Person) -> LearnerGroup:
    """A group of three."""
    with in_school(school_id(SLUG)):
        group = make_group(f"A1 {uuid4().hex[:8]}")
        make_teacher_of(group, session.get_one(Account, (school_id(SLUG), teacher.account_id)))
        for name in ("Amina", "Bereket", "Chen"):
            enrol(make_learner(name, "Haddad"), group)
        return group


def test_levels_of_a_group_on_a_phone(teacher: Person, group: LearnerGroup) -> None:
    page = teacher.page
    teacher.signs_in()
    teacher.go(f"/groepen/{group.id}/niveau")
    page.get_by_role("link", name="Niveaus invullen").click()
    page.get_by_role("link", name="Spreken", exact=True).click()
    teacher.titled("Spreken")

    taps(page, "Amina", "A2")
    assert levels(group) == {"Amina": "A2"}
    page.get_by_label("Wie nog open staat krijgt").select_option("A1")
    page.get_by_role("button", name="Invullen", exact=True).click()
    expect(page.get_by_text("3 van 3 ingevuld")).to_be_visible()
    assert levels(group) == {"Amina": "A2", "Bereket": "A1", "Chen": "A1"}
    page.get_by_role("button", name="Alle 2 ongedaan maken").click()
    expect(page.get_by_text("1 van 3 ingevuld")).to_be_visible()
    assert levels(group) == {"Amina": "A2"}

    taps(page, "Chen", "B1")
    row_of(page, "Chen").get_by_role("button", name=re.compile("Ongedaan maken")).click()
    expect(row_of(page, "Chen").locator("[value=B1]")).not_to_be_checked()
    assert levels(group) == {"Amina": "A2"}
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_list_of_results_is_stored_and_taken_back(teacher: Person, group: LearnerGroup, tmp_path: Path) -> None:
    rows = [["Amina Haddad", "A2"], ["Bereket Haddad", "gezakt"], ["Chen Haddad", "B7"]]
    path = tmp_path / "toets.xlsx"
    path.write_bytes(sheet_bytes(["Naam", "Lezen", "Datum"], *([*row, "3-11-2026"] for row in rows)))
    page = teacher.page
    teacher.signs_in()
    teacher.go(f"/groepen/{group.id}/niveau")
    page.get_by_role("link", name="Lijst met uitslagen inlezen").click()
    page.locator("input[type=file]").set_input_files(path)
    teacher.presses("Lees dit bestand")
    follow(teacher, until="Alle kolommen zijn bekend")
    teacher.presses("Laat zien wat er verandert")
    follow(teacher, until="Er is nog niets bewaard")
    teacher.reads("Hier staat: B7")
    teacher.presses("Deze rijen opslaan (2)")
    follow(teacher, until="De rijen zijn bewaard")
    assert levels(group) == {"Amina": "A2"}
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    teacher.presses("Maak het inlezen ongedaan")
    follow(teacher, until="ongedaan gemaakt voor 2 cursisten")
    assert levels(group) == {}


def follow(teacher: Person, *, until: str) -> None:
    """Let the worker do what was asked, and look again."""
    work(SLUG)
    teacher.page.reload()
    teacher.reads(until)


def test_what_a_colleague_stored_meanwhile_is_shown(teacher: Person, group: LearnerGroup) -> None:
    page = teacher.page
    teacher.signs_in()
    teacher.go(f"/groepen/{group.id}/niveau/invullen?wat=lezen")
    with in_school(school_id(SLUG)):
        by = {"source": "teacher", "entered_by_name": "Daan Smit", "found_on": today()}
        make_row("level", learner_id=members(group)["Amina"], skill="reading", level="B2", **by)

    taps(page, "Amina", "A1", is_stored=False)

    expect(row_of(page, "Amina")).to_contain_text("Daan Smit heeft dit intussen gewijzigd in: B2. U koos: A1.")
    assert levels(group) == {"Amina": "B2"}


def row_of(page: Page, name: str) -> Locator:
    return page.locator(".register > li").filter(has_text=name)


def taps(page: Page, name: str, level: str, *, is_stored: bool = True) -> None:
    """Tap a level in a row; without script the one button stores it."""
    row_of(page, name).get_by_text(level, exact=True).click()
    plain = page.locator("[data-plain]")
    if plain.is_visible():
        plain.click()
    if is_stored:
        expect(row_of(page, name).locator(".saved.stored")).to_be_visible()


def members(group: LearnerGroup) -> dict[str, UUID]:
    found = select(Learner.given_name, Learner.id).join(Enrolment, Enrolment.learner_id == Learner.id)
    return {row.given_name: row.id for row in session.execute(found.where(Enrolment.group_id == group.id))}


def levels(group: LearnerGroup) -> dict[str, str]:
    with in_school(school_id(SLUG)):
        found = session.execute(
            select(Learner.given_name, Level.level)
            .join(Learner, Learner.id == Level.learner_id)
            .where(Level.learner_id.in_(members(group).values()))
        )
        return {row.given_name: row.level.value for row in found}
