"""Where in a sheet its tables stand: each from a header to the row before the next, with the group its title names.

A sheet may hold one table, or a block for each group with a header and a title of its own; a later header may have its
columns in another order.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from portal.imports.workbooks.headers import LONGEST, LOOKED_AT, Header, header_at, header_of_names
from portal.imports.workbooks.targets import IDENTIFYING
from portal.imports.workbooks.vocabulary import KNOWN, plain
from portal.imports.workbooks.workbook import Cell, Sheet

_GROUP = re.compile(
    r"(?:les|cursus)?(?:groep|klas|group|class)(?:s?naam)?\s*(?:[:=]\s*|\s-\s*|\s+)(?P<name>\S.{0,79})$", re.IGNORECASE
)
_GROUP_ALONE = re.compile(r"(?:les|cursus)?(?:groep|klas|group|class)(?:s?naam)?\s*[:=]?$", re.IGNORECASE)
_NO_NAME = re.compile(r"(?:van|voor|uit|die|met|is|zijn|list|lijst)\b", re.IGNORECASE)
_MOST_ABOVE = 3


@dataclass(frozen=True)
class Table:
    """A header with the last row that stands under it (None: to the foot of the sheet), and what its title says."""

    header: Header
    until: int | None = None
    title: str | None = None


@dataclass(frozen=True)
class Columns:
    """Where the columns of one table go: target by position; which rows are its own, and whose names are the group's.

    `until` is the last row of the table, None for the foot of the sheet; `title` the group that its title names;
    `is_group` says that the sheet's name is the group's.
    """

    header: Header
    targets: dict[int, str]
    is_group: bool = False
    until: int | None = None
    title: str | None = None

    def label(self, *keys: str) -> str:
        """Return the label of the column that goes to the first of these targets that has one; "" for none."""
        for key in keys:
            for position, target in self.targets.items():
                if target == key:
                    return self.header.labels[position]
        return ""


def find_tables(sheet: Sheet, *, of_names: bool = False) -> list[Table]:
    """Return the tables of a sheet in their order; none where no header of learners stands in its first twenty rows.

    With `of_names` a list of names alone is one, which may as well be anything: for a workbook that has nothing better.
    """
    rows = list(sheet.read())
    headers = _headers(sheet, rows)
    if not headers:
        alone = header_of_names(sheet, rows) if of_names else None
        return [Table(alone)] if alone is not None else []
    titles = [_title(rows, before, header.first_row) for before, header in zip(_lasts(headers), headers, strict=True)]
    is_titled = len(headers) > 1 and all(titles)
    ends = [
        titled[0] - 1 if titled else header.first_row - 1
        for titled, header in zip(titles[1:], headers[1:], strict=True)
    ]
    return [
        Table(header, until, _group(titled[1], is_titled=is_titled) if titled else None)
        for header, until, titled in zip(headers, [*ends, None], titles, strict=True)
    ]


def _lasts(headers: Sequence[Header]) -> list[int]:
    """Return for each header the last row of the one before it."""
    return [0, *(header.last_row for header in headers[:-1])]


def _headers(sheet: Sheet, rows: list[list[Cell]]) -> list[Header]:
    found: list[Header] = []
    known: frozenset[str] = frozenset()
    index = 0
    while index < len(rows) and (found or index < LOOKED_AT):
        is_row = found and not _may_be_header(rows[index], known)
        header = None if is_row else header_at(sheet, index, rows, known=known)
        if header is None:
            index += 1
            continue
        found.append(header)
        known = known | {plain(label) for label in header.labels if label}
        index = header.last_row
    return found


def _may_be_header(row: Sequence[Cell], known: frozenset[str]) -> bool:
    """Say at little cost whether a row may be a header further down: two of its cells are labels, one that names."""
    words = [plain(cell) for cell in row if isinstance(cell, str) and cell and len(cell) <= LONGEST]
    hits = [word for word in words if word in known or word in KNOWN]
    return len(hits) > 1 and any(word in known or KNOWN[word] in IDENTIFYING for word in hits)


def _title(rows: list[list[Cell]], after: int, header_row: int) -> tuple[int, str] | None:
    """Return number and text of the row that stands as a title over a header, at most three rows above it."""
    for number in range(header_row - 1, max(after, header_row - 1 - _MOST_ABOVE), -1):
        texts = texts_of(rows[number - 1])
        if texts:
            named = group_named(rows[number - 1])
            if named is not None:
                return number, f"groep {named}"
            return (number, texts[0]) if len(texts) == 1 and isinstance(_first(rows[number - 1]), str) else None
    return None


def _first(row: Sequence[Cell]) -> Cell | None:
    return next((cell for cell in row if cell != ""), None)


def _group(title: str, *, is_titled: bool) -> str | None:
    """Return the group that a title names; without a word for it only where each of several tables has a title."""
    found = group_named([title])
    return found if found is not None else title[:80] if is_titled else None


def group_named(row: Sequence[Cell]) -> str | None:
    """Return the group that a row names and nothing else: "Groep: A1 ochtend", in one cell or in two."""
    texts = texts_of(row)
    if not texts or len(texts) > 2:
        return None
    if len(texts) == 2 and _GROUP_ALONE.match(texts[0]):
        return texts[1][:80]
    match = _GROUP.match(texts[0]) if len(texts) == 1 else None
    return match["name"].strip() if match and not _NO_NAME.match(match["name"]) else None


def texts_of(row: Sequence[Cell]) -> list[str]:
    """Return what a row's cells hold, as text."""
    return [text for cell in row if (text := " ".join(str(cell).split()))]
