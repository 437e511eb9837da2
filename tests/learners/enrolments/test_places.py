"""How many places of a group are taken, today and at most from a day on."""

from datetime import date, timedelta

from portal.core.clock import today
from portal.learners.enrolments.places import count_most_taken, count_places_taken
from portal.schools.queries import SchoolView
from tests.factories.courses import enrol, make_group, make_person

DAY = timedelta(days=1)


def test_who_is_there_today_is_counted_or_on_the_first_day_of_a_group_to_come(school: SchoolView) -> None:
    running, coming, empty = make_group(), make_group(starts_on=today() + 30 * DAY), make_group()
    enrol(make_person(), running)
    enrol(make_person(), running, ends_on=today())
    enrol(make_person(), running, ends_on=today() - DAY)
    enrol(make_person(), running, starts_on=today() + DAY)
    enrol(make_person(), coming)

    assert count_places_taken([running.id, coming.id, empty.id]) == {running.id: 2, coming.id: 1}
    assert count_places_taken([]) == {}


def test_the_most_at_once_counts_who_comes_later_and_not_who_is_gone_by_then(school: SchoolView) -> None:
    group, first = make_group(starts_on=date(2026, 9, 1)), date(2026, 12, 1)
    enrol(make_person(), group, ends_on=date(2026, 11, 30))
    enrol(make_person(), group, ends_on=date(2026, 12, 31))
    enrol(make_person(), group, starts_on=date(2027, 1, 1))
    enrol(make_person(), group, starts_on=date(2027, 2, 1))

    assert count_most_taken(group.id, first) == 2
    assert count_most_taken(group.id, date(2026, 11, 30)) == 2
    assert count_most_taken(make_group().id, first) == 0
