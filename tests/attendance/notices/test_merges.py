"""Two notices of one lesson, where two records become one: which one stays is asked."""

import pytest
from sqlalchemy import select

from portal.attendance.notices.models import AbsenceNotice
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.learners.merges.queries import preview_merge
from portal.learners.merges.services import merge_learners
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_notice
from tests.factories.courses import make_lesson
from tests.factories.learners import make_learner

pytestmark = pytest.mark.usefixtures("in_dutch")


@pytest.mark.parametrize(("takes", "stays"), [(False, "Ik werk."), (True, "Ik verhuis.")])
def test_of_two_notices_of_a_lesson_one_is_chosen(school: SchoolView, office: Actor, takes: bool, stays: str) -> None:
    kept, other, lesson, same = make_learner(), make_learner("Emine"), make_lesson(), make_lesson()
    make_notice(lesson, kept, note="Ik werk.")
    make_notice(lesson, other, note="Ik verhuis.")
    for learner in (kept, other):
        make_notice(same, learner)
    (choice,) = [each for each in preview_merge(kept, other, office).choices if "notice" in each.key]
    assert choice.kept.startswith("Ik werk.")
    assert choice.other.startswith("Ik verhuis.")

    merge_learners(kept.id, other.id, take={choice.key} if takes else (), by=office)

    found = session.scalars(select(AbsenceNotice).order_by(AbsenceNotice.note)).all()
    assert [(each.note, each.learner_id) for each in found] == [(stays, kept.id), (None, kept.id)]
