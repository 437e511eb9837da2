"""How the statements of the coach's list find their rows, and which lessons are a learner's last."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from portal.accounts.actors import actor_of
from portal.accounts.models import Account
from portal.attendance.models import Status
from portal.core.clock import local, now, today
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.hours import queries as hours_queries
from portal.overview.my_learners import queries
from portal.overview.my_learners.queries import LESSONS, list_my_learners
from portal.schools.queries import SchoolView
from portal.signals.evaluation import evaluate
from portal.signals.histories import list_histories
from portal.signals.models import SignalKind
from tests.factories.attendance import make_mark
from tests.factories.caseloads import make_coach, make_coaching
from tests.factories.courses import enrol, make_group, make_lesson
from tests.factories.learners import make_learner

DAY = timedelta(days=1)


def actor_for(account: Account) -> Actor:
    return actor_of(account.id, account.name, frozenset({"coach"}))


def test_the_last_lessons_are_those_of_all_her_groups(school: SchoolView) -> None:
    roos, amina = make_coach(), make_learner()
    make_coaching(amina, roos)
    morning, evening = make_group("Ochtend"), make_group("Avond")
    enrol(amina, morning, starts_on=today() - 60 * DAY, ends_on=today() - 20 * DAY)
    enrol(amina, evening, starts_on=today() - 19 * DAY)
    for group, days in ((morning, range(10, 60, 5)), (evening, range(1, 40, 4))):
        for ago in days:
            make_lesson(group, held_on=today() - ago * DAY)
    cancelled = make_lesson(evening, held_on=today() - 2 * DAY, cancelled_at=now())
    make_mark(cancelled, amina, Status.ABSENT, minutes=0)
    make_lesson(evening, held_on=today() + 3 * DAY)

    [found] = list_my_learners(actor_for(roos))

    hers = [*range(20, 60, 5), *range(1, 20, 4)]
    assert found.lessons.days == tuple(today() - ago * DAY for ago in sorted(hers)[:LESSONS][::-1])
    assert set(found.lessons.kinds) == {"open"}


def test_the_share_that_she_followed_is_the_one_that_a_signal_names(school: SchoolView) -> None:
    roos, amina, group = make_coach(), make_learner(), make_group()
    make_coaching(amina, roos)
    enrol(amina, group, starts_on=today() - 60 * DAY)
    marks: list[tuple[Status, dict[str, Any]]] = [
        (Status.PRESENT, {}), (Status.PRESENT, {"late_minutes": 60}), (Status.ABSENT, {"is_authorised": True}),
        (Status.EXCUSED, {"is_authorised": False}), *[(Status.ABSENT, {})] * 4,
    ]  # fmt: skip
    for ago, (status, values) in enumerate(marks, 1):
        make_mark(make_lesson(group, held_on=today() - ago * DAY), amina, status, **values)

    [found] = list_my_learners(actor_for(roos))

    history = list_histories([amina.id], actor_for(roos).scope, today())[amina.id]
    [signal] = evaluate(history, {SignalKind.LOW_ATTENDANCE: 70}, today())
    assert found.lessons.percent == signal.facts["percent"] > 0
    assert found.lessons.kinds.count("authorised") == 1


def test_open_lessons_and_authorised_ones_leave_the_share_what_the_signal_says(school: SchoolView) -> None:
    roos, amina, group = make_coach(), make_learner(), make_group()
    make_coaching(amina, roos)
    enrol(amina, group, starts_on=today() - 60 * DAY)
    for ago in range(1, 30):
        lesson = make_lesson(group, held_on=today() - ago * DAY)
        if ago % 3 == 0:
            make_mark(lesson, amina, Status.ABSENT if ago < 16 else Status.PRESENT)
        elif ago % 5 == 0:
            make_mark(lesson, amina, Status.ABSENT, is_authorised=True)
        elif ago % 7 == 0:
            make_mark(lesson, amina, Status.PRESENT, late_minutes=30)

    [found] = list_my_learners(actor_for(roos))

    history = list_histories([amina.id], actor_for(roos).scope, today())[amina.id]
    [signal] = evaluate(history, {SignalKind.LOW_ATTENDANCE: 70}, today())
    assert found.lessons.kinds.count("open") > 0
    assert found.lessons.percent == signal.facts["percent"] > 0


def test_who_has_no_lesson_that_counts_has_no_share(school: SchoolView) -> None:
    roos, amina, group = make_coach(), make_learner(), make_group()
    make_coaching(amina, roos)
    enrol(amina, group, starts_on=today() - 60 * DAY)
    make_lesson(group, held_on=today() - 2 * DAY)
    make_mark(make_lesson(group, held_on=today() - DAY), amina, Status.ABSENT, is_authorised=True)
    assert list_my_learners(actor_for(roos))[0].lessons.percent is None


@pytest.mark.parametrize(
    ("statement", "key"),
    [
        (queries._people, "_coaching"),  # empty tables make each key of it cost the same, here and below
        (queries._last_lessons, "uq_lesson_moment"),
        (queries._levels, "ix_level_learner_day"),
        (lambda: hours_queries._ATTENDED, "_attendance_mark"),
    ],
)
def test_every_row_is_found_by_a_key(
    school: SchoolView, engine: Engine, statement: Callable[[], Any], key: str
) -> None:
    values = {
        "school": school.id, "coach": make_coach().id, "day": today(), "moment": now(),
        "learners": [make_learner().id], "clock": local(now()).time(),
    }  # fmt: skip
    compiled = statement().params(**values).compile(engine)
    for off in ("seqscan", "hashjoin", "mergejoin", "sort", "incremental_sort"):
        session.execute(text(f"set local enable_{off} = off"))

    explained = session.connection().exec_driver_sql(f"explain {compiled.string}", compiled.params)
    plan = "\n".join(row[0] for row in explained)

    assert "Seq Scan" not in plan
    assert key in plan, plan
