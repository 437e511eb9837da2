"""Until when a category is kept is the same for everybody who sees it, whatever else she sees."""

from datetime import date

from portal.core.db.session import session
from portal.overview.my_data.queries import get_my_data
from portal.schools.queries import SchoolView
from tests.actors import own_scope
from tests.factories.learners import make_learner, make_trajectory


def test_who_sees_no_trajectory_is_told_the_same_day(school: SchoolView, in_dutch: None) -> None:
    learner = make_learner("Amina", last_contact_on=date(2026, 1, 15))
    trajectory = make_trajectory(learner)
    trajectory.guidance_ended_on = trajectory.ends_on = date(2031, 5, 1)
    session.flush()

    whole = get_my_data(own_scope(learner.id)).about
    counted = {key for key, each in whole.items() if each.until and each.until.year > 2031} - {"trajectory"}
    assert counted
    narrow = get_my_data(own_scope(learner.id, *counted)).about

    assert {key: each.until for key, each in narrow.items()} == {key: whole[key].until for key in counted}
