"""Counting rows of the school in scope: how many of them are as they should be."""

from typing import Any

from sqlalchemy import ColumnElement, Table, cast, func, select
from sqlalchemy.types import Date

from portal.assurance.figures.keys import Count
from portal.core.clock import AMSTERDAM
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.policy.schema.periods import Period


def day_of(moment: Any) -> ColumnElement[Any]:
    """Return on which day of the school a moment lies."""
    return cast(func.timezone(str(AMSTERDAM), moment), Date)


def added_to(day: Any, period: Period) -> ColumnElement[Any]:
    """Return the day this long after a day, as `Period.added_to` has it."""
    number = dict.fromkeys(("years", "months", "weeks", "days"), 0) | {period.unit: period.number}
    return cast(day + func.make_interval(*number.values()), Date)


def is_here(table: Table) -> ColumnElement[bool]:
    """Say of a table's rows whether they are the school's."""
    return table.columns.school_id == current_school_id()


def count_in_table(table: Table, among: Any, good: Any) -> Count:
    """Return how many of the school's rows that are among these are good."""
    row = session.execute(select(func.count().filter(good), func.count()).where(is_here(table), among)).one()
    return Count(row[0], row[1])


def count_rows(model: Any, among: Any, good: Any) -> Count:
    """Return how many of the school's rows of a model that are among these are good."""
    return count_in_table(model.__table__, among, good)
