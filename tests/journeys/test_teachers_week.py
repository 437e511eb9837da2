"""A week of a teacher: her lessons and whose she gives, a register, who missed what, a colleague who stands in."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.models import Account
from portal.attendance.models import Status
from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import LearnerGroup
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import enrol, make_group, make_lesson, make_teacher_of
from tests.factories.learners import make_learner
from tests.journeys.conftest import Live
from tests.journeys.people import Person, make_person

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
SLUG = "meester-in-nt2"
DAY = timedelta(days=1)
TITLES = {"nl": ("Mijn week", "Per les"), "en": ("My week", "By lesson"), "ar": ("أسبوعي", "حسب الدرس")}


@pytest.fixture
def group(live: Live) -> LearnerGroup:
    """A group of three of whom the first missed the last lessons: two months of them, and one today."""
    with in_school(school_id(SLUG)):
        group = make_group(f"A2 {uuid4().hex[:8]}", starts_on=today() - 60 * DAY)
        learners = [make_learner(name, "Haddad") for name in ("Amina", "Bereket", "Chen")]
        for learner in learners:
            enrol(learner, group, starts_on=group.starts_on)
        for days in range(2, 60, 2):
            lesson = make_lesson(group, held_on=today() - days * DAY, room="12")
            for at, learner in enumerate(learners):
                is_away = at == 0 and days <= 6
                make_mark(lesson, learner, Status.ABSENT if is_away else Status.PRESENT)
        make_lesson(group, room="12")
        return group


def teacher_of(live: Live, page: Page, group: LearnerGroup, name: str = "Tess Jansen") -> Person:
    person = make_person(live, page, SLUG, name, "teacher")
    with in_school(school_id(SLUG)):
        make_teacher_of(group, session.get_one(Account, (school_id(SLUG), person.account_id)))
    return person


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_a_week_of_a_teacher_on_her_phone(
    live: Live, browse: Callable[..., Page], group: LearnerGroup, scripted: bool
) -> None:
    page = browse(scripted=scripted, viewport={"width": 390, "height": 844})
    teacher, colleague = teacher_of(live, page, group), make_person(live, browse(), SLUG, "Vera Smit", "teacher")
    changes_the_timetable(teacher, colleague, group)

    teacher.signs_in()
    page.get_by_role("link", name="Mijn week").last.click()
    teacher.titled("Mijn week")
    teacher.reads(group.name, "lokaal 12", "3 van 3 open", "u vervangt Vera Smit")
    assert teacher.fits()
    page.get_by_role("link", name="Volgende week").click()
    teacher.reads("Studiedag", "geannuleerd")
    page.get_by_role("link", name="Deze week").click()

    page.get_by_role("link", name=group.name).last.click()
    teacher.titled(group.name)
    teacher.reads("3 keer gemist")
    page.get_by_role("button", name="Iedereen aanwezig").click()
    teacher.reads("Alles is ingevuld")
    teacher.go("/mijn/week")
    teacher.reads("ingevuld")

    teacher.go(f"/groepen/{group.id}/presentie")
    page.get_by_role("link", name="Per les").click()
    teacher.reads("Amina Haddad")
    expect(page.get_by_role("columnheader").last).to_be_in_viewport()
    expect(page.get_by_role("rowheader", name="Amina Haddad")).to_be_in_viewport()
    if scripted:
        scrolls_within_the_table(teacher)

    colleague.signs_in()
    colleague.reads("vervanger: Tess Jansen")


def changes_the_timetable(teacher: Person, colleague: Person, group: LearnerGroup) -> None:
    """Let the teacher take over a lesson of her colleague's today, and one of her own be cancelled next week."""
    with in_school(school_id(SLUG)):
        hers = make_group(f"B1 {uuid4().hex[:8]}")
        make_teacher_of(hers, session.get_one(Account, (school_id(SLUG), colleague.account_id)))
        make_lesson(hers, substitute_id=teacher.account_id)
        make_lesson(group, held_on=today() + 7 * DAY, cancelled_at=now(), cancelled_because="Studiedag")


def scrolls_within_the_table(teacher: Person) -> None:
    """The latest lesson is in sight first; the arrows bring the earlier ones, and the page itself never scrolls."""
    page = teacher.page
    assert teacher.fits()
    table = page.locator(".matrix")
    before = table.evaluate("each => each.scrollLeft")
    table.focus()
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function("before => document.querySelector('.matrix').scrollLeft < before", arg=before)
    expect(page.get_by_role("rowheader", name="Amina Haddad")).to_be_in_viewport()


@pytest.mark.sample(1 / 9)
@pytest.mark.parametrize(("language", "width"), list(product(TITLES, (390, 900, 1280))))
def test_week_and_matrix_fit_every_screen_in_every_language(
    live: Live, browse: Callable[..., Page], group: LearnerGroup, language: str, width: int
) -> None:
    page = browse(viewport={"width": width, "height": 900})
    teacher = teacher_of(live, page, group)
    teacher.signs_in()
    teacher.speaks(language)

    teacher.go("/mijn/week")
    teacher.titled(TITLES[language][0])
    assert teacher.fits()
    teacher.go(f"/groepen/{group.id}/presentie/lessen")
    teacher.reads(TITLES[language][1])
    assert teacher.fits()
    expect(page.get_by_role("columnheader").last).to_be_in_viewport()
