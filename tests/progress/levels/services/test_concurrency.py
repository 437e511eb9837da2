"""What is written about a learner in the very moment that her record becomes part of another."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.accounts.actors import actor_of
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.learners.merges.services import merge_learners
from portal.progress.levels.services import NewLevel, record_levels
from portal.progress.models import Level, LevelSource, Note, Rung, Skill
from portal.progress.notes.services import write_note
from tests.factories.learners import make_learner
from tests.racing import Race

OFFICE = actor_of(new_id(), "Anouk Bos", frozenset({"administration"}))
COACH = actor_of(new_id(), "Daan Smit", frozenset({"coach"}))


def note(learner_id: UUID, by: Actor) -> object:
    return write_note(learner_id, "Goed bezig", by=by)


def level(learner_id: UUID, by: Actor) -> object:
    new = NewLevel(learner_id, Skill.READING, Rung.A1)
    return record_levels([new], found_on=today(), source=LevelSource.TEACHER, by=by)


@pytest.mark.parametrize(("write", "table"), [(note, Note), (level, Level)])
def test_it_waits_and_is_refused(race: Race, write: Callable[[UUID, Actor], object], table: type[Note | Level]) -> None:
    with in_school(race.school_id):
        kept_id, other_id = make_learner().id, make_learner("Emine").id

    with in_school(race.school_id):
        merge_learners(kept_id, other_id, take=(), by=OFFICE)
        late = race.start(lambda: write(other_id, COACH))
        assert race.stand_still(1)

    with pytest.raises(NotFound):
        late.result(timeout=10)
    with in_school(race.school_id):
        assert session.scalar(select(func.count()).select_from(table)) == 0
