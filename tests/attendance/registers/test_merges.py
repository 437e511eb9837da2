"""Two marks of one lesson, where two records become one."""

from datetime import time

import pytest
from sqlalchemy import select

from portal.attendance.models import AttendanceMark, MarkChange, Status
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.learners.corrections.models import Correction
from portal.learners.corrections.services import propose_correction
from portal.learners.merges.queries import preview_merge
from portal.learners.merges.services import merge_learners
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_mark
from tests.factories.consent import as_learner
from tests.factories.courses import make_lesson
from tests.factories.learners import make_learner

pytestmark = pytest.mark.usefixtures("in_dutch")


@pytest.mark.parametrize(("takes", "stays", "gone"), [(False, "present", "absent"), (True, "absent", "present")])
def test_of_two_marks_one_is_chosen_and_the_other_is_in_the_changes(
    school: SchoolView, office: Actor, takes: bool, stays: str, gone: str
) -> None:
    kept, other = make_learner(), make_learner("Emine")
    lesson, same = make_lesson(), make_lesson(starts_at=time(13), ends_at=time(15))
    make_mark(lesson, kept, Status.PRESENT)
    make_mark(lesson, other, Status.ABSENT)
    make_mark(same, kept, Status.PRESENT)
    make_mark(same, other, Status.PRESENT)
    (choice,) = [each for each in preview_merge(kept, other, office).choices if "mark" in each.key]
    assert (choice.kept, choice.other) == ("aanwezig", "afwezig")

    merge_learners(kept.id, other.id, take={choice.key} if takes else (), by=office)

    marks = session.execute(select(AttendanceMark.lesson_id, AttendanceMark.status, AttendanceMark.learner_id)).all()
    assert {tuple(row) for row in marks} == {(lesson.id, stays, kept.id), (same.id, "present", kept.id)}
    change = session.scalars(select(MarkChange)).one()
    assert (change.learner_id, change.lesson_id, change.old_status, change.new_status) == (
        kept.id,
        lesson.id,
        gone,
        stays,
    )


def test_what_was_contested_is_contested_in_the_mark_that_stays(school: SchoolView, office: Actor) -> None:
    kept, other, lesson = make_learner(), make_learner("Emine"), make_lesson()
    make_mark(lesson, kept, Status.PRESENT)
    theirs = make_mark(lesson, other, status=Status.ABSENT)
    propose_correction(other.id, "attendance_mark.status", "excused", entry_id=theirs.id, by=as_learner(other))

    merge_learners(kept.id, other.id, take=(), by=office)

    stays = session.scalars(select(AttendanceMark)).one()
    correction = session.scalars(select(Correction)).one()
    assert (correction.learner_id, correction.entry_id) == (kept.id, stays.id)
    assert correction.is_waiting


@pytest.mark.parametrize("takes", [False, True])
@pytest.mark.parametrize("takes_mark", [False, True])
def test_of_two_marks_that_are_both_contested_it_is_chosen_what_waits(
    school: SchoolView, office: Actor, takes: bool, takes_mark: bool
) -> None:
    kept, other, lesson = make_learner(), make_learner("Emine"), make_lesson()
    said = {}
    for learner, status, value in ((kept, Status.PRESENT, "absent"), (other, Status.ABSENT, "excused")):
        mark = make_mark(lesson, learner, status)
        by = as_learner(learner)
        said[value] = propose_correction(learner.id, "attendance_mark.status", value, entry_id=mark.id, by=by).id
    choices = preview_merge(kept, other, office).choices
    (choice,) = [each for each in choices if each.key.startswith("correction")]
    assert (choice.kept, choice.other) == ("afwezig", "afgemeld")
    assert choice.label.startswith("Wijziging die wacht: Presentie, les ")
    mark_key = f"attendance_mark.{lesson.id}"

    merge_learners(kept.id, other.id, take={choice.key} if takes else {mark_key} if takes_mark else (), by=office)

    stays = session.scalars(select(AttendanceMark)).one()
    rows = {row.id: row for row in session.scalars(select(Correction).execution_options(populate_existing=True))}
    waits, gone = (rows[said[word]] for word in (("excused", "absent") if takes else ("absent", "excused")))
    assert (waits.learner_id, waits.entry_id, waits.is_waiting) == (kept.id, stays.id, True)
    assert (gone.learner_id, gone.entry_id, gone.state.value) == (kept.id, stays.id, "withdrawn")
    assert "samengevoegd" in str(gone.answer)
