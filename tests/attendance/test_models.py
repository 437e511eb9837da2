"""What is true of a mark: Python and PostgreSQL say the same of any."""

from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.attendance.models import AttendanceMark, Status
from portal.attendance.registers.queries import Mark
from portal.core.db.session import session
from portal.courses.models import Lesson
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_mark
from tests.factories.courses import make_group, make_lesson, make_person

SHARED = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def stored() -> AttendanceMark:
    found = session.scalar(select(AttendanceMark))
    return found or make_mark(make_lesson(make_group()), make_person())


@SHARED
@given(
    status=st.sampled_from(Status),
    late=st.integers(0, 200) | st.none(),
    early=st.integers(0, 200),
    lesson_minutes=st.integers(0, 300),
)
def test_python_and_the_database_agree_on_any_mark(
    school: SchoolView, *, status: Status, late: int | None, early: int, lesson_minutes: int
) -> None:
    mark = stored()
    there = status is Status.PRESENT
    mark.status, mark.late_minutes, mark.early_minutes = status, late if there else 0, early * there
    mark.minutes = mark.contact_minutes(lesson_minutes)
    value = Mark(learner_id=UUID(int=1), status=status, late_minutes=late if there else 0, early_minutes=early * there)
    row = session.execute(
        select(
            AttendanceMark.contact_minutes(lesson_minutes).label("minutes"),
            AttendanceMark.is_open.label("is_open"),
            AttendanceMark.is_present.label("is_present"),
            AttendanceMark.is_absence.label("is_absence"),
            AttendanceMark.is_late.label("is_late"),
        )
    ).one()
    for said in (mark, value):
        assert row.minutes == said.contact_minutes(lesson_minutes)
        assert (row.is_open, row.is_present, row.is_absence) == (said.is_open, said.is_present, said.is_absence)
        assert row.is_late == said.is_late == (there and late != 0)
    assert 0 <= row.minutes <= lesson_minutes
    assert there or row.minutes == 0


def test_who_has_no_mark_is_open(school: SchoolView) -> None:
    lesson = make_lesson(make_group())
    outer = select(AttendanceMark.is_open, AttendanceMark.is_absence)
    statement = outer.select_from(Lesson).outerjoin(AttendanceMark, AttendanceMark.lesson_id == lesson.id)
    assert session.execute(statement).one() == (True, None)
    assert Mark(learner_id=UUID(int=1)).is_open
