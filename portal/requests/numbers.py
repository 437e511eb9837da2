"""The numbers that requests and complaints have in a year, as *V-26-0007*."""

from typing import Any

from sqlalchemy import Integer, case, cast, func, select, text
from sqlalchemy.orm import InstrumentedAttribute

from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session

_LOCK = text("select pg_advisory_xact_lock(hashtextextended(:letter || cast(:school as text), 7411))")


def next_number(column: InstrumentedAttribute[Any], letter: str) -> str:
    """Return the number after the year's highest; two who file at once wait for each other until the commit.

    `column` holds the numbers of one table, `letter` is what they start with.
    """
    session.execute(_LOCK, {"letter": letter, "school": current_school_id()})
    year = f"{letter}-{today():%y}-"
    is_numbered = column.regexp_match(rf"^{year}[0-9]{{4,9}}$")
    last = select(func.max(case((is_numbered, cast(func.substr(column, len(year) + 1), Integer)))))
    of_school = column.class_.school_id == current_school_id()
    return f"{year}{(session.scalar(last.where(of_school, column.startswith(year))) or 0) + 1:04}"
