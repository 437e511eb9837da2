"""Dates as people type them: as dates, as the number behind one, and in words, Dutch first."""

import re
from datetime import date, datetime, timedelta

from portal.imports.workbooks.workbook import Cell

_EPOCH = date(1899, 12, 30)
_SERIALS = range(3_654, 73_051)  # 1910 to 2100
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "maa": 3, "mrt": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "aug": 8,
    "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_LONG = {
    "january": 1, "januari": 1, "february": 2, "februari": 2, "march": 3, "maart": 3, "april": 4, "june": 6, "juni": 6,
    "july": 7, "juli": 7, "august": 8, "augustus": 8, "sept": 9, "september": 9, "oktober": 10, "october": 10,
    "november": 11, "december": 12,
}  # fmt: skip
_WEEKDAY = re.compile(
    r"^(?:ma|di|wo|do|vr|za|zo|mon|tue|wed|thu|fri|sat|sun|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)"
    r"\.?,?\s+",
)
_SEPARATOR = r"\s*[-./\s]\s*"
_DAY_FIRST = re.compile(rf"^(\d{{1,2}}){_SEPARATOR}(\d{{1,2}}){_SEPARATOR}['’‘`´]?(\d{{4}}|\d{{2}})$")
_YEAR_FIRST = re.compile(rf"^(\d{{4}}){_SEPARATOR}(\d{{1,2}}){_SEPARATOR}(\d{{1,2}})$")
_WORDS = re.compile(r"^(\d{1,2})(?:e|ste|de|st|nd|rd|th)?[-./\s]*([a-z]{3,9})\.?[-./,\s]*['’‘`´]?(\d{4}|\d{2})$")
_MONTH_FIRST = re.compile(r"^([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$")
_COMPACT = re.compile(r"^(19\d{2}|20\d{2})(\d{2})(\d{2})$")
_TIME = re.compile(r"[t\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:z|uur)?$")


class Unusable(Exception):
    """A cell that can't be used: `code` says why."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def parse_date(cell: Cell, *, newest: date, is_past: bool = False) -> date:
    """Return the date in a cell; raises Unusable.

    A year of two figures lies at most ten years after `newest`; of a date in the past (`is_past`), not after it.
    """
    found = _by_kind(cell, newest.year if is_past else newest.year + 10)
    if is_past and found > newest:
        raise Unusable("date_in_future")
    if not 1900 <= found.year <= 2100:
        raise Unusable("date_impossible")
    return found


def _by_kind(cell: Cell, latest_year: int) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, str):
        return _from_text(cell, latest_year)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _from_number(cell)
    raise Unusable("date_unreadable")


def _from_number(number: float) -> date:
    if not 0 < number < 10**8:
        raise Unusable("date_unreadable")
    if int(number) in _SERIALS:
        return _EPOCH + timedelta(days=int(number))
    compact = _COMPACT.match(str(int(number)))
    if compact:
        return _make(*compact.groups())
    raise Unusable("date_unreadable")


def _from_text(text: str, latest_year: int) -> date:
    text = _TIME.sub("", _WEEKDAY.sub("", " ".join(text.lower().split())))
    if text.isdigit():
        return _from_number(int(text)) if len(text) in {4, 5, 8} else _unreadable()
    for pattern, order in ((_DAY_FIRST, (2, 1, 0)), (_YEAR_FIRST, (0, 1, 2))):
        match = pattern.match(text)
        if match:
            year, month, day = (match.groups()[at] for at in order)
            return _make(_century(year, latest_year), month, day)
    for pattern, order in ((_WORDS, (2, 1, 0)), (_MONTH_FIRST, (2, 0, 1))):
        match = pattern.match(text)
        if match:
            year, month, day = (match.groups()[at] for at in order)
            return _make(_century(year, latest_year), _month(month), day)
    return _unreadable()


def _unreadable() -> date:
    raise Unusable("date_unreadable")


def _month(word: str) -> str:
    number = _MONTHS.get(word) or _LONG.get(word)
    if number is None:
        raise Unusable("date_unreadable")
    return str(number)


def _century(year: str, latest_year: int) -> str:
    if len(year) == 4:
        return year
    full = latest_year - latest_year % 100 + int(year)
    return str(full if full <= latest_year else full - 100)


def _make(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise Unusable("date_impossible") from None
