"""Until when a category is kept: a day that follows from what is on record, the same for everybody who sees it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from portal.core.clock import now, today
from portal.core.db.session import session
from portal.learners.record.models import Learner
from portal.overview.my_data.queries import get_my_data
from portal.schools.queries import SchoolView
from tests.actors import own_scope
from tests.factories.attendance import make_mark
from tests.factories.consent import agree
from tests.factories.courses import enrol, make_group, make_lesson
from tests.factories.learners import make_learner, make_organisation, make_trajectory
from tests.factories.policy import SLUGS

CLOCK = Callable[[datetime], None]


def ended(**values: object) -> Learner:
    """Make a learner whose trajectory ended long ago."""
    learner = make_learner("Amina", last_contact_on=date(2020, 1, 15), **values)
    make_trajectory(
        learner,
        client_id=make_organisation(f"Gemeente {learner.number}").id,
        starts_on=date(2019, 1, 1),
        ends_on=date(2020, 3, 1),
        guidance_ended_on=date(2020, 2, 1),
    )
    return learner


def test_who_sees_no_trajectory_is_told_the_same_day(school: SchoolView, in_dutch: None) -> None:
    learner = ended()

    whole = get_my_data(own_scope(learner.id)).about
    counted = {key for key, each in whole.items() if each.until} - {"trajectory"}
    assert counted
    narrow = get_my_data(own_scope(learner.id, *counted)).about

    assert {key: each.until for key, each in narrow.items()} == {key: whole[key].until for key in counted}


@pytest.mark.parametrize("slug", SLUGS)
def test_no_day_moves_with_today(enter: Callable[[str], object], in_dutch: None, clock: CLOCK, slug: str) -> None:
    with enter(slug):  # type: ignore[attr-defined]
        learner = ended()
        days = {key: each.until for key, each in get_my_data(own_scope(learner.id)).about.items()}
        assert any(days.values())

        clock(now() + timedelta(days=800))

        assert {key: each.until for key, each in get_my_data(own_scope(learner.id)).about.items()} == days
        assert {day.year for day in days.values() if day} <= set(range(2020, 2031))


def test_who_follows_a_trajectory_is_given_no_day(school: SchoolView, in_dutch: None) -> None:
    in_trajectory, in_group = ended(), ended()
    make_trajectory(in_trajectory, ends_on=today() + timedelta(days=300))
    enrol(in_group, make_group())

    for learner in (in_trajectory, in_group):
        about = get_my_data(own_scope(learner.id)).about
        assert about["contact"].is_running
        assert about["contact"].until is None
        assert about["activity"].until is None
        assert not about["activity"].is_running


def test_a_day_that_is_past_says_so(school: SchoolView, in_dutch: None) -> None:
    about = get_my_data(own_scope(ended().id)).about

    assert about["contact"].until == date(2024, 2, 1)
    assert about["contact"].is_over


def test_a_category_without_anything_is_held_not(school: SchoolView, in_dutch: None) -> None:
    learner = make_learner("Bereket", phone="+31612345678")
    held = {key for key, each in get_my_data(own_scope(learner.id)).about.items() if each.is_held}
    assert held == {"name", "birth", "contact", "account", "activity", "dealings"}

    group = make_group()
    enrol(learner, group)
    make_mark(make_lesson(group), learner)
    agree(learner, "survey")
    now_held = {key for key, each in get_my_data(own_scope(learner.id)).about.items() if each.is_held}

    assert now_held - held == {"trajectory", "attendance", "consent"}


def test_what_rests_on_a_yes_alone_is_held_once_it_was_given(enter: Callable[[str], object], in_dutch: None) -> None:
    with enter("leren-leren"):  # type: ignore[attr-defined]
        learner = make_learner("Chen")
        assert not get_my_data(own_scope(learner.id)).about["newsletter"].is_held
        agree(learner, "newsletter")
        session.flush()

        assert get_my_data(own_scope(learner.id)).about["newsletter"].is_held
