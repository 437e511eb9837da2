"""Whether the cells of a column count the rows: 1, 2, 3 are no learners' numbers."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from portal.core.digits import latin_digits
from portal.imports.workbooks.workbook import Cell

_COUNT = re.compile(r"#?\s*([1-9]\d{0,4}|0)\s*[.)]?$")
_STEPS = 0.7
_SMALL = 100
_LEAST = 2


def is_counter(cells: Iterable[Cell]) -> bool:
    """Say whether cells count rows: small numbers in order, from one or on from another list, again for each block.

    Numbers that were sorted along with their rows, or of which some are gone with theirs, still count. A number with
    zeros before it was given by somebody.
    """
    texts = [text for cell in cells if not isinstance(cell, bool) and (text := _text(cell))]
    matches = [_COUNT.match(text) for text in texts]
    numbers = [int(match[1]) for match in matches if match is not None]
    if not numbers or len(numbers) < len(texts) * 0.9:
        return False
    if min(numbers) <= 1:
        return max(numbers) <= len(numbers) * 1.5 + _LEAST
    return max(numbers) < _SMALL and len(numbers) >= _LEAST and _in_steps(numbers) >= _STEPS


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return latin_digits(str(cell)).strip()


def _in_steps(numbers: Sequence[int]) -> float:
    """Return for how large a part each number is one more than the one before it."""
    steps = [after - before == 1 for before, after in pairwise(numbers)]
    return sum(steps) / len(steps) if steps else 0.0
