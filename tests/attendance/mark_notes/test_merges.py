"""Two notes at one lesson, where two records become one: which one stays is asked, and it is read as before."""

import pytest
from sqlalchemy import select

from portal.attendance.mark_notes.models import MarkNote
from portal.attendance.mark_notes.queries import BODY
from portal.core.clock import now
from portal.core.crypto import keys
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.courses.models import Lesson
from portal.learners.merges.queries import preview_merge
from portal.learners.merges.services import merge_learners
from portal.learners.record.models import Learner
from portal.schools.queries import SchoolView
from tests.factories.courses import make_lesson
from tests.factories.learners import make_learner

pytestmark = pytest.mark.usefixtures("in_dutch")


def make_note(lesson: Lesson, learner: Learner, text: str) -> None:
    body = keys.seal(learner.id, BODY, text)
    session.add(
        MarkNote(lesson_id=lesson.id, learner_id=learner.id, body=body, written_by_name="Daan", written_at=now())
    )
    session.flush()


@pytest.mark.parametrize(("takes", "stays"), [(False, "Kwam goed mee."), (True, "Vroeg om hulp.")])
def test_of_two_notes_at_a_lesson_one_is_chosen(school: SchoolView, office: Actor, takes: bool, stays: str) -> None:
    kept, other, lesson = make_learner(), make_learner("Emine"), make_lesson()
    make_note(lesson, kept, "Kwam goed mee.")
    make_note(lesson, other, "Vroeg om hulp.")
    (choice,) = [each for each in preview_merge(kept, other, office).choices if "note" in each.key]
    assert (choice.kept, choice.other) == ("Kwam goed mee.", "Vroeg om hulp.")

    merge_learners(kept.id, other.id, take={choice.key} if takes else (), by=office)

    (note,) = session.scalars(select(MarkNote))
    assert keys.unseal(kept.id, BODY, note.body) == stays
