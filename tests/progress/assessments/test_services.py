"""Storing what is found of a group by tap: conflicts, once, a whole column, undo, and whom it may be about."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.accounts.actors import actor_of
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.courses.models import LearnerGroup
from portal.learners.merges.services import merge_learners
from portal.progress.assessments.queries import AssessmentRow, list_rows
from portal.progress.assessments.services import Finding, fill_column, record_findings, undo_step
from portal.progress.assessments.storage import Recorded
from portal.progress.assessments.subjects import SUBJECTS, Assessment
from portal.progress.models import ExamResult, Level, LevelSource
from portal.schools.queries import SchoolView
from tests.factories.courses import fill_group, make_enrolled_learner, make_group, make_teacher_of
from tests.factories.learners import make_learner
from tests.racing import Race
from tests.signing_in import make_account

KNM = Assessment(SUBJECTS["knm"], today(), LevelSource.EXAM)
READING = Assessment(SUBJECTS["lezen"], today(), LevelSource.TEACHER)


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    """A group of three."""
    group = make_group()
    fill_group(group, 3)
    return group


@pytest.fixture
def teacher(group: LearnerGroup) -> Actor:
    """Its teacher."""
    account = make_account("Tess Bakker", "teacher")
    actor = actor_of(account.id, account.name, frozenset({"teacher"}))
    make_teacher_of(group, actor)
    return actor


def rows(group: LearnerGroup, by: Actor, asked: Assessment = READING) -> list[AssessmentRow]:
    return list_rows(group.id, asked, by)


def values(group: LearnerGroup, by: Actor, asked: Assessment = READING) -> list[str]:
    return [row.value for row in rows(group, by, asked)]


def tap(group: LearnerGroup, by: Actor, at: int, value: str, asked: Assessment = READING) -> Recorded:
    row = rows(group, by, asked)[at]
    return record_findings(group.id, asked, [Finding(row.learner_id, value, row.seen)], by=by)


def events() -> Sequence[AuditEvent]:
    return session.scalars(
        select(AuditEvent).where(AuditEvent.event.startswith("progress.")).order_by(AuditEvent.id)
    ).all()


@pytest.mark.parametrize(("asked", "first", "then"), [(READING, "A1", "A2"), (KNM, "failed", "passed")])
def test_a_tap_stores_and_the_next_replaces_it(
    group: LearnerGroup, teacher: Actor, asked: Assessment, first: str, then: str
) -> None:
    tap(group, teacher, 0, first, asked)
    tap(group, teacher, 0, then, asked)

    row = rows(group, teacher, asked)[0]
    assert values(group, teacher, asked) == [then, "", ""]
    assert (row.replaced, row.entered_by_name, row.is_filled) == (first, "Tess Bakker", True)
    assert [entry.learner_ids for entry in events()] == [[row.learner_id]] * 2
    assert "fields" in events()[1].facts


def test_the_same_said_twice_is_stored_once(group: LearnerGroup, teacher: Actor) -> None:
    row = rows(group, teacher)[0]
    finding = Finding(row.learner_id, "A1", row.seen)

    first = record_findings(group.id, READING, [finding], by=teacher)
    again = record_findings(group.id, READING, [finding], by=teacher)

    assert (bool(first.step), again.step) == (True, "")
    assert again.rows[0].value == "A1"
    assert session.scalar(select(func.count()).select_from(Level)) == 1


def test_what_another_stored_meanwhile_stays(group: LearnerGroup, teacher: Actor) -> None:
    seen = rows(group, teacher)[0]
    tap(group, teacher, 0, "B1")

    with pytest.raises(Conflict, match="stale") as refused:
        record_findings(group.id, READING, [Finding(seen.learner_id, "A1", seen.seen)], by=teacher)

    assert refused.value.facts["learner_ids"] == [seen.learner_id]
    assert values(group, teacher)[0] == "B1"


def test_a_column_fills_who_has_nothing_that_day(group: LearnerGroup, teacher: Actor) -> None:
    tap(group, teacher, 0, "B1")
    tap(group, teacher, 1, "A1", replace(READING, source=LevelSource.TEST))

    filled = fill_column(group.id, READING, "A2", by=teacher)

    assert [row.learner_id for row in filled.rows] == [rows(group, teacher)[2].learner_id]
    assert values(group, teacher) == ["B1", "", "A2"]


def test_a_column_leaves_out_for_whom_a_choice_is_on_its_way(group: LearnerGroup, teacher: Actor) -> None:
    waits = rows(group, teacher)[1].learner_id

    fill_column(group.id, READING, "A2", by=teacher, but={waits})

    assert values(group, teacher) == ["A2", "", "A2"]


def test_a_column_is_taken_back_in_one_step_without_what_changed_since(group: LearnerGroup, teacher: Actor) -> None:
    step = fill_column(group.id, READING, "A2", by=teacher).step
    tap(group, teacher, 1, "B1")

    undo_step(group.id, READING, step, by=teacher)

    assert values(group, teacher) == ["", "B1", ""]
    assert events()[-1].event == "progress.levels_undone"
    with pytest.raises(Conflict, match="nothing_to_undo"):
        undo_step(group.id, READING, step, by=teacher)


def test_undoing_a_change_brings_back_what_stood_there(group: LearnerGroup, teacher: Actor) -> None:
    tap(group, teacher, 0, "failed", KNM)
    step = tap(group, teacher, 0, "passed", KNM).step

    undo_step(group.id, KNM, step, by=teacher, only=rows(group, teacher)[0].learner_id)

    assert values(group, teacher, KNM) == ["failed", "", ""]
    assert session.scalars(select(ExamResult.is_passed)).all() == [False]


def test_another_cannot_take_it_back_nor_anybody_on_a_later_day(
    group: LearnerGroup, teacher: Actor, clock: Callable[..., None]
) -> None:
    account = make_account("Daan Smit", "coach")
    coach = actor_of(account.id, account.name, frozenset({"coach"}))
    step = tap(group, teacher, 0, "A1").step

    with pytest.raises(Conflict, match="nothing_to_undo"):
        undo_step(group.id, READING, step, by=coach)
    entered_at = rows(group, teacher)[0].entered_at
    assert entered_at is not None
    clock(entered_at + timedelta(days=1))
    with pytest.raises(Conflict, match="nothing_to_undo"):
        undo_step(group.id, READING, step, by=teacher)


@pytest.mark.parametrize(("days", "code"), [(1, "day_ahead"), (-20_000, "day_too_long_ago")])
def test_a_day_that_cannot_be(group: LearnerGroup, teacher: Actor, days: int, code: str) -> None:
    asked = replace(READING, found_on=today() + timedelta(days=days))
    with pytest.raises(Invalid, match=code):
        fill_column(group.id, asked, "A1", by=teacher)


@pytest.mark.parametrize("asked", [READING, KNM])
def test_a_value_that_is_none(group: LearnerGroup, teacher: Actor, asked: Assessment) -> None:
    with pytest.raises(Invalid, match="no_choice"):
        fill_column(group.id, asked, "Z9", by=teacher)


@pytest.mark.promise("LB-06")
def test_a_teacher_enters_nothing_outside_her_groups(group: LearnerGroup, teacher: Actor) -> None:
    elsewhere = make_group()
    stranger = make_enrolled_learner(elsewhere, "Vreemd")

    for where in (group, elsewhere):
        with pytest.raises(Invalid, match="not_in_group"):
            record_findings(where.id, READING, [Finding(stranger.id, "A1", "0.")], by=teacher)
    assert fill_column(elsewhere.id, READING, "A1", by=teacher).rows == ()


def test_the_office_enters_nothing(group: LearnerGroup) -> None:
    account = make_account("Olga", "administration")
    office = actor_of(account.id, account.name, frozenset({"administration"}))
    with pytest.raises(NotAllowed):
        fill_column(group.id, READING, "A1", by=office)


def test_a_school_that_keeps_no_levels(enter: Callable[..., object], group: LearnerGroup, teacher: Actor) -> None:
    with enter("onderwijs-pro"), pytest.raises(NotFound, match="feature_off"):
        fill_column(group.id, READING, "A1", by=teacher)


def test_of_two_at_once_one_is_stored(race: Race) -> None:
    with in_school(race.school_id):
        group = make_group()
        learner_id = make_enrolled_learner(group).id
        account = make_account("Daan Smit", "coach")
        coach = actor_of(account.id, account.name, frozenset({"coach"}))

    def store(value: str) -> Recorded:
        return record_findings(group.id, READING, [Finding(learner_id, value, "0.")], by=coach)

    with in_school(race.school_id):
        store("A1")
        late = race.start(lambda: store("B1"))
        assert race.stand_still(1)

    with pytest.raises(Conflict, match="stale"):
        late.result(timeout=10)
    with in_school(race.school_id):
        assert session.scalars(select(Level.level)).all() == ["A1"]


def test_who_becomes_part_of_another_record_takes_nothing_more(race: Race) -> None:
    with in_school(race.school_id):
        group = make_group()
        kept_id, other = make_learner().id, make_enrolled_learner(group, "Emine")
        account = make_account("Daan Smit", "coach")
        coach = actor_of(account.id, account.name, frozenset({"coach"}))
        other_id: UUID = other.id

    with in_school(race.school_id):
        merge_learners(kept_id, other_id, take=(), by=actor_of(account.id, "Anouk", frozenset({"administration"})))
        late = race.start(lambda: fill_column(group.id, READING, "A1", by=coach))
        assert race.stand_still(1)

    late.result(timeout=10)
    with in_school(race.school_id):
        assert session.scalar(select(func.count()).where(Level.learner_id == other_id)) == 0
