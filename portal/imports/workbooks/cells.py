"""One cell to the values in it, by its column: two phone numbers make two, and what isn't taken over is told."""

import re
from collections.abc import Callable
from datetime import date, time, timedelta

import phonenumbers

from portal.imports.workbooks.dates import Unusable
from portal.imports.workbooks.letters import is_spoilt, mended
from portal.imports.workbooks.targets import Target
from portal.imports.workbooks.values import read, text_of
from portal.imports.workbooks.vocabulary import plain
from portal.imports.workbooks.workbook import Cell
from portal.learners.record.names import NO_NAME, without_title

Left = list[tuple[str, str]]
"""What of a cell isn't taken over, or was read in another way than it stands: a code and the text."""

_NAMES = frozenset({"name", "prefix", "family_name", "full_name"})
_NAME_PARTS = frozenset({"name", "family_name"})
_AS_TYPED = frozenset({"number", "text", "phone", "bsn"})
_DASHES = frozenset("-–—")
_MENDED = _NAMES | {"text", "address", "place", "number"}
# Words for "there is none", where a value could stand: not for choices, where "geen" is an answer.
_NONE_WORDS = (
    "geen/geen telefoon/geen email/geen mail/heeft geen/niet bekend/nog niet bekend/onbekend/volgt/volgt nog/komt nog"
    "/vraag na/navragen/nog vragen/nog navragen/opvragen/nog opvragen/nog doorgeven/later/none/no/nee/leeg/nvt"
    "/niet van toepassing/weet niet/niet/unknown/tbd/pm/x/xx/xxx/nog niet/ontbreekt/missing/no email/no phone"
    "/geen adres/zonder/vertrouwelijk"
)
_NONE = frozenset(map(plain, _NONE_WORDS.split("/")))
_LONGEST_NONE = 30
_MAY_BE_NONE = frozenset({"phone", "email", "bsn", "iban", "kvk", "date", "past_date", "address", "postcode", "place"})
_NONE_FIELDS = frozenset({"learner.street", "learner.house_number", "learner.city", "learner.number"})
# Text that is never a bare number, and text that a spreadsheet program likes to make a date of.
_NEVER_FIGURES = frozenset(
    {"learner.city", "learner.street", "learner.birth_place", "learner.birth_country", "learner.nationality",
     "learner.country", "learner.languages", "group.course", "trajectory.client", "trajectory.client_manager",
     "learner.employer"}
)  # fmt: skip
_NEVER_DATES = _NEVER_FIGURES | frozenset(
    {"learner.number", "learner.house_number", "learner.house_addition", "learner.address", "group.name",
     "trajectory.contract_number", "learner.document_number"}
)  # fmt: skip
_AS_DATE = re.compile(r"\d{1,2}-(?:jan|feb|mrt|mar|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec)\.?$", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?E[+-]?\d+$", re.IGNORECASE)
_LOOSE = re.compile(r"\s*(?:[;,/|\n]|\s+(?:of|en|or|and)\s+|\s)\s*", re.IGNORECASE)
_SIGNS = " ()/;,.:-+|&\n"
_BETWEEN = frozenset({"", "of", "en", "or", "and", "tel", "mob", "mobiel", "telefoon", "0"})


def read_cell(target: Target, cell: Cell, *, today: date, left: Left) -> dict[str, object]:
    """Return the values in a cell by field; `left` gets what isn't taken over. Raises Unusable."""
    if target.kind in _NAME_PARTS and isinstance(cell, str) and cell.strip() in _DASHES:
        return {target.key: NO_NAME}
    if target.kind in _MENDED and isinstance(cell, str):
        cell = _mended(target, cell, left)
    _refuse_strange(target, cell)
    text = text_of(cell) if isinstance(cell, str) else ""
    may_be_none = target.kind in _MAY_BE_NONE or target.key in _NONE_FIELDS
    if may_be_none and text and len(text) <= _LONGEST_NONE and plain(text) in _NONE:
        left.append(("not_taken", text))
        return {}
    if target.kind in _READERS and text:
        return _READERS[target.kind](target, text, left)
    value = read(target, cell, today=today)
    return {} if value is None else {target.key: value}


def _mended(target: Target, cell: str, left: Left) -> str:
    """Return a text with the letters that were lost, if they can be found again. Raises Unusable where they can't."""
    text = mended(cell)
    is_name = target.kind in _NAMES
    if is_spoilt(text, is_name=is_name) and text_of(text):
        raise Unusable("letters_lost", value=text[:60])
    if text != cell:
        left.append(("letters_mended", f"{cell.strip()[:60]} → {text.strip()[:60]}"))
    if is_name:
        text, title = without_title(text)
        if title:
            left.append(("not_taken", title))
    return text


def _refuse_strange(target: Target, cell: Cell) -> None:
    """Raise Unusable for what a spreadsheet program made of something else: a date of a number, a zero of nothing."""
    typed = cell.strip() if isinstance(cell, str) else ""
    if target.key in _NEVER_DATES and (isinstance(cell, date | time | timedelta) or _AS_DATE.match(typed)):
        raise Unusable("became_date", value=str(cell) if isinstance(cell, time | timedelta) else text_of(cell))
    if target.kind in _AS_TYPED and _SCIENTIFIC.match(typed):
        raise Unusable("became_number", value=typed)
    if target.key in _NEVER_FIGURES and not isinstance(cell, date):
        text = text_of(cell)
        if text and not any(letter.isalpha() for letter in text):
            raise Unusable("only_figures", value=text)


def _phones(target: Target, text: str, left: Left) -> dict[str, object]:
    """Return one or two numbers: a second one is the other phone; whose they are, and a third, isn't taken over."""
    rest, found = text, []
    for piece in [text, *re.split(r"\s*(?:[;,/|]|\s(?:of|en|or)\s)\s*", text)]:
        number = _one_phone(piece)
        if number is not None and number not in found:
            found.append(number)
        if number is not None:
            rest = rest.replace(piece, " ")
        if piece == text and number is not None:
            break
    if not found:
        found, rest = _phones_in(text)
    if not found:
        value = read(target, text, today=date.max)
        return {target.key: value}
    left.extend(("not_taken", word) for word in _rest_of(rest))
    keys = [target.key, "learner.phone_other"] if target.key == "learner.phone" else [target.key]
    left.extend(("not_taken", number) for number in found[len(keys) :])
    return dict(zip(keys, found, strict=False))


def _one_phone(text: str) -> str | None:
    for candidate in (text, f"+{text.lstrip('+')}"):
        try:
            number = phonenumbers.parse(candidate, "NL")
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) and not any(letter.isalpha() for letter in candidate):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def _phones_in(text: str) -> tuple[list[str], str]:
    """Return the numbers that stand in a text, and the text without them."""
    found: list[str] = []
    rest = text
    for match in phonenumbers.PhoneNumberMatcher(text, "NL"):
        number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        if number not in found:
            found.append(number)
        rest = rest.replace(match.raw_string, " ")
    return found, rest


def _rest_of(rest: str) -> list[str]:
    words = [word for word in re.split(r"\s+", rest) if word.strip(_SIGNS).lower() not in _BETWEEN]
    joined = " ".join(words).strip(" /;,:-+|")
    return [joined] if joined else []


def _emails(target: Target, text: str, left: Left) -> dict[str, object]:
    """Return the first address of a cell; others, and words beside it, aren't taken over."""
    pieces = [piece for piece in _LOOSE.split(text) if piece]
    addresses = [piece for piece in pieces if "@" in piece]
    if len(pieces) > 1 and addresses:
        left.extend(("not_taken", piece) for piece in addresses[1:])
        left.extend(("not_taken", piece) for piece in pieces if "@" not in piece and piece.lower() not in _BETWEEN)
        text = addresses[0]
    return {target.key: read(target, text, today=date.max)}


_READERS: dict[str, Callable[[Target, str, Left], dict[str, object]]] = {"phone": _phones, "email": _emails}
