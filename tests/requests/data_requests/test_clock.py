"""The legal clock: as the policy says, else the law's month; put off by three months in all; paused for doubt alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.requests.data_requests import clock
from portal.requests.data_requests.models import RequestKind
from portal.schools.queries import SchoolView
from tests.factories.policy import publish, varied

Enter = Callable[[str], AbstractContextManager[SchoolView]]
ACCESS = RequestKind.ACCESS


@pytest.mark.promise("LB-10", part="due")
def test_lest_best_answers_within_28_days(school: SchoolView) -> None:
    assert clock.first_due_on(ACCESS, date(2026, 1, 31)) == date(2026, 2, 28)
    assert clock.first_due_on(ACCESS, date(2026, 11, 2)) == date(2026, 11, 30)


@pytest.mark.promise("ST-08", part="due")
def test_step_answers_within_a_month_of_the_calendar(enter: Enter) -> None:
    with enter("step-inburgering"):
        assert clock.first_due_on(ACCESS, date(2027, 1, 31)) == date(2027, 2, 28)
        assert clock.first_due_on(ACCESS, date(2028, 1, 31)) == date(2028, 2, 29)
        assert clock.first_due_on(ACCESS, date(2026, 11, 29)) == date(2026, 12, 29)


def test_where_the_statement_names_no_term_the_law_does(enter: Enter) -> None:
    with enter("onderwijs-pro"):
        publish(varied("onderwijs-pro", {"version": "2", "deadlines.restriction": None, "rights.restriction": None}))
        assert clock.first_due_on(RequestKind.RESTRICTION, date(2026, 3, 31)) == date(2026, 4, 30)
        assert clock.extended_due_on(RequestKind.RESTRICTION, date(2026, 3, 31)) == date(2026, 6, 30)


@pytest.mark.parametrize("slug", ["lest-best", "step-inburgering"])
def test_a_term_that_a_statement_promises_without_exception_is_never_put_off(enter: Enter, slug: str) -> None:
    with enter(slug):
        assert clock.extended_due_on(ACCESS, date(2026, 1, 1)) is None
        assert clock.extended_due_on(RequestKind.RECTIFICATION, date(2026, 1, 1)) is not None


@given(received=st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_an_extension_ends_within_three_months_of_receipt(received: date) -> None:
    longest = clock._LONGEST.added_to(received)
    assert (longest - received).days <= 92


def test_the_clock_stops_only_where_the_policy_says_why_and_it_was_asked_within_three_working_days(
    school: SchoolView,
) -> None:
    friday = date(2026, 11, 27)
    assert not clock.pauses_for_identity(ACCESS, received_on=friday, asked_on=friday)
    reason = {"nl": "Wij geven niets aan een ander dan u."}
    publish(varied("lest-best", {"version": "2", "deadlines.access.identity_pause": reason}))
    assert clock.pauses_for_identity(ACCESS, received_on=friday, asked_on=date(2026, 12, 2))
    assert not clock.pauses_for_identity(ACCESS, received_on=friday, asked_on=date(2026, 12, 3))
