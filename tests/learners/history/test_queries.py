"""Who changed what in a record: also what was done to a record that became part of it."""

from datetime import date, time
from typing import Any

import pytest

from portal.accounts.actors import actor_of
from portal.core import audit
from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.learners.history.queries import Change, list_history
from portal.learners.merges.services import merge_learners
from portal.learners.record.models import Learner, Source
from portal.learners.record.services import change_learner
from portal.progress.levels.services import NewLevel, record_levels
from portal.progress.models import LevelSource, Rung, Skill
from portal.progress.notes.services import write_note
from portal.schools.queries import SchoolView
from tests.factories.consent import agree
from tests.factories.courses import enrol, make_group, make_lesson, make_teacher_of
from tests.factories.learners import make_learner
from tests.signing_in import make_account

CONSENT = "Toestemming: gegeven"

pytestmark = pytest.mark.usefixtures("in_dutch")


def _cities(learner_id: Any, by: Actor) -> list[Change]:
    return [
        change
        for line in list_history(session.get_one(Learner, (current_school_id(), learner_id)), by)
        for change in line.changes
        if change.label == "Woonplaats"
    ]


def test_what_was_done_to_a_merged_record_stays_in_sight(school: SchoolView, office: Actor) -> None:
    kept, other, third = make_learner(city="Utrecht"), make_learner("Emine"), make_learner("Ayla")
    change_learner(third.id, {"learner.city": "Breda"}, source=Source.SCHOOL, by=office)
    change_learner(other.id, {"learner.city": "Zeist"}, source=Source.SCHOOL, by=office)

    merge_learners(other.id, third.id, take=(), by=office)
    merge_learners(kept.id, other.id, take=(), by=office)

    done = [line.what for line in list_history(kept, office)]
    assert done.count("Cursisten: twee dossiers samengevoegd") == 2
    assert done.count("Cursisten: gewijzigd") == 2
    assert {change.new for change in _cities(kept.id, office)} >= {"Zeist", "Breda"}
    assert not any(line.is_gone for line in list_history(kept, office))


def test_another_records_history_stays_apart(school: SchoolView, office: Actor) -> None:
    kept, other, stranger = make_learner(), make_learner("Emine"), make_learner("Ayla")
    change_learner(stranger.id, {"learner.city": "Breda"}, source=Source.SCHOOL, by=office)

    merge_learners(kept.id, other.id, take=(), by=office)

    assert not _cities(kept.id, office)
    assert [change.new for change in _cities(stranger.id, office)] == ["Breda"]


def test_a_level_a_note_and_a_mark_are_told_to_who_sees_them(school: SchoolView, office: Actor) -> None:
    amina, group = make_learner("Amina"), make_group()
    account = make_account("Sam de Vries", "teacher")
    teacher = actor_of(account.id, account.name, frozenset({"teacher"}))
    make_teacher_of(group, teacher)
    enrol(amina, group)
    record_levels(
        [NewLevel(amina.id, Skill.READING, Rung.A1)], found_on=today(), source=LevelSource.TEACHER, by=teacher
    )
    write_note(amina.id, "leest graag", by=teacher)
    audit.record("attendance.recorded", learner_ids=[amina.id], by=teacher)
    agree(amina, "survey")

    done = [line.what for line in list_history(amina, office)]

    for area in ("Niveau en voortgang: ingevuld", "Niveau en voortgang: geschreven", "Presentie: ingevuld", CONSENT):
        assert area in done
    assert CONSENT not in [line.what for line in list_history(amina, teacher)]


def test_a_mark_is_told_with_its_lesson(school: SchoolView, office: Actor) -> None:
    amina, group = make_learner("Amina"), make_group()
    lesson = make_lesson(group, held_on=date(2026, 11, 27), starts_at=time(9), ends_at=time(12))
    audit.record("attendance.recorded", learner_ids=[amina.id], subject=("lesson", lesson.id), by=office)
    agree(amina, "survey")

    told = {line.what: line.about for line in list_history(amina, office)}

    assert told["Presentie: ingevuld"] == "les 27 november 2026, 09:00"
    assert not told[CONSENT]
