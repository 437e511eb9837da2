"""One cell to one value, by the kind of its column; `Unusable` says why a cell can't be used."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

import phonenumbers

from portal.core import values as typed
from portal.core.db.base import Base
from portal.core.digits import latin_digits
from portal.imports.workbooks.choices import FAILED, LANGUAGES, NO, NOT_YET, PASSED, WORDS, YES
from portal.imports.workbooks.dates import Unusable, parse_date
from portal.imports.workbooks.targets import Target
from portal.imports.workbooks.vocabulary import plain
from portal.imports.workbooks.workbook import Cell
from portal.learners.record.names import tidy
from portal.progress.models import Rung

_NOTHING = frozenset(
    {"", "-", "--", "–", "—", "?", "??", "n.v.t.", "n.v.t", "nvt", "n/a", "onbekend", "unknown", "nan"}
)
_ERROR = re.compile(r"#[a-z][a-z/0-9_]*[!?]?|#n/[ab]|#deel/0!|#div/0!|err:\d{3}|#{3,}", re.IGNORECASE)
_BEGINS_ERROR = ("#", "e", "E")
_HOURS = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d+)(?:[.,](\d{1,2}))?\s*(?:u|uur|uren|h|hr|hrs|hours?)?\.?$", re.IGNORECASE)
_NO_LEVEL = re.compile(r"[<>/]|-$")
_SUBLEVELS = {rung.value: rung for rung in Rung if rung.is_sublevel}
_CLOCK = re.compile(r"(\d{1,5}):([0-5]\d)(?::\d{2})?$")
_MOST_MINUTES = 60 * 20_000
_MOST_TEXT = 2_000
_LEAST_OF_BSN = 5


@dataclass(frozen=True)
class Result:
    """What a cell says of an exam: passed or not, on which day, at which level; what it doesn't say is None."""

    is_passed: bool
    taken_on: date | None = None
    level: StrEnum | None = None


def text_of(cell: Cell) -> str:
    """Return a cell as tidy text; "" for an empty one and for the signs that people put for "nothing"."""
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, date):
        return f"{cell.day}-{cell.month}-{cell.year}"
    text = typed.tidy(unicodedata.normalize("NFC", latin_digits(str(cell))))
    if text[:1] in _BEGINS_ERROR and _ERROR.fullmatch(text):
        raise Unusable("formula_error", value=text)
    return "" if text.lower() in _NOTHING else text


def read(target: Target, cell: Cell, *, today: date) -> object | None:
    """Return the value of a cell in a column that goes to `target`; None for an empty cell. Raises Unusable."""
    if cell == "" or (isinstance(cell, str) and not text_of(cell)):
        return None
    if target.kind in _BY_CELL:
        return _BY_CELL[target.kind](target, cell, today)
    text = text_of(cell)
    if target.kind not in _BY_KIND:
        return _within(text, longest(target.key))
    try:
        return _BY_KIND[target.kind](text)
    except typed.Unusable as unusable:
        raise Unusable(unusable.code) from None


def _date(target: Target, cell: Cell, today: date) -> date:
    text = text_of(cell) if isinstance(cell, str) else cell
    return parse_date(text, newest=today, is_past=target.kind == "past_date")


@lru_cache(maxsize=128)
def longest(field: str) -> int:
    """Return how many characters a field holds."""
    table, _, column = field.partition(".")
    found = Base.metadata.tables[table].columns.get(column) if table in Base.metadata.tables else None
    return getattr(found.type, "length", None) or _MOST_TEXT if found is not None else _MOST_TEXT


def _within(text: str, most: int) -> str:
    if len(text) > most:
        raise Unusable("too_long", most=most)
    return text


def _choice(target: Target, cell: Cell, _today: date) -> StrEnum:
    text = text_of(cell)
    found = WORDS[target.key].get(plain(text))
    if found is None:
        raise Unusable("choice_unknown", value=text)
    return found


def _level(text: str) -> StrEnum:
    """Return a level, one between levels too; what lies below or across levels is no level."""
    between = _SUBLEVELS.get(text.replace(" ", "").upper())
    if between is not None:
        return between
    found = None if _NO_LEVEL.search(text) else WORDS["level"].get(plain(text))
    if found is None:
        raise Unusable("level_unknown", value=text)
    return found


def _phone(text: str) -> str:
    for candidate in (text, f"+{text.lstrip('+')}", text.partition("/")[0]):
        try:
            number = phonenumbers.parse(candidate, "NL")
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    found = next(iter(phonenumbers.PhoneNumberMatcher(text, "NL")), None)
    if found is None:
        raise Unusable("phone_invalid")
    return phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)


def _email(text: str) -> str:
    return typed.parse_email(text.removeprefix("mailto:").strip("<>; "))


def _bsn(text: str) -> str:
    """Return a BSN; one that lost more than one zero before it is told apart from one that is wrong."""
    try:
        return typed.parse_bsn(text)
    except typed.Unusable:
        if text.isdecimal() and len(text) >= _LEAST_OF_BSN and _is_bsn(text.zfill(9)):
            raise Unusable("bsn_short", count=len(text)) from None
        raise


def _is_bsn(text: str) -> bool:
    try:
        typed.parse_bsn(text)
    except typed.Unusable:
        return False
    return True


def _postcode(text: str) -> str:
    return _within(typed.parse_postcode(text), longest("learner.postcode"))


def _language(text: str) -> str:
    code = LANGUAGES.get(plain(text))
    if code is None:
        raise Unusable("choice_unknown", value=text)
    return code


def _kvk(text: str) -> str:
    return typed.parse_kvk(text.zfill(8) if len(text) == 7 else text)


def _yes_no(text: str) -> bool:
    word = plain(text)
    if word in YES or word in NO:
        return word in YES
    raise Unusable("choice_unknown", value=text)


def _hours(cell: Cell) -> int:
    """Return minutes: of hours as a number or a length of time, "12,5", "1.040,75", "40 uur", "12:30"."""
    if isinstance(cell, timedelta):
        minutes = cell.total_seconds() / 60
    elif isinstance(cell, time):
        minutes = cell.hour * 60 + cell.minute
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        minutes = cell * 60
    else:
        minutes = _minutes_of_text(text_of(cell))
    if not 0 <= minutes <= _MOST_MINUTES:
        raise Unusable("hours_unreadable")
    return round(minutes)


def _minutes_of_text(text: str) -> float:
    clock = _CLOCK.match(text)
    if clock:
        return int(clock[1]) * 60 + int(clock[2])
    match = _HOURS.match(text)
    if match is None:
        raise Unusable("hours_unreadable")
    return float(f"{match[1].replace('.', '')}.{match[2] or 0}") * 60


def _whole_hours(text: str) -> int:
    return round(_minutes_of_text(text.replace(" ", "")) / 60)


def _exam(cell: Cell, today: date) -> Result | None:
    if isinstance(cell, date | datetime):
        return Result(is_passed=True, taken_on=parse_date(cell, newest=today, is_past=True))
    text = text_of(cell)
    if plain(text) in NOT_YET:
        return None
    if plain(text) in WORDS["level"]:
        return Result(is_passed=True, level=WORDS["level"][plain(text)])
    word, _, rest = text.partition(" ")
    for verdict, when in ((text, ""), (word, rest), ("ja", text)):
        outcome = plain(verdict)
        if (outcome in PASSED or outcome in FAILED) and (not when or any(sign.isdigit() for sign in when)):
            taken_on = parse_date(when.strip("() "), newest=today, is_past=True) if when else None
            return Result(is_passed=outcome in PASSED, taken_on=taken_on)
    raise Unusable("exam_unreadable")


_BY_CELL: dict[str, Callable[[Target, Cell, date], object]] = {
    "date": _date,
    "past_date": _date,
    "choice": _choice,
    "hours": lambda _target, cell, _today: _hours(cell),
    "exam": lambda _target, cell, today: _exam(cell, today),
}
_BY_KIND: dict[str, Callable[[str], object]] = {
    "name": tidy,
    "prefix": lambda text: tidy(text).lower(),
    "level": _level,
    "bsn": _bsn,
    "phone": _phone,
    "email": _email,
    "postcode": _postcode,
    "language": _language,
    "iban": typed.parse_iban,
    "kvk": _kvk,
    "yes_no": _yes_no,
    "whole_hours": _whole_hours,
}
