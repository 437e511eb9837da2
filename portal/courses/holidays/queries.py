"""Whether a holiday that could be filled in is there already."""

from collections.abc import Iterable
from datetime import date

from portal.courses.models import Holiday


def find_like(holidays: Iterable[Holiday], *, name: str, starts_on: date, ends_on: date) -> Holiday | None:
    """Return the one of these holidays that is meant by a name and days: the same days, or the name and a day."""
    for each in holidays:
        is_same = (each.starts_on, each.ends_on) == (starts_on, ends_on)
        if is_same or (each.name == name and each.starts_on <= ends_on and each.ends_on >= starts_on):
            return each
    return None
