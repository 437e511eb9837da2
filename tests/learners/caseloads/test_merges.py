"""Two coaches, where two records become one."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.clock import today
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.learners.caseloads.merges import differing_coaches
from portal.learners.caseloads.models import Coaching
from portal.learners.merges.services import merge_learners
from portal.schools.queries import SchoolView
from tests.factories.caseloads import make_coach, make_coaching
from tests.factories.learners import make_learner

pytestmark = pytest.mark.usefixtures("in_dutch")


@pytest.mark.parametrize("take", [(), ("coaching",)])
def test_one_of_two_coaches_stays(school: SchoolView, office: Actor, take: tuple[str, ...]) -> None:
    roos, daan, kept, other = make_coach(), make_coach("Daan Smit"), make_learner(), make_learner("Emine")
    make_coaching(kept, roos)
    make_coaching(other, daan)
    first = today() - timedelta(days=90)
    make_coaching(other, daan, starts_on=first, ends_on=first + timedelta(days=9))
    [difference] = differing_coaches(kept.id, other.id, office)
    assert (difference.kept, difference.other) == ("Roos Willems", "Daan Smit")

    merge_learners(kept.id, other.id, take=set(take), by=office)

    rows = session.execute(select(Coaching.learner_id, Coaching.account_id).order_by(Coaching.starts_on)).all()
    assert [row.learner_id for row in rows] == [kept.id, kept.id]
    assert [row.account_id for row in rows] == [daan.id, daan.id if take else roos.id]


def test_the_same_coach_is_no_choice(school: SchoolView, office: Actor) -> None:
    roos, kept, other = make_coach(), make_learner(), make_learner("Emine")
    for each in (kept, other):
        make_coaching(each, roos)
    assert differing_coaches(kept.id, other.id, office) == []
    merge_learners(kept.id, other.id, take=set(), by=office)
    assert [row.learner_id for row in session.scalars(select(Coaching))] == [kept.id]
