"""Looking at learners and answering: raised once, brought up to date, quiet after an answer, nothing else changed."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from portal.accounts.actors import actor_of
from portal.attendance.models import Status
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.base import Base
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import PORTAL, Actor
from portal.core.jobs import Job
from portal.courses.lessons.queries import get_lesson
from portal.courses.models import LearnerGroup, Lesson
from portal.learners.record.models import Learner
from portal.notifications.models import NotificationKind
from portal.schools.queries import SchoolView
from portal.signals.models import Signal, SignalAnswer, SignalKind
from portal.signals.services import (
    LONGEST_WAIT,
    answer_signal,
    look_at,
    look_at_everybody,
    look_at_lesson,
    look_later,
    set_rules,
)
from tests.factories.attendance import make_mark
from tests.factories.caseloads import make_coach, make_coach_substitute, make_coaching
from tests.factories.courses import make_enrolled_learner, make_group, make_lesson
from tests.factories.imports import make_office
from tests.factories.notifications import told_of
from tests.signing_in import make_account

WRITTEN = {"signal", "audit_event", "audit_learner", "audit_unsealed", "audit_value"}
ROW = {SignalKind.ABSENT_IN_A_ROW: (3, True)}


@pytest.fixture
def office(school: SchoolView) -> Actor:
    return make_office("Ans de Wit")


@pytest.fixture
def manager(school: SchoolView) -> Actor:
    account = make_account("Dina Bos", "management")
    return actor_of(account.id, account.name, frozenset({"management"}))


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    return make_group()


@pytest.fixture
def learner(group: LearnerGroup) -> Learner:
    return make_enrolled_learner(group)


def lesson_on(group: LearnerGroup, day: date) -> Lesson:
    """Return the group's lesson of a day, made where there is none."""
    found = session.scalar(select(Lesson).where(Lesson.group_id == group.id, Lesson.held_on == day))
    return found or make_lesson(group, held_on=day)


def miss(group: LearnerGroup, learner: Learner, *days: int, status: Status = Status.ABSENT) -> list[Lesson]:
    """Let her have lessons so many days ago, and say of each what the register says."""
    lessons = [lesson_on(group, today() - timedelta(days=each)) for each in days]
    for lesson in lessons:
        make_mark(lesson, learner, status)
    return lessons


def open_signals(learner: Learner) -> list[Signal]:
    wanted = select(Signal).where(Signal.learner_id == learner.id, Signal.is_open).order_by(Signal.id)
    return list(session.scalars(wanted.execution_options(populate_existing=True)))


@pytest.fixture
def signal(manager: Actor, group: LearnerGroup, learner: Learner) -> Signal:
    """What is asked of a learner who missed her last three lessons."""
    set_rules(ROW, by=manager)
    miss(group, learner, 9, 8, 7)
    assert look_at([learner.id], by=PORTAL) == 1
    [raised] = open_signals(learner)
    return raised


def contents() -> dict[str, Any]:
    """All rows of this school, by table, but for those of signals and of the log."""
    return {
        table.name: sorted(map(str, session.execute(select(table)).all()))
        for table in Base.metadata.sorted_tables
        if table.info.get("school_owned") and table.name not in WRITTEN
    }


@pytest.mark.promise("OP-06", "LL-13", part="signal")
def test_low_attendance_asks_a_person_and_changes_nothing(
    manager: Actor, group: LearnerGroup, learner: Learner
) -> None:
    set_rules({**ROW, SignalKind.LOW_ATTENDANCE: (90, True), SignalKind.NOT_SEEN: (3, True)}, by=manager)
    miss(group, learner, *range(5, 15))
    session.flush()
    before = contents()

    assert look_at_everybody(by=PORTAL) == 3

    assert {each.kind for each in open_signals(learner)} == {
        SignalKind.ABSENT_IN_A_ROW,
        SignalKind.LOW_ATTENDANCE,
        SignalKind.NOT_SEEN,
    }
    assert contents() == before


def test_a_signal_is_raised_once_and_brought_up_to_date(group: LearnerGroup, learner: Learner, signal: Signal) -> None:
    assert signal.facts["lessons"] == 3

    miss(group, learner, 2)
    assert look_at([learner.id], by=PORTAL) == 0

    [again] = open_signals(learner)
    assert (again.id, again.facts["lessons"]) == (signal.id, 4)


@pytest.mark.promise("OP-06", "LL-13", part="signal")
def test_a_signal_ends_when_it_is_no_longer_so(group: LearnerGroup, learner: Learner, signal: Signal) -> None:
    miss(group, learner, 2, status=Status.PRESENT)
    assert look_at([learner.id], by=PORTAL) == 0

    assert open_signals(learner) == []
    session.refresh(signal)
    assert signal.ended_at is not None
    events = session.scalars(select(AuditEvent.event).where(AuditEvent.subject_id == signal.id).order_by(AuditEvent.id))
    assert list(events) == ["signals.raised", "signals.ended"]


@pytest.mark.parametrize(
    ("answer", "days"),
    [(SignalAnswer.CALLED, 14), (SignalAnswer.SPOKE, 14), (SignalAnswer.NO_GROUND, 28), (SignalAnswer.WAIT, 7)],
)
def test_an_answer_keeps_it_quiet_for_a_time_and_then_it_is_asked_anew(
    office: Actor, learner: Learner, signal: Signal, answer: SignalAnswer, days: int
) -> None:
    wait = today() + timedelta(days=7) if answer is SignalAnswer.WAIT else None
    learner.last_contact_on = today() - timedelta(days=9)
    session.flush()

    answered = answer_signal(signal.id, answer, wait_until=wait, by=office)

    assert answered.quiet_until == today() + timedelta(days=days)
    assert (answered.answered_by, answered.answered_by_name) == (office.account_id, "Ans de Wit")
    assert (learner.last_contact_on == today()) == (answer is SignalAnswer.SPOKE)
    assert look_at([learner.id], by=PORTAL) == 0
    answered.quiet_until = today() - timedelta(days=1)
    session.flush()
    assert look_at([learner.id], by=PORTAL) == 1


@pytest.mark.parametrize(
    ("days", "code"),
    [(None, "day_missing"), (0, "day_past"), (-3, "day_past"), (LONGEST_WAIT.days + 1, "day_far")],
)
def test_waiting_needs_a_day_that_comes(office: Actor, signal: Signal, days: int | None, code: str) -> None:
    day = None if days is None else today() + timedelta(days=days)

    with pytest.raises(Invalid, match=code):
        answer_signal(signal.id, SignalAnswer.WAIT, wait_until=day, by=office)


def test_who_comes_second_hears_who_answered(office: Actor, signal: Signal) -> None:
    answer_signal(signal.id, SignalAnswer.CALLED, by=office)

    with pytest.raises(Conflict, match="answered"):
        answer_signal(signal.id, SignalAnswer.NO_GROUND, by=make_office("Bo de Wit"))


def test_only_who_may_answers_and_sets_rules(manager: Actor, office: Actor, learner: Learner, signal: Signal) -> None:
    with pytest.raises(NotAllowed):
        answer_signal(signal.id, SignalAnswer.CALLED, by=manager)
    with pytest.raises(NotAllowed):
        set_rules(ROW, by=office)
    with pytest.raises(NotFound):
        answer_signal(learner.id, SignalAnswer.CALLED, by=office)


def test_no_rule_that_is_on_asks_nothing(manager: Actor, group: LearnerGroup, learner: Learner) -> None:
    miss(group, learner, 9, 8, 7)
    assert look_at_everybody(by=PORTAL) == 0
    set_rules({SignalKind.ABSENT_IN_A_ROW: (3, False)}, by=manager)
    assert look_at_everybody(by=PORTAL) == 0


def test_who_left_or_was_merged_is_not_looked_at(manager: Actor, group: LearnerGroup, learner: Learner) -> None:
    set_rules(ROW, by=manager)
    miss(group, learner, 9, 8, 7)
    session.execute(text("update enrolment set ends_on = current_date - 2, starts_on = current_date - 30"))
    assert look_at_everybody(by=PORTAL) == 0


def test_what_was_asked_about_who_left_ends(learner: Learner, signal: Signal) -> None:
    session.execute(text("update enrolment set ends_on = current_date - 2, starts_on = current_date - 30"))
    session.expire_all()

    assert look_at_everybody(by=PORTAL) == 0

    assert open_signals(learner) == []
    assert signal.ended_at is not None


def test_a_stored_register_is_looked_at_once_it_has_settled(
    manager: Actor, group: LearnerGroup, learner: Learner
) -> None:
    set_rules(ROW, by=manager)
    lesson = miss(group, learner, 9, 8, 7)[-1]
    view = get_lesson(lesson.id, make_office("Bo de Wit"))

    for _ in range(3):
        look_later(view)

    jobs = session.scalars(select(Job).where(Job.kind == "signals.look_at_lesson")).all()
    assert [job.arguments for job in jobs] == [{"lesson_id": str(lesson.id)}]
    assert look_at_lesson(lesson.id, by=PORTAL) == 1


def test_her_coach_and_who_stands_in_are_told_until_somebody_answered(
    office: Actor, group: LearnerGroup, learner: Learner, manager: Actor
) -> None:
    coach, stands_in = make_coach(), make_coach("Daan Smit")
    make_coaching(learner, coach)
    make_coach_substitute(stands_in, coach)
    set_rules(ROW, by=manager)
    miss(group, learner, 1, 2, 3)
    look_at([learner.id], by=PORTAL)
    signal = session.scalars(select(Signal)).one()
    told = [(NotificationKind.SIGNAL_RAISED, signal.id, learner.id)]
    assert told_of(coach.id) == told_of(stands_in.id) == told

    answer_signal(signal.id, SignalAnswer.CALLED, by=office)
    assert told_of(coach.id) == told_of(stands_in.id) == []
