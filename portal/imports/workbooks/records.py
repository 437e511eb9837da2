"""A row of a sheet to the values of a record, with a problem for each cell that can't be used."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from portal.imports.workbooks.dates import Unusable
from portal.imports.workbooks.headers import Header
from portal.learners.record.names import split_family_name, split_full_name
from portal.imports.workbooks.targets import IDENTIFYING, TARGETS
from portal.imports.workbooks.values import Result, longest, read
from portal.imports.workbooks.workbook import Cell, Sheet

_TOTAL = re.compile(
    r"(sub|eind|grand )?tota(a)?l(en|s)?\b|som\b|sum\b|aantal\b|gemiddelde?\b|average\b|count\b|gem\.", re.IGNORECASE
)
_THINGS = r"cursist|deelnemer|leerling|student|learner|participant|uren|hours"
_COUNTED = re.compile(rf"\d|{_THINGS}", re.IGNORECASE)
_COUNT = re.compile(rf"[\W\d_]*(({_THINGS})\w*)?[\W_]*", re.IGNORECASE)
_COUNTABLE = frozenset({"learner.number", "learner.family_name", "learner.full_name"})
_HOUSE = re.compile(r"(?P<street>.*\D)\s+(?P<number>\d+\s*[-/]?\s*[A-Za-z]{0,4}(?:\s*[-/]?\s*\w{1,4})?)$")
_PLACE = re.compile(r"(?P<postcode>[1-9]\d{3}\s*[A-Za-z]{2})\b[\s,]*(?P<city>.*)$")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused: the column's label ("" for the row as a whole), a code, and what the words need."""

    column: str
    code: str
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Record:
    """What a row says, by field (`table.column`), and what is wrong with it."""

    sheet: str
    row: int
    values: dict[str, object]
    problems: list[Problem]


@dataclass(frozen=True)
class Columns:
    """Where the columns of one sheet go: target by position; and whether the sheet's name is the group's."""

    header: Header
    targets: dict[int, str]
    is_group: bool = False

    def label(self, *keys: str) -> str:
        """Return the label of the column that goes to the first of these targets that has one; "" for none."""
        for key in keys:
            for position, target in self.targets.items():
                if target == key:
                    return self.header.labels[position]
        return ""


def records_of(sheet: Sheet, columns: Columns, *, today: date) -> Iterator[Record]:
    """Yield a record for each row under the header that holds one; empty rows, totals and headings hold none."""
    merged_rows = {first[0] for first, last in sheet.merged if last[1] > first[1]}
    for number, row in sheet.rows():
        if number > columns.header.last_row and _holds_record(row, number, columns, merged_rows):
            yield _record(sheet.name, number, row, columns, today)


def _holds_record(row: list[Cell], number: int, columns: Columns, merged_rows: set[int]) -> bool:
    filled = [cell for cell in row if cell != "" and not (isinstance(cell, str) and not cell.strip())]
    if not filled or not any(position < len(row) and row[position] != "" for position in columns.targets):
        return False
    texts = [cell.strip() for cell in filled if isinstance(cell, str)]
    if _is_total(texts) and not _names_someone(row, columns, may_count=True):
        return False
    if number - 1 in merged_rows and len(filled) == 1:
        return False
    if not texts and not _names_someone(row, columns):
        return False
    return [" ".join(str(cell).split()) for cell in row[: len(columns.header.labels)]] != list(columns.header.labels)


def _is_total(texts: list[str]) -> bool:
    """Say whether a row's texts are the word for a total and what goes with it: "Totaal", "12 cursisten"."""
    words = [text for text in texts if not _says_total(text)]
    return len(words) < len(texts) and all(_COUNTED.search(text) for text in words)


def _says_total(text: str) -> bool:
    """Say whether a text is the word for a total, alone or with what it counts: not a name that begins with it."""
    found = _TOTAL.match(text)
    rest = text[found.end() :].strip(" :.=") if found else ""
    return found is not None and (not rest or _COUNTED.search(rest) is not None)


def _names_someone(row: list[Cell], columns: Columns, *, may_count: bool = False) -> bool:
    """Say whether an identifying cell holds more than the word for a total, or a birth date stands in the row.

    Where it may be a total, "12" or "12 cursisten" under a name or a number counts something: it names nobody.
    """
    for position, key in columns.targets.items():
        cell = row[position] if position < len(row) else ""
        if cell == "" or (key not in IDENTIFYING and key != "learner.birth_date"):
            continue
        if may_count and key in _COUNTABLE and _COUNT.fullmatch(str(cell)):
            continue
        if not (isinstance(cell, str) and _says_total(cell.strip())):
            return key != "learner.number" or isinstance(cell, str)
    return False


def _record(sheet: str, number: int, row: list[Cell], columns: Columns, today: date) -> Record:
    record = Record(sheet, number, {}, [])
    for position, key in columns.targets.items():
        cell = row[position] if position < len(row) else ""
        try:
            value = read(TARGETS[key], cell, today=today)
        except Unusable as why:
            record.problems.append(Problem(columns.header.labels[position], why.code, why.facts))
            continue
        if value is not None:
            record.values.setdefault(key, value)
    if columns.is_group:
        record.values.setdefault("group.name", sheet)
    _settle_name(record, columns)
    _settle_address(record)
    _settle_exams(record, columns)
    _check_days(record, columns)
    return record


def _settle_name(record: Record, columns: Columns) -> None:
    values = record.values
    initials = values.pop("learner.initials", None)
    whole = values.pop("learner.full_name", None)
    if isinstance(whole, str):
        given, prefix, family = split_full_name(whole)
        _keep(values, {"learner.given_name": given, "learner.name_prefix": prefix, "learner.family_name": family})
    elif isinstance(values.get("learner.family_name"), str):
        prefix, family = split_family_name(str(values["learner.family_name"]))
        values["learner.family_name"] = family
        _keep(values, {"learner.name_prefix": prefix})
    if initials:
        _keep(values, {"learner.given_name": initials})
    for key in ("learner.given_name", "learner.name_prefix", "learner.family_name"):
        name, label = str(values.get(key) or ""), columns.label(key, "learner.full_name", "learner.family_name")
        if len(name) > longest(key):
            record.problems.append(Problem(label, "too_long", {"most": longest(key)}))
        if any(map(str.isdigit, name)) and not any(map(str.isalpha, name)):  # what a formula left, say
            record.problems.append(Problem(label, "not_a_name"))


def _keep(values: dict[str, object], found: dict[str, object | None]) -> None:
    """Fill in what isn't there yet."""
    for key, value in found.items():
        if value:
            values.setdefault(key, value)


def _settle_address(record: Record) -> None:
    address = record.values.pop("learner.address", None)
    if isinstance(address, str):
        match = _HOUSE.match(address)
        parts = (match["street"].rstrip(" ,"), match["number"]) if match else (address, None)
        _keep(record.values, {"learner.street": parts[0], "learner.house_number": parts[1]})
    place = record.values.pop("learner.postcode_city", None)
    if isinstance(place, str):
        match = _PLACE.match(place)
        postcode = match["postcode"].upper().replace(" ", "") if match else ""
        spaced = f"{postcode[:4]} {postcode[4:]}" if postcode else None
        _keep(record.values, {"learner.postcode": spaced, "learner.city": match["city"] if match else place})


def _settle_exams(record: Record, columns: Columns) -> None:
    taken_on = record.values.pop("exam.taken_on", None)
    for key, value in list(record.values.items()):
        if not isinstance(value, Result) or value.taken_on is not None:
            continue
        if isinstance(taken_on, date):
            record.values[key] = Result(value.is_passed, taken_on, value.level)
        else:
            del record.values[key]
            record.problems.append(Problem(columns.label(key), "exam_needs_date"))


def _check_days(record: Record, columns: Columns) -> None:
    for table in ("enrolment", "trajectory"):
        first, last = record.values.get(f"{table}.starts_on"), record.values.get(f"{table}.ends_on")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            record.problems.append(Problem(columns.label(f"{table}.ends_on"), "ends_before_start"))
