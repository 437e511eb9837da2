"""A director's Monday on her phone: how the school does beside the period before, where it lags, what to take along."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete

from portal.attendance.models import Status
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import Course, LearnerGroup
from portal.hours.figures.models import FigureKind, SchoolFigure
from portal.hours.figures.months import month_of
from portal.hours.figures.services import count_all
from portal.learners.trajectories.models import Route
from tests.conftest import school_id
from tests.factories.attendance import make_mark
from tests.factories.courses import enrol, make_course, make_group, make_lesson
from tests.factories.learners import make_learner, make_organisation, make_trajectory
from tests.journeys.conftest import Live
from tests.journeys.people import make_person

pytestmark = pytest.mark.sample(0.5)  # with script or without, as the seed says
SLUG = "step-inburgering"
TITLES = {"nl": ("Cijfers", "Per groep"), "en": ("Figures", "By group"), "ar": ("الأرقام", "حسب المجموعة")}
THIS = month_of(today())
LAST = month_of(THIS - timedelta(days=1))


def fill(name: str, size: int, course: Course, *, absent: int = 0) -> LearnerGroup:
    """Make a group with a lesson last month to which all came, and one this month with some absent and one open."""
    group = make_group(f"{name} {uuid4().hex[:6]}", course=course, starts_on=LAST)
    client = make_organisation(f"Gemeente {uuid4().hex[:6]}")
    learners = [make_learner("Cursist", f"{at:03d}") for at in range(size)]
    lessons = [make_lesson(group, held_on=day) for day in (LAST, THIS)]
    for at, learner in enumerate(learners):
        enrol(learner, group)
        make_trajectory(learner, route=Route.B1, client_id=client.id, starts_on=LAST)
        make_mark(lessons[0], learner)
        make_mark(lessons[1], learner, Status.ABSENT if at < absent else Status.PRESENT)
    return group


@pytest.fixture
def groups(live: Live) -> list[LearnerGroup]:
    """A group that does well, one of which half stayed away this month, and two of three learners."""
    with in_school(school_id(SLUG)):
        course = make_course(f"Inburgering {uuid4().hex[:6]}")
        found = [
            fill("Goed", 8, course),
            fill("Zakt weg", 8, course, absent=4),
            fill("Klein een", 3, course),
            fill("Klein twee", 3, course),
        ]
        count_all()
        leave_out_others(course, found)
        return found


def leave_out_others(course: Course, groups: list[LearnerGroup]) -> None:
    """Forget the figures of what other tests left at this school: their few learners would be joined with these."""
    own = {str(course.id), Route.B1.value, *(str(group.id) for group in groups)}
    kinds = (FigureKind.GROUP, FigureKind.COURSE, FigureKind.ROUTE)
    session.execute(delete(SchoolFigure).where(SchoolFigure.kind.in_(kinds), SchoolFigure.subject.not_in(own)))


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_a_directors_monday(
    live: Live, browse: Callable[..., Page], groups: list[LearnerGroup], scripted: bool
) -> None:
    page = browse(scripted=scripted, viewport={"width": 390, "height": 844})
    director = make_person(live, page, SLUG, "Kees van Loon", "management")
    good, lags, *small = groups

    director.signs_in()
    page.locator("summary", has_text="Menu").click()
    page.get_by_role("link", name="Cijfers", exact=True).last.click()
    director.titled("Cijfers")
    page.get_by_role("link", name="Maand", exact=True).click()
    director.reads("Deze periode loopt nog", "Wachtlijst")
    assert director.fits()

    rows = page.locator("#school-rows tbody tr")
    expect(rows.filter(has_text=good.name)).to_contain_text("100%")
    expect(rows.filter(has_text=lags.name)).to_contain_text("50%")
    expect(rows.filter(has_text=lags.name)).to_contain_text("was 100%")
    for group in small:
        expect(rows.filter(has_text=group.name)).to_have_count(0)
    expect(rows.filter(has_text="Kleine groepen van")).not_to_have_count(0)

    page.get_by_role("link", name="Per leerroute").click()
    expect(rows.filter(has_text="B1-route")).not_to_have_count(0)
    page.get_by_role("link", name="De periode ervoor").click()
    director.reads("vergeleken met")

    takes_the_file(page)
    director.go("/school?periode=maand")
    page.get_by_role("link", name=lags.name).click()
    director.titled(lags.name)


def takes_the_file(page: Page) -> None:
    """Take the figures along as a workbook."""
    page.locator("summary", has_text="Lijst ophalen").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel (.xlsx)").click()
    assert download.value.suggested_filename == "cijfers.xlsx"


def test_the_office_goes_from_an_open_register_that_is_counted_to_the_register(
    live: Live, browse: Callable[..., Page], groups: list[LearnerGroup]
) -> None:
    with in_school(school_id(SLUG)):
        newcomer = make_learner("Nieuw", "Hier")
        enrol(newcomer, groups[0])
        make_trajectory(newcomer, route=Route.B1)
        count_all()
    page = browse(viewport={"width": 1280, "height": 900})
    office = make_person(live, page, SLUG, "Anouk Bos", "administration")
    office.signs_in()
    office.chooses("Cijfers")
    page.get_by_role("link", name="Naar de open registers").click()
    office.titled("Presentie")
    office.reads(groups[0].name)


@pytest.mark.sample(1 / 9)
@pytest.mark.parametrize(("language", "width"), list(product(TITLES, (390, 900, 1280))))
def test_the_figures_fit_every_screen_in_every_language(
    live: Live, browse: Callable[..., Page], groups: list[LearnerGroup], language: str, width: int
) -> None:
    page = browse(viewport={"width": width, "height": 900})
    director = make_person(live, page, SLUG, "Kees van Loon", "management")
    director.signs_in()
    director.speaks(language)

    for asked in ("", "?periode=halfjaar&per=cursus", "?periode=eigen&van=2025-01&tot=2026-11&per=opdrachtgever"):
        director.go(f"/school{asked}")
        director.titled(TITLES[language][0])
        assert director.fits()
    director.reads(TITLES[language][1])
