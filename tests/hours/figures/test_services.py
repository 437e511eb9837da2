"""What a month comes to: by group, course, client and route, counted soon after a register and anew each night."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from portal.attendance.models import AttendanceMark, Status
from portal.attendance.registers.queries import Mark
from portal.attendance.registers.services import record_attendance
from portal.core.clock import now
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.jobs import Job
from portal.courses.lessons.queries import get_lesson
from portal.courses.models import LearnerGroup
from portal.hours.figures.models import FigureKind, SchoolFigure
from portal.hours.figures.services import count_all, count_month
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Route
from portal.progress.models import ExamPart, ExamResult, Level, LevelSource, Rung, Skill
from portal.purposes.models import StepState
from portal.purposes.objections.services import make_objections
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_mark
from tests.factories.consent import as_learner
from tests.factories.courses import enrol, make_group, make_lesson
from tests.factories.learners import make_learner, make_organisation, make_trajectory
from tests.house.rows import make_row
from tests.jobs import do_jobs

NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)
SIGNED = {"entered_by_name": "Tess"}


@pytest.fixture(autouse=True)
def on_friday(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


def figures(kind: FigureKind, subject: object = "", month: date = NOVEMBER) -> SchoolFigure | None:
    return session.scalar(
        select(SchoolFigure)
        .where(SchoolFigure.kind == kind, SchoolFigure.subject == str(subject), SchoolFigure.month == month)
        .execution_options(populate_existing=True)
    )


def told(kind: FigureKind, subject: object = "", month: date = NOVEMBER) -> SchoolFigure:
    found = figures(kind, subject, month)
    assert found is not None
    return found


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    return make_group("A2 ochtend")


@pytest.fixture
def learners(group: LearnerGroup) -> list[Learner]:
    """Three of a group: the first goes for B1 for a client, the second is on the Z-route, the third on none."""
    found = [make_learner(name) for name in ("Amina", "Bilal", "Chen")]
    for learner in found:
        enrol(learner, group)
    client = make_organisation()
    make_trajectory(found[0], route=Route.B1, client_id=client.id)
    make_trajectory(found[1], route=Route.Z)
    return found


def test_marks_count_for_the_group_the_course_the_client_the_route_and_the_school(
    group: LearnerGroup, learners: list[Learner]
) -> None:
    first = make_lesson(group, held_on=date(2026, 11, 3))
    second = make_lesson(group, held_on=date(2026, 11, 10))
    gone = make_lesson(group, held_on=date(2026, 11, 17), cancelled_at=now())
    amina, bilal, chen = learners
    make_mark(first, amina)
    make_mark(first, bilal, Status.PRESENT, late_minutes=15)
    make_mark(first, chen, Status.ABSENT)
    make_mark(second, amina, Status.EXCUSED)
    make_mark(gone, amina, Status.ABSENT)

    count_month(NOVEMBER)

    lasts = first.minutes
    for kind, subject in ((FigureKind.GROUP, group.id), (FigureKind.COURSE, group.course_id), (FigureKind.SCHOOL, "")):
        found = told(kind, subject)
        assert (found.present, found.late, found.absent, found.excused) == (2, 1, 1, 1)
        assert (found.minutes_attended, found.minutes_offered) == (2 * lasts - 15, 4 * lasts)
        assert (found.learners, found.people) == (3, 3)
        assert (found.lessons, found.lessons_open, found.lessons_cancelled) == (2, 1, 1)
    assert told(FigureKind.ROUTE, "b1").present == 1
    assert told(FigureKind.ROUTE, "b1").excused == 1
    assert told(FigureKind.ROUTE, "z").late == 1
    assert told(FigureKind.ROUTE, "").absent == 1
    clients = session.scalars(select(SchoolFigure).where(SchoolFigure.kind == FigureKind.CLIENT)).all()
    assert sorted((found.people, found.subject == "") for found in clients) == [(1, False), (2, True)]


def test_who_is_in_two_groups_of_a_course_is_one_of_its_learners(group: LearnerGroup, learners: list[Learner]) -> None:
    course = session.get_one(type(group), (group.school_id, group.id)).course_id
    evening = LearnerGroup(name="A2 avond", course_id=course, starts_on=group.starts_on)
    session.add(evening)
    session.flush()
    enrol(learners[0], evening)
    count_month(NOVEMBER)
    assert told(FigureKind.GROUP, evening.id).learners == 1
    assert told(FigureKind.COURSE, course).learners == 3


def level(learner: Learner, rung: Rung, found_on: date, skill: Skill = Skill.READING) -> None:
    session.add(
        Level(learner_id=learner.id, skill=skill, level=rung, source=LevelSource.TEST, found_on=found_on,
              entered_at=now(), **SIGNED)
    )  # fmt: skip
    session.flush()


def test_a_step_up_counts_in_the_month_in_which_it_was_found(group: LearnerGroup, learners: list[Learner]) -> None:
    amina, bilal, chen = learners
    level(amina, Rung.A1, date(2026, 9, 1))
    level(amina, Rung.A2, date(2026, 10, 8))
    level(amina, Rung.B1, date(2026, 11, 5))
    level(amina, Rung.A1, date(2026, 11, 6), Skill.WRITING)
    level(bilal, Rung.B1, date(2026, 10, 1))
    level(bilal, Rung.A2, date(2026, 11, 2))
    level(chen, Rung.ALFA_C, date(2026, 10, 1))
    level(chen, Rung.A1, date(2026, 11, 2))
    count_month(NOVEMBER)
    count_month(OCTOBER)
    assert told(FigureKind.GROUP, group.id).levels_up == 1
    assert told(FigureKind.GROUP, group.id, OCTOBER).levels_up == 1
    assert told(FigureKind.ROUTE, "b1").levels_up == 1


def test_a_step_to_a_level_between_counts_when_the_whole_level_is_there(learners: list[Learner]) -> None:
    amina, _bilal, _chen = learners
    level(amina, Rung.A1, date(2026, 9, 1))
    for day, rung in ((2, Rung.A1_PLUS), (3, Rung.A2_MINUS), (4, Rung.A2), (5, Rung.A2_PLUS)):
        level(amina, rung, date(2026, 11, day))
    count_month(NOVEMBER)
    assert told(FigureKind.SCHOOL).levels_up == 1


def test_an_exam_counts_once_its_result_is_there(group: LearnerGroup, learners: list[Learner]) -> None:
    for learner, is_passed in zip(learners, (True, False, None), strict=True):
        session.add(
            ExamResult(learner_id=learner.id, part=ExamPart.KNM, taken_on=date(2026, 11, 4), is_passed=is_passed,
                       source=LevelSource.EXAM, entered_at=now(), **SIGNED)
        )  # fmt: skip
    session.flush()
    count_month(NOVEMBER)
    assert (told(FigureKind.SCHOOL).exams, told(FigureKind.SCHOOL).exams_passed) == (2, 1)


def withdraw(learner: Learner, *, done_after: int | None, told_after: int | None = None, kept: bool = False) -> None:
    """Store a withdrawal, so many minutes after which it was carried out, and its recipients were told."""
    asked = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
    done, told = (None if after is None else asked + timedelta(minutes=after) for after in (done_after, told_after))
    row = make_row("withdrawal", learner_id=learner.id, asked_at=asked, done_at=done)
    steps = ((StepState.KEPT if kept else StepState.DONE, told), (StepState.DONE, done))
    for kind, (state, moment) in zip(("recipients", "files"), steps, strict=True):
        make_row("withdrawal_step", withdrawal_id=row["id"], kind=kind, state=state, done_at=moment)


def test_a_withdrawal_is_done_when_its_recipients_were_told_too(group: LearnerGroup, learners: list[Learner]) -> None:
    amina, bilal, chen = learners
    withdraw(amina, done_after=1, told_after=60)
    withdraw(bilal, done_after=1, told_after=1, kept=True)
    withdraw(chen, done_after=None)
    count_month(NOVEMBER)
    found = told(FigureKind.GROUP, group.id)
    assert (found.withdrawals, found.withdrawals_done, found.withdrawal_minutes) == (3, 1, 60)


def test_behind_exams_stand_as_many_people_as_took_one(group: LearnerGroup, learners: list[Learner]) -> None:
    amina, bilal, _chen = learners
    for learner, part in ((amina, ExamPart.KNM), (amina, ExamPart.ONA), (bilal, ExamPart.KNM)):
        session.add(
            ExamResult(learner_id=learner.id, part=part, taken_on=date(2026, 11, 4), is_passed=True,
                       source=LevelSource.EXAM, entered_at=now(), **SIGNED)
        )  # fmt: skip
    level(amina, Rung.A1, date(2026, 10, 1))
    level(amina, Rung.A2, date(2026, 11, 5))
    count_month(NOVEMBER)
    found = told(FigureKind.GROUP, group.id)
    assert (found.exams, found.exams_people) == (3, 2)
    assert (found.levels_up, found.levels_people, found.withdrawals_people) == (1, 1, 0)


def test_what_somebody_without_a_group_did_is_of_no_group(school: SchoolView) -> None:
    gone, _other = make_learner(created_at=now()), make_learner("Bilal", created_at=now())
    level(gone, Rung.A1, date(2026, 9, 1))
    level(gone, Rung.A2, date(2026, 11, 5))
    count_month(NOVEMBER)
    assert told(FigureKind.GROUP).levels_up == 1
    assert (told(FigureKind.GROUP).learners, told(FigureKind.GROUP).people) == (0, 2)
    assert told(FigureKind.SCHOOL).learners == 1


def test_counting_again_changes_nothing_and_forgets_what_is_gone(group: LearnerGroup, learners: list[Learner]) -> None:
    make_mark(make_lesson(group, held_on=date(2026, 11, 3)), learners[0])
    assert count_month(NOVEMBER) == count_month(NOVEMBER)
    session.execute(delete(AttendanceMark))
    session.execute(update(LearnerGroup).values(ends_on=date(2026, 10, 31)))
    count_all()
    assert figures(FigureKind.GROUP, group.id) is None


def test_all_months_are_counted_since_the_first_lesson(group: LearnerGroup, learners: list[Learner]) -> None:
    make_mark(make_lesson(group, held_on=date(2025, 9, 3)), learners[0])
    count_all()
    months = session.scalars(
        select(SchoolFigure.month).where(SchoolFigure.kind == FigureKind.GROUP).order_by(SchoolFigure.month)
    ).all()
    assert (months[0], months[-1]) == (date(2025, 9, 1), NOVEMBER)
    assert told(FigureKind.GROUP, group.id, date(2025, 9, 1)).present == 1


def test_a_register_that_is_stored_lets_its_month_be_counted_once(
    group: LearnerGroup, learners: list[Learner], office: Actor, clock: Callable[[datetime], None]
) -> None:
    moment = datetime(2026, 11, 20, 12, 1, 30, tzinfo=UTC)
    lessons = [make_lesson(group, held_on=date(2026, 11, day)) for day in (3, 4)]
    for lesson in lessons:
        clock(moment)
        view = get_lesson(lesson.id, office)
        record_attendance(view, [Mark(learner_id=learners[0].id, status=Status.PRESENT)], by=office)
        moment += timedelta(minutes=5)
    asked = session.scalars(select(Job).where(Job.kind == "hours.count_month")).all()
    assert [(job.arguments, job.run_after) for job in asked] == [
        ({"month": "2026-11-01"}, datetime(2026, 11, 20, 12, 11, tzinfo=UTC))
    ]
    clock(datetime(2026, 11, 20, 12, 11, tzinfo=UTC))
    checkpoint()
    record_attendance(
        get_lesson(lessons[0].id, office), [Mark(learner_id=learners[1].id, status=Status.PRESENT)], by=office
    )
    assert len(session.scalars(select(Job.id).where(Job.kind == "hours.count_month")).all()) == 2


@pytest.mark.promise("ST-09", part="objection")
def test_who_objects_to_what_figures_are_for_is_in_none_at_once(group: LearnerGroup, learners: list[Learner]) -> None:
    lesson = make_lesson(group, held_on=date(2026, 11, 3))
    for learner in learners:
        make_mark(lesson, learner)
    count_all()
    assert told(FigureKind.GROUP, group.id).present == 3
    make_objections(learners[0].id, ["improvement"], data_request_id=None, by=as_learner(learners[0]))
    do_jobs("hours.count_figures")
    found = told(FigureKind.GROUP, group.id)
    assert (found.present, found.learners, found.people) == (2, 2, 2)
    assert figures(FigureKind.ROUTE, "b1") is None
