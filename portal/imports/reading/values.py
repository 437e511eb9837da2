"""One cell to one value, by the kind of its column; `Unusable` says why a cell can't be used."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from stdnum import iban as ibans
from stdnum.exceptions import ValidationError as BadNumber
from stdnum.nl import bsn as bsns

from portal.core.database import Base
from portal.imports.reading.choices import FAILED, LANGUAGES, NO, NOT_YET, PASSED, WORDS, YES
from portal.imports.reading.dates import Unusable, parse_date
from portal.imports.reading.names import tidy
from portal.imports.reading.targets import Target
from portal.imports.reading.vocabulary import plain
from portal.imports.reading.workbook import Cell

Value = str | int | bool | date | StrEnum | tuple[object, ...]

_NOTHING = frozenset(
    {"", "-", "--", "–", "—", "?", "??", "n.v.t.", "n.v.t", "nvt", "n/a", "onbekend", "unknown", "nan"}
)
_ERRORS = frozenset({"#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#null!", "#num!", "#n/b", "#waarde!", "#verw!"})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_POSTCODE = re.compile(r"([1-9]\d{3})\s*([A-Za-z]{2})$")
_HOURS = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d+)(?:[.,](\d{1,2}))?\s*(?:u|uur|uren|h|hr|hrs|hours?)?\.?$", re.IGNORECASE)
_NO_LEVEL = re.compile(r"[<>/]|-$")
_CLOCK = re.compile(r"(\d{1,5}):([0-5]\d)(?::\d{2})?$")
_MOST_MINUTES = 60 * 20_000
_MOST_TEXT = 2_000


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
    text = " ".join(_CONTROL.sub("", unicodedata.normalize("NFC", str(cell))).split())
    if text.lower() in _ERRORS:
        raise Unusable("formula_error", value=text)
    return "" if text.lower() in _NOTHING else text


def read(target: Target, cell: Cell, *, today: date) -> object | None:
    """Return the value of a cell in a column that goes to `target`; None for an empty cell. Raises Unusable."""
    if cell == "" or (isinstance(cell, str) and not text_of(cell)):
        return None
    if target.kind in {"date", "past_date"}:
        if isinstance(cell, str):
            cell = text_of(cell)
        return parse_date(cell, newest=today, is_past=target.kind == "past_date")
    if target.kind == "hours":
        return _hours(cell)
    if target.kind == "exam":
        return _exam(cell, today)
    if target.kind == "choice":
        return _choice(target, text_of(cell))
    text = text_of(cell)
    return _BY_KIND.get(target.kind, _text)(_within(target, text))


def _text(text: str) -> str:
    return text


@lru_cache(maxsize=128)
def longest(field: str) -> int:
    """Return how many characters a field holds."""
    table, _, column = field.partition(".")
    found = Base.metadata.tables[table].columns.get(column) if table in Base.metadata.tables else None
    return getattr(found.type, "length", None) or _MOST_TEXT if found is not None else _MOST_TEXT


def _within(target: Target, text: str) -> str:
    if target.kind in {"text", "number", "name", "prefix", "family_name"} and len(text) > longest(target.key):
        raise Unusable("too_long", most=longest(target.key))
    return text


def _choice(target: Target, text: str) -> StrEnum:
    found = WORDS[target.key].get(plain(text))
    if found is None:
        raise Unusable("choice_unknown", value=text)
    return found


def _level(text: str) -> StrEnum:
    """Return a level; "A2+" counts as A2, what lies below or between levels is no level."""
    found = None if _NO_LEVEL.search(text) else WORDS["level"].get(plain(text))
    if found is None:
        raise Unusable("level_unknown", value=text)
    return found


def _bsn(text: str) -> str:
    digits = re.sub(r"[\s.\-]", "", text)
    if not digits.isdecimal() or len(digits) not in {8, 9} or not int(digits):
        raise Unusable("bsn_invalid")
    try:
        return str(bsns.validate(digits.zfill(9)))
    except BadNumber:
        raise Unusable("bsn_invalid") from None


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
        raise Unusable("phone_unreadable")
    return phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)


def _email(text: str) -> str:
    address = text.removeprefix("mailto:").strip("<>; ")
    try:
        return validate_email(address, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise Unusable("email_unreadable") from None


def _postcode(text: str) -> str:
    match = _POSTCODE.match(text)
    if match:
        return f"{match[1]} {match[2].upper()}"
    if len(text) > longest("learner.postcode"):
        raise Unusable("too_long", most=longest("learner.postcode"))
    return text


def _language(text: str) -> str:
    code = LANGUAGES.get(plain(text))
    if code is None:
        raise Unusable("choice_unknown", value=text)
    return code


def _iban(text: str) -> str:
    try:
        return str(ibans.validate(text))
    except BadNumber:
        raise Unusable("iban_invalid") from None


def _kvk(text: str) -> str:
    digits = re.sub(r"[\s.]", "", text)
    if not digits.isdecimal() or len(digits) not in {7, 8}:
        raise Unusable("kvk_invalid")
    return digits.zfill(8)


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
        minutes = _hours_in_words(text_of(cell))
    if not 0 <= minutes <= _MOST_MINUTES:
        raise Unusable("hours_unreadable")
    return round(minutes)


def _hours_in_words(text: str) -> float:
    clock = _CLOCK.match(text)
    if clock:
        return int(clock[1]) * 60 + int(clock[2])
    match = _HOURS.match(text)
    if match is None:
        raise Unusable("hours_unreadable")
    return float(f"{match[1].replace('.', '')}.{match[2] or 0}") * 60


def _whole_hours(text: str) -> int:
    return round(_hours_in_words(text.replace(" ", "")) / 60)


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


_BY_KIND: dict[str, Callable[[str], object]] = {
    "name": tidy,
    "prefix": lambda text: tidy(text).lower(),
    "level": _level,
    "bsn": _bsn,
    "phone": _phone,
    "email": _email,
    "postcode": _postcode,
    "language": _language,
    "iban": _iban,
    "kvk": _kvk,
    "yes_no": _yes_no,
    "whole_hours": _whole_hours,
}
