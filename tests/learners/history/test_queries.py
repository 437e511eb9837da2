"""Who changed what in a record: also what was done to a record that became part of it."""

from typing import Any

import pytest

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.learners.history.queries import Change, list_history
from portal.learners.merges.services import merge_learners
from portal.learners.record.models import Learner, Source
from portal.learners.record.services import change_learner
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner

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

    events = [line.event for line in list_history(kept, office)]
    assert events.count("learners.merged") == 2
    assert events.count("learners.changed") == 2
    assert {change.new for change in _cities(kept.id, office)} >= {"Zeist", "Breda"}
    assert not any(line.is_gone for line in list_history(kept, office))


def test_another_records_history_stays_apart(school: SchoolView, office: Actor) -> None:
    kept, other, stranger = make_learner(), make_learner("Emine"), make_learner("Ayla")
    change_learner(stranger.id, {"learner.city": "Breda"}, source=Source.SCHOOL, by=office)

    merge_learners(kept.id, other.id, take=(), by=office)

    assert not _cities(kept.id, office)
    assert [change.new for change in _cities(stranger.id, office)] == ["Breda"]
