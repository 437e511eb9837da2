"""Entering levels, results, notes and evaluations, and whom they may be about."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from flask import Flask

from portal.accounts.actors import actor_of
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.errors import Invalid, NotAllowed, NotFound
from portal.core.http.access import PORTAL, Actor
from portal.core.http.scope import SYSTEM
from portal.learners.record.models import Learner
from portal.progress import queries
from portal.progress.exams.services import record_result
from portal.progress.levels.services import NewLevel, record_levels
from portal.progress.models import EvaluationKind, ExamPart, LevelSource, NoteReaders, Rung, Skill
from portal.progress.notes.services import change_visibility, write_evaluation, write_note
from portal.progress.presenters import charts_of
from portal.schools.queries import SchoolView
from tests.factories.courses import make_enrolled_learner, make_group, make_teacher_of
from tests.factories.learners import make_learner
from tests.signing_in import make_account

COACH = actor_of(new_id(), "Daan Smit", frozenset({"coach"}))
Enter = Callable[[str], AbstractContextManager[SchoolView]]


@pytest.fixture
def teacher(school: SchoolView) -> Actor:
    """Somebody who teaches."""
    account = make_account("Tess Bakker", "teacher")
    return actor_of(account.id, account.name, frozenset({"teacher"}))


@pytest.fixture
def amina(teacher: Actor) -> Learner:
    """A learner in the teacher's group."""
    group = make_group()
    make_teacher_of(group, teacher)
    return make_enrolled_learner(group, "Amina")


def found(learner: Learner, by: Actor, rung: Rung = Rung.A1, on: date | None = None) -> int:
    """Enter one level for reading."""
    new = NewLevel(learner.id, Skill.READING, rung)
    return record_levels([new], found_on=on or today(), source=LevelSource.TEACHER, by=by)


@pytest.mark.promise("MN-06")
def test_a_level_is_kept_with_source_day_and_who_entered_it(amina: Learner, teacher: Actor) -> None:
    found(amina, teacher)

    levels = queries.list_levels(amina.id, SYSTEM)

    assert len(levels) == 1
    level = levels[0]
    assert (level.skill, level.level, level.source) == (Skill.READING, Rung.A1, LevelSource.TEACHER)
    assert (level.found_on, level.entered_by_name) == (today(), "Tess Bakker")


def test_the_same_day_and_source_is_replaced(amina: Learner, teacher: Actor) -> None:
    found(amina, teacher, Rung.A1)
    found(amina, teacher, Rung.A2)

    assert [level.level for level in queries.list_levels(amina.id, SYSTEM)] == [Rung.A2]


def test_levels_over_time_make_a_picture_that_can_be_read(app: Flask, amina: Learner, teacher: Actor) -> None:
    found(amina, teacher, Rung.A0, today() - timedelta(days=100))
    found(amina, teacher, Rung.A1, today() - timedelta(days=50))

    with app.app_context():
        chart = charts_of(queries.list_levels(amina.id, SYSTEM))[0]

    assert chart.ladder == ["A0", "A1", "A2"]
    assert [point["at"] for point in chart.series[0]["points"]] == [0.0, 50.0]


@pytest.mark.promise("LB-06")
def test_a_teacher_enters_nothing_outside_her_groups(amina: Learner, teacher: Actor) -> None:
    stranger = make_learner("Vreemd")

    with pytest.raises(NotFound):
        found(stranger, teacher)
    with pytest.raises(NotFound):
        write_note(stranger.id, "een notitie", by=teacher)

    assert queries.list_levels(stranger.id, SYSTEM) == []


@pytest.mark.parametrize(("days", "code"), [(1, "day_ahead"), (-20_000, "day_too_long_ago")])
def test_a_day_that_cannot_be(amina: Learner, teacher: Actor, days: int, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        found(amina, teacher, on=today() + timedelta(days=days))


def test_the_office_sees_and_does_not_enter(amina: Learner) -> None:
    account = make_account("Olga", "administration")
    office = actor_of(account.id, account.name, frozenset({"administration"}))

    with pytest.raises(NotAllowed):
        found(amina, office)


def test_a_result_without_an_outcome_can_wait(amina: Learner, teacher: Actor) -> None:
    record_result(amina.id, ExamPart.KNM, taken_on=today(), is_passed=None, by=teacher)

    assert queries.list_results(amina.id, SYSTEM)[0].is_passed is None


def test_a_note_is_for_the_learner_too_unless_there_is_a_reason(amina: Learner, teacher: Actor) -> None:
    write_note(amina.id, "leest graag", by=teacher)
    hidden = write_note(amina.id, "overleg", hidden_because="eerst bespreken", by=teacher)

    hers = {note.text: note.hidden_because for note in queries.list_own_notes(amina.id, SYSTEM)}
    assert hers == {"leest graag": None, "": "eerst bespreken"}
    assert len(queries.list_notes(amina.id, PORTAL)) == 2
    assert b"overleg" not in hidden.body

    change_visibility(hidden.id, hidden_because=None, by=teacher)

    assert {note.text for note in queries.list_own_notes(amina.id, SYSTEM)} == {"leest graag", "overleg"}


def test_a_note_for_who_coaches_is_read_by_them_and_its_writer(amina: Learner, teacher: Actor) -> None:
    write_note(amina.id, "leest graag", by=teacher)
    private = write_note(amina.id, "zoekt opvang", readers=NoteReaders.COACHING, by=COACH)
    own = write_note(amina.id, "praat met de coach", readers=NoteReaders.COACHING, by=teacher)

    def read_by(by: Actor) -> set[str]:
        return {note.text for note in queries.list_notes(amina.id, by)}

    office = actor_of(new_id(), "Olga", frozenset({"administration"}))
    assert read_by(teacher) == {"leest graag", "praat met de coach"}
    assert read_by(COACH) == read_by(office) == {"leest graag", "zoekt opvang", "praat met de coach"}
    assert queries.find_dealings(amina.id, teacher).noted_by == own.written_by_name
    assert {note.text for note in queries.list_own_notes(amina.id, SYSTEM)} == read_by(COACH)
    with pytest.raises(NotFound):
        change_visibility(private.id, hidden_because="eerst bespreken", by=teacher)


def test_an_evaluation_is_sealed_and_opened(amina: Learner, teacher: Actor) -> None:
    kept = write_evaluation(amina.id, EvaluationKind.PROGRESS, "gaat goed", held_on=today(), by=teacher)

    assert queries.list_evaluations(amina.id, SYSTEM)[0].text == "gaat goed"
    assert b"gaat goed" not in kept.body


def test_a_school_whose_policy_has_no_levels_keeps_none(enter: Enter) -> None:
    with enter("onderwijs-pro"):
        account = make_account("Tom", "coach")
        coach = actor_of(account.id, account.name, frozenset({"coach"}))
        new = NewLevel(make_learner().id, Skill.READING, Rung.A1)
        with pytest.raises(NotFound, match="feature_off"):
            record_levels([new], found_on=today(), source=LevelSource.TEST, by=coach)
