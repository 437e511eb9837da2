"""Two records made one, with something made and something changed since."""

from typing import Any

from portal.accounts.actors import actor_of
from portal.core.db.base import new_id
from portal.learners.merges.queries import find_merge
from portal.learners.merges.services import merge_learners
from portal.learners.record.models import Source
from portal.learners.record.services import change_learner
from tests.factories.learners import make_learner, make_trajectory


def make_merged() -> dict[str, Any]:
    """Make one record of two, with something made and something changed since, that can be taken back."""
    by = actor_of(new_id(), "Anouk Bos", frozenset({"administration"}))
    kept, other = make_learner("Hodan", "Warsame", city="Utrecht"), make_learner("Hodaan", "Warsaame", city="Zeist")
    make_trajectory(other)
    merge_learners(kept.id, other.id, take={"learner.street"}, by=by)
    change_learner(kept.id, {"learner.city": "Houten"}, source=Source.SCHOOL, by=by)
    make_trajectory(kept)
    merge = find_merge(kept.id, by.scope)
    assert merge is not None
    return {"learner_id": kept.id, "record_merge_id": merge.id}
