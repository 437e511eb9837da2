"""Levels between levels: what is entered, shown and counted where a school works with them, and where it doesn't."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.core.clock import now, today
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM, Reach, Scope
from portal.courses.models import LearnerGroup
from portal.learners.corrections.kinds import find_field
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.progress.assessments.labels import value_labels
from portal.progress.assessments.queries import list_rows
from portal.progress.assessments.services import Finding, fill_column, record_findings, undo_step
from portal.progress.assessments.subjects import SUBJECTS, Assessment, offered_values
from portal.progress.can_do.services import add_statement
from portal.progress.exams.services import record_result
from portal.progress.levels.queries import check_rung, list_own_spreads, list_rungs, list_spreads
from portal.progress.levels.services import NewLevel, record_levels
from portal.progress.models import ExamPart, Level, LevelSource, Rung, Skill
from portal.progress.presenters import charts_of
from portal.progress.queries import list_levels
from portal.schools.queries import SchoolView
from portal.schools.services import change_levels
from tests.factories.courses import fill_group, make_group, make_teacher_of
from tests.signing_in import make_account

READING = Assessment(SUBJECTS["lezen"], today(), LevelSource.TEACHER)


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    return make_group()


@pytest.fixture
def members(group: LearnerGroup) -> Sequence[Learner]:
    return fill_group(group, 3)


@pytest.fixture
def teacher(group: LearnerGroup) -> Actor:
    account = make_account("Tess Bakker", "teacher")
    actor = actor_of(account.id, account.name, frozenset({"teacher"}))
    make_teacher_of(group, actor)
    return actor


@pytest.fixture
def manager(school: SchoolView) -> Actor:
    account = make_account("Dirk de Wit", "management")
    return actor_of(account.id, account.name, frozenset({"management"}))


@pytest.fixture
def switch(manager: Actor) -> Callable[[bool], None]:
    """Turn levels between levels on or off."""

    def turn(is_used: bool) -> None:
        change_levels(uses_sublevels=is_used, shows_group_range=False, by=manager)

    return turn


def test_whole_levels_are_what_is_reached() -> None:
    assert [rung.whole for rung in (Rung.A1_MINUS, Rung.A1, Rung.A1_PLUS, Rung.A2_MINUS, Rung.C1_MINUS)] == [
        Rung.A0, Rung.A1, Rung.A1, Rung.A1, Rung.B2,
    ]  # fmt: skip
    assert all(rung.whole is rung for rung in Rung if not rung.is_sublevel)


def test_a_school_works_with_whole_levels_until_it_says_otherwise(switch: Callable[[bool], None]) -> None:
    field = find_field("level.level")
    assert field is not None
    assert len(list_rungs()) == len(field.offered) == 9
    with pytest.raises(Invalid) as refused:
        check_rung(Rung.A2_PLUS, "level")
    assert refused.value.code == "no_sublevels"

    switch(True)

    assert list_rungs() == list(Rung)
    assert list(field.offered) == list(Rung)
    check_rung(Rung.A2_PLUS, "level")


def test_a_level_between_is_tapped_and_stays_when_the_setting_goes_off(
    app: Flask, switch: Callable[[bool], None], group: LearnerGroup, members: Sequence[Learner], teacher: Actor
) -> None:
    first, second, _third = (row.learner_id for row in list_rows(group.id, READING, teacher))
    with pytest.raises(Invalid):
        record_findings(group.id, READING, [Finding(first, "A2-", "0.")], by=teacher)
    with pytest.raises(Invalid):
        fill_column(group.id, READING, "A2-", by=teacher)
    switch(True)
    record_findings(group.id, READING, [Finding(first, "A2-", "0.")], by=teacher)
    changed = record_findings(group.id, READING, [Finding(second, "A2+", "0.")], by=teacher)
    seen = changed.rows[0].seen
    again = record_findings(group.id, READING, [Finding(second, "A2", seen)], by=teacher)

    switch(False)

    assert "A2-" not in offered_values(READING.subject)
    assert value_labels(READING.subject)["A2-"] == "A2-"
    stood = {row.learner_id: row for row in list_rows(group.id, READING, teacher)}
    assert stood[first].value == "A2-"
    record_findings(group.id, READING, [Finding(first, "A2-", stood[first].seen)], by=teacher)  # sent as it stands
    assert undo_step(group.id, READING, again.step, by=teacher).rows[0].value == "A2+"
    with app.test_request_context("/"):
        charts = charts_of(list_levels(first, teacher.scope))
    assert charts[0].ladder == ["A1", "A2-", "A2"]


def test_levels_results_and_statements_are_held_to_the_setting(
    switch: Callable[[bool], None], members: Sequence[Learner], teacher: Actor
) -> None:
    learner = members[0]
    new = [NewLevel(learner.id, Skill.READING, Rung.B1_PLUS)]
    with pytest.raises(Invalid):
        record_levels(new, found_on=today(), source=LevelSource.TEST, by=teacher)
    with pytest.raises(Invalid):
        record_result(learner.id, ExamPart.KNM, taken_on=today(), is_passed=True, level=Rung.A2_PLUS, by=teacher)
    switch(True)
    assert record_levels(new, found_on=today(), source=LevelSource.TEST, by=teacher) == 1
    office = actor_of(make_account("Ans Kok", "administration").id, "Ans Kok", frozenset({"administration"}))
    with pytest.raises(Invalid):
        add_statement(Skill.READING, Rung.A2_PLUS, "Ik kan iets.", by=office)


def give(learner: Learner, rung: Rung, skill: Skill = Skill.READING) -> None:
    session.add(
        Level(
            learner_id=learner.id, skill=skill, level=rung, source=LevelSource.TEST, found_on=today(),
            entered_at=now(), entered_by_name="Daan Smit",
        )
    )  # fmt: skip
    session.flush()


def test_the_middle_half_of_the_others_is_told_and_nobody_can_be_read_from_it(group: LearnerGroup) -> None:
    her, *others = fill_group(group, 6)
    for learner, rung in zip(others, (Rung.A0, Rung.A1, Rung.A1, Rung.A2, Rung.B2), strict=True):
        give(learner, rung)
    give(her, Rung.C1)

    assert list_spreads(her.id, SYSTEM) == {(Skill.READING, False): (Rung.A1, Rung.A2)}
    assert list_spreads(others[0].id, SYSTEM)[Skill.READING, False] == (Rung.A1, Rung.B2)


def test_of_fewer_than_five_others_nothing_is_told(group: LearnerGroup) -> None:
    her, *others = fill_group(group, 6)
    for learner in others[:4]:
        give(learner, Rung.A1)
    give(her, Rung.A1)
    give(others[4], Rung.ALFA_B)
    give(others[4], Rung.A1, Skill.WRITING)

    assert list_spreads(her.id, SYSTEM) == {}


def test_another_group_and_who_left_do_not_count(group: LearnerGroup) -> None:
    her, *others = fill_group(group, 6)
    for learner in others:
        give(learner, Rung.A1)
    for learner in fill_group(make_group(), 5):
        give(learner, Rung.B1)
    assert list_spreads(her.id, SYSTEM) == {(Skill.READING, False): (Rung.A1, Rung.A1)}
    left = session.scalars(select(Enrolment).where(Enrolment.learner_id == others[0].id)).one()
    left.starts_on, left.ends_on = today() - timedelta(days=40), today() - timedelta(days=1)
    session.flush()
    assert list_spreads(her.id, SYSTEM) == {}


def test_a_learner_sees_it_herself_only_where_the_school_says_so(group: LearnerGroup, manager: Actor) -> None:
    her, *others = fill_group(group, 6)
    for learner in others:
        give(learner, Rung.A1)
    own = Scope(Reach.ONE_LEARNER, learner_id=her.id)
    assert list_own_spreads(own) == {}
    change_levels(uses_sublevels=False, shows_group_range=True, by=manager)
    assert list_own_spreads(own) == list_spreads(her.id, SYSTEM) != {}


def test_the_range_is_drawn_behind_her_line(app: Flask, group: LearnerGroup, teacher: Actor) -> None:
    her, *others = fill_group(group, 6)
    for learner in others:
        give(learner, Rung.B1)
    give(her, Rung.A1)
    with app.test_request_context("/"):
        chart = charts_of(list_levels(her.id, teacher.scope), (), list_spreads(her.id, SYSTEM))[0]
    assert chart.spread == ("B1", "B1")
    assert chart.ladder == ["A0", "A1", "A2", "B1", "B2"]
