"""Where in a sheet the header stands, on one line or two, and what its columns are called."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

from portal.imports.workbooks.targets import IDENTIFYING
from portal.imports.workbooks.vocabulary import plain, target_of
from portal.imports.workbooks.workbook import Cell, Sheet

LOOKED_AT = 20
_LEAST = 2


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
    """Return the header among the first twenty rows, or None where the sheet holds no learners.

    One more row is read, for a header of two lines may begin on the twentieth.
    """
    rows = list(islice(sheet.read(), LOOKED_AT + 1))
    best: tuple[int, int, Header] | None = None
    for index, row in enumerate(rows[:LOOKED_AT]):
        for header in _candidates(sheet, index, row, rows):
            score = _score(header.labels)
            rank = (score, header.first_row - header.last_row)
            if score >= _LEAST and (best is None or rank > best[:2]):
                best = (*rank, header)
    return best[2] if best else None


def _candidates(sheet: Sheet, index: int, row: list[Cell], rows: list[list[Cell]]) -> list[Header]:
    if not _could_be_header(row):
        return []
    single = Header(sheet.name, index + 1, index + 1, _trim(_texts(row)))
    below = rows[index + 1] if index + 1 < len(rows) else []
    if not _could_be_header(below):
        return [single]
    labels = _two_lines(_texts(row), _texts(below), _spread(sheet, index))
    return [single, Header(sheet.name, index + 1, index + 2, _trim(labels))]


def _could_be_header(row: Sequence[Cell]) -> bool:
    filled = [cell for cell in row if cell != ""]
    texts = [cell for cell in filled if isinstance(cell, str)]
    return len(filled) >= _LEAST and len(texts) == len(filled)


def _texts(row: Sequence[Cell]) -> list[str]:
    return [" ".join(str(cell).split()) for cell in row]


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


def _score(labels: Sequence[str]) -> int:
    found = {target_of(label) for label in labels if label} - {None}
    return len(found) if found & IDENTIFYING else 0
