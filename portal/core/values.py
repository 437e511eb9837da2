"""What people type, made into values that can be stored: numbers with a check, dates in Dutch forms, phones, e-mail."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from enum import StrEnum

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from stdnum import iban as ibans
from stdnum.exceptions import ValidationError as BadNumber
from stdnum.nl import bsn as bsns

from portal.core.clock import AMSTERDAM, today
from portal.core.digits import latin_digits, latin_number

EARLIEST = date(1900, 1, 1)
_MONTHS = {
    "jan": 1, "feb": 2, "mrt": 3, "maa": 3, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "aug": 8,
    "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_FIGURES = re.compile(r"(\d{1,2})\s*[-./\s]\s*(\d{1,2})\s*[-./\s]\s*'?(\d{4}|\d{2})$")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})$")
_WORDS = re.compile(r"(\d{1,2})[-.\s]*([a-z]{3,9})\.?[-.\s]*'?(\d{4}|\d{2})$")
_BETWEEN = re.compile(r"(?<=\d)T(?=\d)")
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)$")
_POSTCODE = re.compile(r"([1-9]\d{3})\s*([A-Za-z]{2})$")
_MONEY = re.compile(r"-?\d{1,6}(?:[.,]\d{1,2})?$")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f]"
    # What joins letters or keeps them apart, as Persian and Sinhala do, means nothing at the side of a word.
    r"|(?<!\w)[\u200c\u200d]|[\u200c\u200d](?!\w)"
)


class Unusable(ValueError):
    """What was typed can't be stored: `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def without_invisible(text: str) -> str:
    """Return a text without signs that nobody sees: controls, soft hyphens, marks of direction, tags."""
    return text if text.isascii() and text.isprintable() else _INVISIBLE.sub("", text)


def tidy(text: str) -> str:
    """Return one line without signs that nobody sees and double spaces."""
    return " ".join(without_invisible(text).split())


def tidy_lines(text: str) -> str:
    """Return several lines without signs that nobody sees."""
    lines = (without_invisible(line.replace("\t", " ")).rstrip() for line in text.replace("\r\n", "\n").split("\n"))
    return "\n".join(lines).strip()


def tidy_number(text: str) -> str:
    """Return one line, as `tidy` does, in which figures of every script are 0 to 9: a house number, a contract's."""
    return tidy(latin_digits(text))


def parse_date(text: str, *, years_ahead: int = 10) -> date:
    """Return the date in 1-9-2019, 01/09/19, 1 sept. 2019 or 2019-09-01; raises Unusable.

    A year of two figures lies at most so many years ahead.
    """
    text = tidy(latin_number(text)).lower().replace("’", "'")
    iso, figures, words = _ISO.match(text), _FIGURES.match(text), _WORDS.match(text)
    if iso:
        parts = (int(iso[1]), int(iso[2]), int(iso[3]))
    elif figures:
        parts = (_year(figures[3], years_ahead), int(figures[2]), int(figures[1]))
    elif words and words[2][:3] in _MONTHS:
        parts = (_year(words[3], years_ahead), _MONTHS[words[2][:3]], int(words[1]))
    else:
        raise Unusable("date_unreadable")
    try:
        found = date(*parts)
    except ValueError:
        raise Unusable("date_impossible") from None
    if not EARLIEST <= found <= date(2100, 12, 31):
        raise Unusable("date_impossible")
    return found


def _year(figures: str, years_ahead: int) -> int:
    if len(figures) == 4:
        return int(figures)
    latest = today().year + years_ahead
    full = latest - latest % 100 + int(figures)
    return full if full <= latest else full - 100


def parse_past_date(text: str) -> date:
    """Return a date that isn't after today."""
    found = parse_date(text, years_ahead=0)
    if found > today():
        raise Unusable("date_in_future")
    return found


def parse_moment(text: str) -> datetime:
    """Return a date with a time on the clock of Amsterdam, of "1-9-2019 14:30" or what a browser sends."""
    text = _BETWEEN.sub(" ", tidy(latin_number(text)))
    day, _, clock = text.rpartition(" ")
    match = _CLOCK.match(clock)
    if not match:
        raise Unusable("moment_unreadable")
    return datetime.combine(parse_date(day), time(int(match[1]), int(match[2])), AMSTERDAM)


def parse_bsn(text: str) -> str:
    """Return nine figures that pass the eleven-test; a leading zero that was lost comes back."""
    figures = re.sub(r"[\s.\-]", "", tidy_number(text))
    if not (figures.isascii() and figures.isdecimal()) or len(figures) not in {8, 9} or not int(figures):
        raise Unusable("bsn_invalid")
    try:
        return str(bsns.validate(figures.zfill(9)))
    except BadNumber:
        raise Unusable("bsn_invalid") from None


def parse_phone(text: str) -> str:
    """Return a phone number as +31612345678; one without a country is Dutch."""
    try:
        number = phonenumbers.parse(tidy_number(text), "NL")
    except phonenumbers.NumberParseException:
        raise Unusable("phone_invalid") from None
    if not phonenumbers.is_valid_number(number):
        raise Unusable("phone_invalid")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def show_phone(stored: str) -> str:
    """Return a stored number as people write it: 06 12345678 for a Dutch one, +32 … for another."""
    try:
        number = phonenumbers.parse(stored, "NL")
    except phonenumbers.NumberParseException:
        return stored
    is_dutch = number.country_code == 31
    style = phonenumbers.PhoneNumberFormat.NATIONAL if is_dutch else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def parse_email(text: str) -> str:
    """Return an e-mail address in small letters; nobody is asked whether it exists."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise Unusable("email_invalid") from None


def find_email(text: str | None) -> str | None:
    """Return the e-mail address in small letters that a text is; None where it is anything else, or more than that."""
    try:
        return parse_email(text or "")
    except Unusable:
        return None


def parse_postcode(text: str) -> str:
    """Return a Dutch postcode as "1234 AB"; one of another country stays as it was typed."""
    text = tidy_number(text).upper()
    match = _POSTCODE.match(text)
    if match:
        return f"{match[1]} {match[2]}"
    if text.isdecimal() and len(text) == 4:
        raise Unusable("postcode_invalid")
    return text


def parse_iban(text: str) -> str:
    """Return an IBAN without spaces that passes its check."""
    try:
        return str(ibans.validate(tidy_number(text)))
    except BadNumber:
        raise Unusable("iban_invalid") from None


def parse_kvk(text: str) -> str:
    """Return the eight figures of a number of the chamber of commerce."""
    figures = re.sub(r"[\s.]", "", tidy_number(text))
    if not (figures.isascii() and figures.isdecimal()) or len(figures) != 8 or not int(figures):
        raise Unusable("kvk_invalid")
    return figures


def parse_money(text: str) -> int:
    """Return an amount in cents, of "1.250,50" or "1250.5"."""
    bare = tidy(latin_number(text)).replace("€", "").replace(" ", "")
    if "," in bare:
        bare = bare.replace(".", "")
    if not _MONEY.match(bare):
        raise Unusable("money_unreadable")
    euros, _, cents = bare.lstrip("-").replace(",", ".").partition(".")
    amount = int(euros) * 100 + int(cents.ljust(2, "0") or 0)
    return -amount if bare.startswith("-") else amount


def parse_hours(text: str) -> int:
    """Return minutes, of hours such as "12", "12,5" or "12:30"."""
    bare = tidy(latin_number(text)).replace(",", ".")
    clock = re.fullmatch(r"(\d{1,5}):([0-5]\d)", bare)
    if clock:
        return int(clock[1]) * 60 + int(clock[2])
    if not re.fullmatch(r"\d{1,5}(\.\d{1,2})?", bare):
        raise Unusable("hours_unreadable")
    return round(float(bare) * 60)


def parse_whole(text: str) -> int:
    """Return a whole number of at most five figures."""
    bare = tidy_number(text)
    if not re.fullmatch(r"[0-9]{1,5}", bare):
        raise Unusable("number_unreadable")
    return int(bare)


def parse_choice(choices: Iterable[StrEnum]) -> Callable[[str], StrEnum]:
    """Return a parser that takes one of these choices by its stored name."""
    by_name = {choice.value: choice for choice in choices}

    def parse(text: str) -> StrEnum:
        try:
            return by_name[text]
        except KeyError:
            raise Unusable("choice_unknown") from None

    return parse
