"""What is restricted of one of two records is restricted of the one that stays (ST-08)."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import func, select

from portal.core.db.scope import hidden_categories, revealed
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.access import Actor
from portal.learners.merges.queries import find_merge, preview_merge
from portal.learners.merges.services import merge_learners
from portal.learners.merges.undo import undo_merge
from portal.learners.record.models import Learner
from portal.progress.models import Level
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner
from tests.factories.restrictions import hold
from tests.house.rows import make_row

Enter = Callable[[str], AbstractContextManager[SchoolView]]

pytestmark = pytest.mark.usefixtures("in_dutch")


def levels_of(learner: Learner) -> int:
    return session.scalar(select(func.count()).select_from(Level).where(Level.learner_id == learner.id)) or 0


def test_hidden_rows_move_along_and_stay_hidden(enter: Enter, office: Actor) -> None:
    with enter("lest-best"):
        kept, other = make_learner(city="Utrecht"), make_learner(city="Verwegdam")
        make_row("level", learner_id=kept.id)
        make_row("level", learner_id=other.id)
        hold(other.id, "level", "address")
    with enter("lest-best"):
        records = [session.get_one(Learner, (each.school_id, each.id)) for each in (kept, other)]
        assert "Verwegdam" not in str(preview_merge(*records, office))
        merge_learners(kept.id, other.id, take={"learner.street"}, by=office)
    with enter("lest-best"):
        assert hidden_categories(kept.id) == {"level", "address"}
        assert levels_of(kept) == 0
        assert session.get_one(Learner, (kept.school_id, kept.id)).city == "Utrecht"
        with revealed():
            assert levels_of(kept) == 2
            assert levels_of(other) == 0
        merge = find_merge(kept.id, office.scope)
        if merge is not None:
            with pytest.raises(Conflict, match="restricted"):
                undo_merge(kept.id, merge.id, by=office)


def test_a_hidden_record_is_not_merged(enter: Enter, office: Actor) -> None:
    with enter("lest-best"):
        kept, other = make_learner(), make_learner()
        hold(other.id)
    with enter("lest-best"):
        for one, two in ((kept, other), (other, kept)):
            with pytest.raises(Conflict, match="restricted"):
                merge_learners(one.id, two.id, take=(), by=office)
