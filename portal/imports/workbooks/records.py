"""A sheet's rows to records: their values, a problem for each cell that can't be used, a note where there is doubt."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial

from portal.imports.workbooks.addresses import settle_address
from portal.imports.workbooks.cells import Left, read_cell
from portal.imports.workbooks.dates import Unusable
from portal.imports.workbooks.rows import GROUP, kind_of_row
from portal.imports.workbooks.tables import Columns, group_named, texts_of
from portal.imports.workbooks.targets import TARGETS
from portal.imports.workbooks.values import Result, longest
from portal.imports.workbooks.workbook import Cell, Sheet
from portal.learners.record.names import NO_NAME, split_full_name, split_name_fields
from portal.progress.models import Rung

SHOWN = 120
_ALIKE = 5_000  # so many cells are remembered within a sheet: towns, clients and routes stand there again and again
Read = Callable[[str, Cell], tuple[dict[str, object], Left]]
_IN_NO_NAME = re.compile(r"[=:<>{}|\\@#]")
_BETWEEN_GROUPS = re.compile(r"[;|\n]")
_ENDS = ("learner.given_name", "learner.family_name")
_NAME_PARTS = ("learner.given_name", "learner.name_prefix", "learner.family_name")
_TOGETHER = ("learner.full_name", "learner.family_name", "learner.address", "learner.postcode_city")


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
    notes: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that holds something and no learner: where it stands, why it is left out, and what it says."""

    sheet: str
    row: int
    code: str
    text: str


def records_of(
    sheet: Sheet,
    *tables: Columns,
    today: date,
    skipped: list[Skipped] | None = None,
    has_sublevels: bool = False,
) -> Iterator[Record]:
    """Yield a record for each row that holds one; `skipped` gets the rows that hold something else.

    `has_sublevels`: the school works with levels between levels; elsewhere "A2+" counts as A2, and "A2-" is no level.
    """
    skipped = [] if skipped is None else skipped
    read = lru_cache(_ALIKE, typed=True)(partial(_values_in, today=today))
    waiting = list(tables)
    columns, group = None, None
    for number, row in sheet.rows():
        while waiting and number >= waiting[0].header.first_row:
            columns = waiting.pop(0)
            group = columns.title
        kind = kind_of_row(sheet, number, row, columns)
        if kind == GROUP:
            group = group_named(row)
        if kind is not None:
            skipped.append(Skipped(sheet.name, number, kind, " · ".join(texts_of(row))[:SHOWN]))
        elif columns is not None and texts_of(row) and number > columns.header.last_row:
            record = _record(Record(sheet.name, number, {}, []), row, columns, read, group=group)
            if not has_sublevels:
                _make_levels_whole(record, columns)
            yield record


def _record(record: Record, row: list[Cell], columns: Columns, read: Read, *, group: str | None) -> Record:
    """Return a record filled from a row."""
    for position, key in columns.targets.items():
        cell = row[position] if position < len(row) else ""
        _read_cell(record, key, columns.header.labels[position], cell, read)
    if group is not None or columns.is_group:
        record.values.setdefault("group.name", group or record.sheet)
    _settle_name(record, columns)
    _check_group(record, columns)
    settle_address(record.values)
    _check_lengths(record, columns)
    _check_title(record, row, columns)
    _settle_exams(record, columns)
    _check_days(record, columns)
    return record


def _values_in(key: str, cell: Cell, *, today: date) -> tuple[dict[str, object], Left]:
    """Return the values in a cell by field, and what of it isn't taken over. Raises Unusable."""
    left: Left = []
    return read_cell(TARGETS[key], cell, today=today, left=left), left


def _read_cell(record: Record, key: str, label: str, cell: Cell, read: Read) -> None:
    """Read one cell into a record: its value, or the problem, and a note of what in it isn't taken over."""
    try:
        values, left = read(key, cell)
    except Unusable as why:
        record.problems.append(Problem(label, why.code, why.facts))
        return
    for code, value in left:
        record.notes.append(Problem(label, code, {"value": value}))
    for name, found in values.items():
        if record.values.setdefault(name, found) != found:
            record.notes.append(Problem(label, "not_taken", {"value": str(found)}))


def _make_levels_whole(record: Record, columns: Columns) -> None:
    for key, level in list(record.values.items()):
        if not isinstance(level, Rung) or not level.is_sublevel:
            continue
        if level.value.endswith("+"):
            record.values[key] = level.whole
        else:
            del record.values[key]
            record.problems.append(Problem(columns.label(key), "level_unknown", {"value": level.value}))


def _settle_name(record: Record, columns: Columns) -> None:
    values = record.values
    initials = values.pop("learner.initials", None)
    whole = values.pop("learner.full_name", None)
    if isinstance(whole, str):
        given, prefix, family = split_full_name(whole)
        _keep(values, {"learner.given_name": given, "learner.name_prefix": prefix, "learner.family_name": family})
    elif isinstance(values.get("learner.family_name"), str):
        _split_fields(values)
    if initials:
        _keep(values, {"learner.given_name": initials})
    _settle_single_name(values)
    for key in _NAME_PARTS:
        name, label = str(values.get(key) or ""), columns.label(key, "learner.full_name", "learner.family_name")
        is_number = any(map(str.isdigit, name)) and not any(map(str.isalpha, name))  # what a formula left, say
        if is_number or _IN_NO_NAME.search(name):
            record.problems.append(Problem(label, "not_a_name"))


def _split_fields(values: dict[str, object]) -> None:
    """Split the names as every way in does; a prefix in a column of its own stays."""
    given, prefix, family = (str(values.get(key) or "") for key in _NAME_PARTS)
    parts = zip(_NAME_PARTS, split_name_fields(given, prefix, family), strict=True)
    values.update({key: part for key, part in parts if part})


def _settle_single_name(values: dict[str, object]) -> None:
    """Take a dash for "has no such name" where the other name is there, and for nothing where it isn't."""
    given, family = (values.get(key) for key in _ENDS)
    if NO_NAME in {given, family} and not ({given, family} - {NO_NAME, None, ""}):
        for key in _ENDS:
            values.pop(key, None)
    elif given == "":
        del values["learner.given_name"]


def _check_lengths(record: Record, columns: Columns) -> None:
    """Note what doesn't fit, also of what stood together in a cell and was taken apart."""
    for key, value in record.values.items():
        if isinstance(value, str) and len(value) > longest(key):
            label = columns.label(key, *_TOGETHER)
            record.problems.append(Problem(label, "too_long", {"most": longest(key)}))


def _check_title(record: Record, row: list[Cell], columns: Columns) -> None:
    """Refuse a row with a single text that reads as a title and not as a name, in a table of several columns."""
    texts = texts_of(row)
    if {"learner.number", "learner.bsn"} & record.values.keys():
        return
    if len(texts) == 1 and len(columns.targets) > 2 and any(sign.isdigit() or sign == ":" for sign in texts[0]):
        record.problems = [Problem("", "looks_like_title")]


def _keep(values: dict[str, object], found: dict[str, object | None]) -> None:
    """Fill in what isn't there yet."""
    for key, value in found.items():
        if value:
            values.setdefault(key, value)


def _check_group(record: Record, columns: Columns) -> None:
    """Refuse a cell with several groups, each of which is a group of its own."""
    if _BETWEEN_GROUPS.search(str(record.values.get("group.name", ""))):
        record.problems.append(Problem(columns.label("group.name"), "several_groups"))


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
