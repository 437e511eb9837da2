"""What a forecast counts: each person once a month, each category apart, nobody who is still followed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from portal.accounts.actors import actor_of
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import reveal
from portal.core.errors import NotFound
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM, Scope
from portal.core.personal_data import PersonKind
from portal.policy.queries import current_policy
from portal.purposes.restrictions.models import RestrictionGround
from portal.purposes.restrictions.services import restrict
from portal.retention.ends.queries import list_over
from portal.retention.ends.terms import terms_of_kind
from portal.retention.forecast.queries import NOBODY, Forecast, count_endings
from portal.retention.holds.services import set_hold
from portal.retention.models import HoldReason
from portal.retention.runs.queries import count_held
from portal.schools.queries import SchoolView
from tests.factories.learners import make_contact_person, make_learner, make_trajectory
from tests.factories.policy import SLUGS
from tests.retention.people import gone_staff

DAY = date(2026, 6, 15)
KEEPER = actor_of(new_id(), "Pien Vos", frozenset({"privacy_staff"}))
IN_SCHOOL = Callable[[str], Any]


def counted(kind: PersonKind = PersonKind.LEARNER, **values: Any) -> Forecast:
    return count_endings(kind, DAY, SYSTEM, **{"until": date(2027, 7, 1), **values})


def test_people_count_in_the_month_from_which_they_may_not_be_held(school: SchoolView) -> None:
    before = counted()
    for contact in (date(2022, 6, 14), date(2022, 6, 15), date(2022, 6, 30), date(2022, 7, 31), date(2023, 9, 1)):
        make_learner(last_contact_on=contact)
    make_trajectory(make_learner(last_contact_on=date(2010, 1, 1)), ends_on=None)

    after = counted()

    assert after.people - before.people == 6
    assert after.overdue.people - before.overdue.people == 1
    months = {
        month: ending.people - before.by_month.get(month, NOBODY).people for month, ending in after.by_month.items()
    }
    assert {month: number for month, number in months.items() if number} == {
        date(2026, 6, 1): 1,
        date(2026, 7, 1): 1,
        date(2026, 8, 1): 1,
    }
    assert date(2027, 9, 1) in counted(until=date(2027, 10, 1)).by_month


@pytest.mark.parametrize("slug", SLUGS)
def test_what_is_overdue_is_who_is_listed(enter: IN_SCHOOL, slug: str) -> None:
    with enter(slug):
        for years in (1, 3, 6, 9):
            learner = make_learner(last_contact_on=today() - timedelta(days=366 * years))
            make_trajectory(learner, starts_on=date(2010, 1, 1), ends_on=date(2010, 2, 1))

        listed = list_over(PersonKind.LEARNER, today(), SYSTEM, limit=10_000)
        overdue = count_endings(PersonKind.LEARNER, today(), SYSTEM, until=today()).overdue

        assert overdue.people == len(listed) > 0
        for category, number in overdue.by_category.items():
            assert number == sum(category in each.over_on(today()) for each in listed)


def test_only_who_reaches_the_school_is_told(school: SchoolView) -> None:
    with pytest.raises(NotFound):
        count_endings(PersonKind.LEARNER, today(), Scope(), until=today())


def in_months(of: Forecast, before: Forecast) -> dict[date, int]:
    """Return how many people each month has more than before."""
    more = {month: each.people - before.by_month.get(month, NOBODY).people for month, each in of.by_month.items()}
    return {month: number for month, number in more.items() if number}


def test_who_is_held_goes_once_that_is_over_and_not_before(
    school: SchoolView, clock: Callable[[datetime], None]
) -> None:
    clock(datetime(2026, 6, 15, 12, tzinfo=UTC))
    before = counted()
    soon, late, restricted, over = (
        make_learner(last_contact_on=day)
        for day in (date(2022, 7, 10), date(2022, 7, 11), date(2022, 7, 12), date(2022, 6, 1))
    )
    hold(soon, date(2026, 7, 1))
    hold(late, date(2026, 8, 31))
    hold(over, date(2026, 9, 30))
    restrict(restricted.id, ground=RestrictionGround.CLAIM, by=PORTAL)
    reveal()

    after = counted()

    assert in_months(after, before) == {date(2026, 7, 1): 1, date(2026, 9, 1): 1}
    assert after.overdue.people - before.overdue.people == 1


def make_contact(last_contact_on: date) -> Any:
    return make_contact_person(None, created_at="2020-01-15T12:00:00Z", last_contact_on=last_contact_on)


def make_former(left_on: date) -> Any:
    return gone_staff("Dora Docent", left_on)


@pytest.mark.parametrize(("kind", "make"), [(PersonKind.CONTACT_PERSON, make_contact), (PersonKind.STAFF, make_former)])
def test_a_contact_and_who_worked_here_go_once_that_is_over_too(
    school: SchoolView, clock: Callable[[datetime], None], kind: PersonKind, make: Callable[[date], Any]
) -> None:
    clock(datetime(2026, 6, 15, 12, tzinfo=UTC))
    [term] = {each.stages for each in terms_of_kind(current_policy(), kind)}
    [stage] = term
    last = stage.kept_since(date(2026, 7, 10))
    before = counted(kind)
    over, *ending = (make(last - timedelta(days=days)) for days in (400, 0, 0, 0))
    for person, ends_on in ((over, date(2026, 9, 30)), (ending[0], date(2026, 7, 1)), (ending[1], date(2026, 8, 31))):
        hold(person, ends_on, kind)

    after = counted(kind)

    assert in_months(after, before) == {date(2026, 7, 1): 2, date(2026, 9, 1): 1}
    assert after.overdue.people - before.overdue.people == 1
    assert count_held(kind, DAY, SYSTEM) == 1


def hold(person: Any, ends_on: date, kind: PersonKind = PersonKind.LEARNER) -> None:
    set_hold(kind, person.id, reason=HoldReason.CLAIM, details="Zaak 12", ends_on=ends_on, by=KEEPER)
