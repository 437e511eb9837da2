"""A teacher's morning, with and without JavaScript: Vandaag, the register, levels, a note."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.accounts.models import Account
from portal.attendance.models import AttendanceMark
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import LearnerGroup, Lesson
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.progress.models import Level
from tests.conftest import school_id
from tests.factories.courses import enrol, make_group, make_lesson, make_teacher_of
from tests.factories.learners import make_learner
from tests.journeys.conftest import Live
from tests.journeys.people import Person, make_person

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
SLUG = "meester-in-nt2"


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def teacher(request: pytest.FixtureRequest, live: Live, browse: Callable[..., Page]) -> Person:
    return make_person(live, browse(scripted=request.param), SLUG, "Tess Jansen", "teacher", accepts=False)


@pytest.fixture
def group(teacher: Person) -> LearnerGroup:
    """A group of four with a lesson today, and a record that is not hers to see."""
    with in_school(school_id(SLUG)):
        group = make_group(f"A1 {uuid4().hex[:8]}")
        make_teacher_of(group, session.get_one(Account, (school_id(SLUG), teacher.account_id)))
        for name in ("Amina", "Bereket", "Chen", "Dilan"):
            enrol(make_learner(name, "Haddad"), group)
        make_lesson(group)
        return group


def test_a_teachers_morning(teacher: Person, group: LearnerGroup) -> None:
    page = teacher.page
    teacher.signs_in()
    teacher.titled("Geheimhouding")
    page.get_by_label("Ik heb dit gelezen").check()
    teacher.presses("Verder")
    teacher.titled("Vandaag")
    page.get_by_role("link", name=group.name).first.click()
    teacher.titled(group.name)
    fills_in_the_register(page)
    assert marks(group) == {"Amina": "present", "Bereket": "absent", "Chen": "present", "Dilan": "excused"}

    teacher.go("/groepen")
    page.get_by_role("link", name=group.name).click()
    page.get_by_role("link", name="Niveau", exact=True).first.click()
    enters_levels(page)
    assert levels(group) == {("Amina", "A1"), ("Chen", "A2")}

    page.get_by_role("link", name="Amina Haddad").first.click()
    page.get_by_text("Schrijf een notitie").click()
    page.locator("textarea[name$=body]").first.fill("Leest korte berichten zonder hulp.")
    teacher.presses("Notitie opslaan")
    teacher.reads("Leest korte berichten zonder hulp.")


def enters_levels(page: Page) -> None:
    page.get_by_role("link", name="Niveaus invullen").click()
    for subject, name, level in (("Lezen", "Amina", "A1"), ("Spreken", "Chen", "A2")):
        page.get_by_role("link", name=subject, exact=True).click()
        row = page.locator(".register > li").filter(has_text=name)
        row.get_by_text(level, exact=True).click()
        plain = page.locator("[data-plain]")
        if plain.is_visible():
            plain.click()
        expect(row.locator(".saved.stored")).to_be_visible()
    page.get_by_role("link", name="Niveau", exact=True).first.click()


def fills_in_the_register(page: Page) -> None:
    page.get_by_role("button", name="Iedereen aanwezig").click()
    rows = page.locator(".register > li")
    expect(rows.filter(has_text="Amina").locator("[value=present]")).to_be_checked()
    for name, choice in (("Bereket", "Afwezig"), ("Dilan", "Afgemeld")):
        rows.filter(has_text=name).get_by_text(choice, exact=True).click()
    plain = page.locator("[data-plain]")
    if plain.is_visible():
        plain.click()
    for name in ("Bereket", "Dilan"):
        expect(rows.filter(has_text=name)).to_contain_text("opgeslagen")
    expect(page.locator("[data-left]")).to_have_text("Alles is ingevuld")


def marks(group: LearnerGroup) -> dict[str, str]:
    with in_school(school_id(SLUG)):
        found = session.execute(
            select(Learner.given_name, AttendanceMark.status)
            .join(Lesson, Lesson.id == AttendanceMark.lesson_id)
            .join(Learner, Learner.id == AttendanceMark.learner_id)
            .where(Lesson.group_id == group.id)
        )
        return {row.given_name: row.status.value for row in found}


def levels(group: LearnerGroup) -> set[tuple[str, str]]:
    with in_school(school_id(SLUG)):
        found = session.execute(
            select(Learner.given_name, Level.level)
            .join(Learner, Learner.id == Level.learner_id)
            .join(Enrolment, Enrolment.learner_id == Learner.id)
            .where(Enrolment.group_id == group.id)
        )
        return {(row.given_name, row.level.value) for row in found}


def test_titles_on_vandaag_begin_at_one_place(live: Live, browse: Callable[..., Page]) -> None:
    """Whatever day a lesson was on: "wo 4 nov" and "wo 25 nov" take the same room."""
    teacher = make_person(live, browse(), SLUG, "Tess Jansen", "teacher")
    with in_school(school_id(SLUG)):
        group = make_group(f"A1 {uuid4().hex[:8]}", starts_on=today() - timedelta(days=60))
        make_teacher_of(group, session.get_one(Account, (school_id(SLUG), teacher.account_id)))
        enrol(make_learner("Amina", "Haddad"), group, starts_on=group.starts_on)
        for days in (3, 11, 20, 28, 40):
            make_lesson(group, held_on=today() - timedelta(days=days))
    teacher.signs_in()
    page = teacher.page
    for width in (390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        teacher.go("/vandaag")
        places = page.evaluate(
            "[...document.querySelectorAll('section:has(#earlier) .list .main')]"
            ".map(each => Math.round(each.getBoundingClientRect().x))"
        )
        assert len(places) == 5
        assert len(set(places)) == 1
