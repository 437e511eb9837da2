"""Which registers are still to be filled in: those in which somebody of that day has no mark, counted once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from portal.accounts.actors import actor_of
from portal.attendance.open_registers import queries
from portal.attendance.open_registers.queries import RegisterState, count_open_registers, list_open_registers
from portal.core.clock import today
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import Reach
from portal.courses.models import LearnerGroup
from portal.courses.scope import parameters_of
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_mark
from tests.factories.courses import enrol, make_enrolled_learner, make_group, make_lesson
from tests.signing_in import make_account

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    return make_group()


@pytest.fixture
def office(school: SchoolView) -> Actor:
    account = make_account("Kim", "administration")
    return actor_of(account.id, account.name, frozenset({"administration"}))


def open_registers(office: Actor) -> list[RegisterState]:
    found = list_open_registers(office, since=today() - 60 * DAY)
    assert count_open_registers(office, since=today() - 60 * DAY) == len(found)
    return found


def test_somebody_who_stands_twice_in_a_group_counts_once(group: LearnerGroup, office: Actor) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group, held_on=today() - DAY)
    enrol(learner, group, starts_on=today() - 10 * DAY)

    [state] = open_registers(office)

    assert (state.learners, state.open, state.marks) == (1, 1, 0)
    make_mark(lesson, learner)
    assert not open_registers(office)


def test_a_mark_of_who_left_fills_nobody_elses_place(group: LearnerGroup, office: Actor) -> None:
    left, here = make_enrolled_learner(group, ends_on=today() - 5 * DAY), make_enrolled_learner(group, "Bilal")
    lesson = make_lesson(group, held_on=today() - DAY)
    make_mark(lesson, left)

    [state] = open_registers(office)

    assert (state.learners, state.open, state.marks) == (2, 1, 1)
    make_mark(lesson, here)
    assert not open_registers(office)


@pytest.mark.parametrize("statement", [queries._days_statement, queries._own_days_statement])
def test_the_lessons_of_a_week_are_found_by_keys(
    group: LearnerGroup, office: Actor, engine: Engine, statement: Callable[[Reach], Any]
) -> None:
    make_mark(make_lesson(group, held_on=today()), make_enrolled_learner(group))
    days = {"since": today() - 6 * DAY, "day": today(), "limit": 2_000, "account": office.account_id}
    asked = statement(Reach.SCHOOL).params(**days, **parameters_of(office.scope))
    written = asked.compile(engine, compile_kwargs={"literal_binds": True})
    session.execute(text("set local enable_seqscan = off"))

    plan = "\n".join(row[0] for row in session.execute(text(f"explain {written}".replace(":", r"\:"))))

    assert "Seq Scan on lesson" not in plan, plan
    assert "Seq Scan" not in plan
