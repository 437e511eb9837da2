"""Where in a sheet the header stands, on one line or two, and what its columns are called."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import islice

from portal.imports.workbooks.targets import IDENTIFYING
from portal.imports.workbooks.vocabulary import plain, target_of, targets_of
from portal.imports.workbooks.workbook import Cell, Sheet

LOOKED_AT = 20
_LEAST = 2
_NAME = "learner.full_name"
LONGEST = 60
# How large a part of a header's texts must be known: of the first, of one further down, of a second line.
_SHARE, _SHARE_AGAIN, _SHARE_BELOW = 0.3, 0.6, 0.5
_OF_THE_CALENDAR = re.compile(
    r"(?:\d|(?:ma|di|wo|do|vr|za|zo|maan|dins|woens|donder|vrij|zater|zon)(?:dag|\.)?\b|(?:jan|feb|mrt|maart|apr|mei|jun|jul"
    r"|aug|sep|okt|nov|dec)[a-z]{0,7}\.?\b|(?:wk|week|les|lesdag)\.?\s*\d)",
    re.IGNORECASE,
)
"""How a date, a weekday or the number of a week or lesson begins."""


@dataclass(frozen=True)
class Header:
    """The columns of a sheet: their labels by position ("" for none), and the last row of the header."""

    sheet: str
    first_row: int
    last_row: int
    labels: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """What stays the same while the school keeps its columns: order, capitals and accents don't count."""
        words = sorted(plain(label) for label in self.labels if label)
        return sha256("\n".join(words).encode()).hexdigest()


def find_header(sheet: Sheet) -> Header | None:
    """Return the first header among the first twenty rows, or None where the sheet holds no learners.

    One more row is read, for a header of two lines may begin on the twentieth.
    """
    rows = list(islice(sheet.read(), LOOKED_AT + 1))
    found = (header_at(sheet, index, rows) for index in range(min(len(rows), LOOKED_AT)))
    return next((header for header in found if header is not None), None)


def header_at(
    sheet: Sheet, index: int, rows: list[list[Cell]], *, known: frozenset[str] = frozenset()
) -> Header | None:
    """Return the header that begins in this row (from 0), on one line or two; None where none does.

    `known` are the labels of headers above, in their plain form: they count as known here too.
    """
    row = rows[index]
    if not _could_be_header(row):
        return None
    single = Header(sheet.name, index + 1, index + 1, _trim(_texts(row)))
    best = (_score(single.labels, known), single)
    below = rows[index + 1] if index + 1 < len(rows) else []
    if _could_be_header(below) and _familiar(_texts(below), known) >= _SHARE_BELOW:
        spread = _spread(sheet, index)
        if known and not spread and not _familiar(_texts(row), known):  # a row of a table, above its next header
            return None
        labels = _trim(_two_lines(_texts(row), _texts(below), spread))
        score = _score(labels, known)
        if score > best[0] or (score == best[0] and spread and _score(_texts(below), known) >= _LEAST):
            best = (score, Header(sheet.name, index + 1, index + 2, labels))
    return best[1] if best[0] >= _LEAST and not _is_better_below(best, index, rows, known) else None


def header_of_names(sheet: Sheet, rows: list[list[Cell]]) -> Header | None:
    """Return the header of a list of names alone, perhaps beside dates or a count; None where there is none.

    Only for a sheet without any fuller header: "Naam" over a column of texts that are no labels themselves.
    """
    for index, row in enumerate(rows[:LOOKED_AT]):
        labels = _trim(_texts(row))
        targets = targets_of(labels)
        if _NAME not in targets or _familiar(labels, frozenset()) < _SHARE:
            continue
        column = targets.index(_NAME)
        under = [str(below[column]) for below in rows[index + 1 :] if column < len(below) and below[column] != ""]
        if under and not any(target_of(text) for text in under):
            return Header(sheet.name, index + 1, index + 1, labels)
    return None


def has_people_side_by_side(rows: list[list[Cell]]) -> bool:
    """Say whether labels stand under each other in a column, so that each column beside it is a person."""
    width = max(map(len, rows[:LOOKED_AT]), default=0)
    for column in range(min(width, LOOKED_AT)):
        texts = [str(row[column]) for row in rows[: 2 * LOOKED_AT] if column < len(row) and row[column] != ""]
        if _score(texts, frozenset()) >= _LEAST:
            return True
    return False


def _is_better_below(best: tuple[int, Header], index: int, rows: list[list[Cell]], known: frozenset[str]) -> bool:
    """Say whether the next row alone is a fuller header than this one: "Cursist" and "Gemeente" over the real one."""
    score, header = best
    if header.last_row > header.first_row or index + 1 >= len(rows) or not _could_be_header(rows[index + 1]):
        return False
    return _score(_texts(rows[index + 1]), known) > score


def _could_be_header(row: Sequence[Cell]) -> bool:
    """Say whether a row holds two texts: beside labels a header may have dates and numbers of weeks."""
    return sum(isinstance(cell, str) and cell != "" for cell in row) >= _LEAST


def _texts(row: Sequence[Cell]) -> list[str]:
    return [f"{cell.day}-{cell.month}-{cell.year}" if isinstance(cell, date) else _text(cell) for cell in row]


def _text(cell: Cell) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else " ".join(str(cell).split())


def _spread(sheet: Sheet, index: int) -> dict[int, int]:
    """Return for each column under a merged cell of this row the column in which that cell begins."""
    spread: dict[int, int] = {}
    for (row, first), (_, last) in sheet.merged:
        if row == index and last > first:
            spread.update(dict.fromkeys(range(first, last + 1), first))
    return spread


def _two_lines(top: list[str], under: list[str], spread: dict[int, int]) -> list[str]:
    """Join two lines of header: "Adres" over "Straat" and "Nr" becomes "Adres: Straat" and "Adres: Nr"."""
    labels = []
    width = max(len(top), len(under))
    top += [""] * (width - len(top))
    under += [""] * (width - len(under))
    carried = ""
    for column in range(width):
        above = top[spread.get(column, column)]
        if above:
            carried = above
        elif under[column] and not spread:
            above = carried
        if above and under[column] and above != under[column]:
            labels.append(f"{above}: {under[column]}")
        else:
            labels.append(under[column] or above)
    return labels


def _trim(labels: Sequence[str]) -> tuple[str, ...]:
    end = max((index + 1 for index, label in enumerate(labels) if label), default=0)
    return tuple(labels[:end])


def _score(labels: Sequence[str], known: frozenset[str]) -> int:
    """Return how many fields these labels name; 0 where nobody is told by them, or most of the words are no labels."""
    targets = {target for target in targets_of(labels) if target}
    least = _SHARE_AGAIN if known else _SHARE
    return len(targets) if IDENTIFYING & targets and _familiar(labels, known) >= least else 0


def _familiar(labels: Sequence[str], known: frozenset[str]) -> float:
    """Return how large a part of the texts are labels that are known; dates, days and numbers of weeks don't count."""
    filled = [label for label in labels if label and not _OF_THE_CALENDAR.match(label)]
    found = sum(1 for label in filled if len(label) <= LONGEST and (target_of(label) or plain(label) in known))
    return found / len(filled) if filled else 0.0
