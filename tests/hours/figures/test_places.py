"""Places taken and who waits, by month: as they were at its end, or as they are today."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from portal.core.db.session import session
from portal.hours.figures.models import FigureKind, SchoolFigure
from portal.hours.figures.services import count_all
from portal.learners.trajectories.models import Route
from portal.learners.waiting_list.models import WaitingEnd
from portal.schools.queries import SchoolView
from tests.factories.courses import enrol, make_course, make_group, make_lesson, make_person
from tests.factories.learners import make_organisation, make_trajectory
from tests.factories.waiting_list import make_waiting

NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)


@pytest.fixture(autouse=True)
def on_friday(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


def told(kind: FigureKind, subject: object = "", month: date = NOVEMBER) -> SchoolFigure:
    return session.scalars(
        select(SchoolFigure)
        .where(SchoolFigure.kind == kind, SchoolFigure.subject == str(subject), SchoolFigure.month == month)
        .execution_options(populate_existing=True)
    ).one()


def test_places_are_counted_of_groups_that_have_a_number_of_them(school: SchoolView) -> None:
    course = make_course()
    group, over, open_ended = (
        make_group(course=course, capacity=16),
        make_group(course=course, capacity=12, ends_on=date(2026, 10, 31)),
        make_group(course=course),
    )
    make_lesson(group, held_on=date(2026, 10, 5))
    for in_group in (group, over, open_ended):
        enrol(make_person(), in_group)
    enrol(make_person(), group, starts_on=date(2026, 11, 2))
    enrol(make_person(), group, starts_on=date(2026, 11, 23))
    count_all()

    def places(kind: FigureKind, subject: object = "", month: date = NOVEMBER) -> tuple[int, int]:
        row = told(kind, subject, month)
        return row.places_taken, row.places

    assert places(FigureKind.GROUP, group.id) == (2, 16)
    assert places(FigureKind.GROUP, group.id, OCTOBER) == (1, 16)
    assert places(FigureKind.GROUP, open_ended.id) == (0, 0)
    assert places(FigureKind.COURSE, course.id) == places(FigureKind.SCHOOL) == (2, 16)
    assert places(FigureKind.COURSE, course.id, OCTOBER) == places(FigureKind.SCHOOL, month=OCTOBER) == (2, 28)


def test_who_waits_counts_for_course_client_route_and_school_until_she_waits_no_more(school: SchoolView) -> None:
    course, client, group = make_course(), make_organisation(), make_group()
    make_lesson(group, held_on=date(2026, 10, 5))
    enrol(make_person(), group)
    still, gone = make_person(), make_person()
    make_trajectory(still, client_id=client.id, route=Route.Z)
    make_waiting(still, course, since_on=date(2026, 10, 21))
    make_waiting(gone, course, since_on=date(2026, 10, 1), ended_on=date(2026, 11, 3), end_reason=WaitingEnd.PLACED)
    count_all()

    def waiting(kind: FigureKind, subject: object = "", month: date = NOVEMBER) -> tuple[int, int]:
        row = told(kind, subject, month)
        return row.waiting, row.waiting_days

    assert waiting(FigureKind.COURSE, course.id) == waiting(FigureKind.SCHOOL) == (1, 30)
    assert waiting(FigureKind.COURSE, course.id, OCTOBER) == waiting(FigureKind.SCHOOL, month=OCTOBER) == (2, 40)
    assert waiting(FigureKind.CLIENT, client.id) == waiting(FigureKind.ROUTE, Route.Z.value) == (1, 30)
    assert told(FigureKind.COURSE, course.id).people == 1
