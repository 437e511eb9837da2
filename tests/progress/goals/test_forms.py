"""The months that are offered for a goal."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from flask import Flask

from portal.progress.goals.forms import GoalForm
from portal.schools.queries import SchoolView


def test_months_go_on_over_the_year(app: Flask, school: SchoolView, clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, tzinfo=UTC))
    with app.test_request_context():
        unchosen, *months = GoalForm(formdata=None).by_month.choices
        offered = [date.fromisoformat(choice.value) for choice in months]

    assert unchosen.value == ""
    assert offered[:3] == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
    assert (offered[-1], len(offered)) == (date(2028, 11, 1), 25)
