"""Which figures of a table are not shown, so that nobody is recognised by what a few of a row have: an exam, a step.

A month decides: a period's figure is shown where it may be in each of its months, so that no two periods tell a third.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from portal.hours.figures.models import LEAST_PEOPLE
from portal.hours.figures.queries import MonthOfFigures
from portal.overview.school.measures import MEASURES, Counted, Line, Measure
from portal.overview.school.small_rows import Shared, hide_few

Rows = Sequence[MonthOfFigures]
Periods = tuple[Sequence[date], Sequence[date]]
"""The months that are counted, of now and of before."""
HiddenMonths = Mapping[str, frozenset[date]]
"""By measure, the months in which it is not shown."""


def is_any_few(rows: Iterable[MonthOfFigures]) -> bool:
    """Say whether any figure of any of these rows is of a few people."""
    measures = [measure.people_of for measure in MEASURES if measure.people_of]
    return any(0 < people_of(row) < LEAST_PEOPLE for row in rows for people_of in measures)


def hide_small(
    lines: Sequence[Line], periods: Periods, shared: Shared = (), parents: Mapping[str, Rows] | None = None,
    parents_shared: Shared = (),
) -> list[Line]:  # fmt: skip
    """Return the lines with what is not shown of each: figures of few people, and those that would tell of these.

    `parents` has the rows of the sums, shown elsewhere, that lines are parts of; without it each stands for itself.
    """
    hidden = _hidden_months(lines, shared, parents, parents_shared)
    return [_without(line, periods, months) for line, months in zip(lines, hidden, strict=True)]


def hide_results(whole: Line, periods: Periods) -> Line:
    """Return the line of the whole school without results of a few: of so few, who took part can be known."""
    months = {
        measure.key: frozenset(
            row.month for row in whole.rows if measure.people_of and 0 < measure.people_of(row) < LEAST_PEOPLE
        )
        for measure in MEASURES
        if measure.is_result
    }
    return _without(whole, periods, months)


def _without(line: Line, periods: Periods, months: HiddenMonths) -> Line:
    if not any(months.values()):
        return line
    now, before = periods
    return replace(line, now=_counted(line.now, now, months), before=_counted(line.before, before, months))


def _counted(counted: Counted, period: Sequence[date], months: HiddenMonths) -> Counted:
    hidden = {
        measure.key
        for measure in MEASURES
        if months.get(measure.key, frozenset()).intersection(period[-1:] if measure.of_last else period)
    }
    return replace(counted, hidden=frozenset(hidden))


def _hidden_months(
    lines: Sequence[Line], shared: Shared, parents: Mapping[str, Rows] | None, parents_shared: Shared
) -> list[dict[str, frozenset[date]]]:
    subjects = {row.subject: str(at) for at, line in enumerate(lines) for row in line.rows}
    of_lines = [frozenset(subjects[key] for key in each if key in subjects) for each in shared]
    parent_of = {str(at): line.parent if parents is not None else str(at) for at, line in enumerate(lines)}
    found: list[dict[str, frozenset[date]]] = [{} for _line in lines]
    for measure in MEASURES:
        rows = {str(at): _people(measure, line.rows, shared) for at, line in enumerate(lines)}
        sums = rows
        if parents is not None:
            sums = {key: _people(measure, each, parents_shared) for key, each in parents.items()}
        hidden = _hidden_by_month(rows, sums, parent_of, of_lines)
        for at, by_measure in enumerate(found):
            by_measure[measure.key] = frozenset(month for month, keys in hidden.items() if str(at) in keys)
    return found


def _hidden_by_month(
    rows: Mapping[str, Mapping[date, int]], sums: Mapping[str, Mapping[date, int]], parent_of: Mapping[str, str],
    shared: Shared,
) -> dict[date, frozenset[str]]:  # fmt: skip
    months = {month for people in rows.values() for month in people}
    return {
        month: hide_few(
            {key: people.get(month, 0) for key, people in sums.items()},
            {key: people.get(month, 0) for key, people in rows.items()},
            parent_of,
            shared,
        )
        for month in months
    }


def _people(measure: Measure, rows: Rows, shared: Shared) -> dict[date, int]:
    """Return how many people, at the least, stand behind a figure of these rows in each month in which any do."""
    found: dict[date, int] = {}
    if measure.people_of is None:
        return found
    for row in rows:
        if people := measure.people_of(row):
            found[row.month] = found.get(row.month, 0) + people
    if not found:
        return found
    subjects = {row.subject for row in rows}
    twice = sum(len(each & subjects) - 1 for each in shared if len(each & subjects) > 1)
    return {month: max(people - twice, 1) for month, people in found.items()}
