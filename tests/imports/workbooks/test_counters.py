"""A column that counts the rows holds no learners' numbers."""

from typing import Any

import pytest

from portal.imports.workbooks.counters import is_counter


@pytest.mark.parametrize(
    "cells",
    [
        [1.0, 2.0, 3.0],
        ["1", "2"],
        ["1.", "2.", "3."],
        [1, 2, 3, 1, 2, 3],
        [1, 2, "", 4, 5, 7],
        [3, 1, 2],
        ["١", "٢", "٣"],
        [13, 14, 15, 16],
        [1],
    ],
)
def test_it_counts(cells: list[Any]) -> None:
    assert is_counter(cells)


@pytest.mark.parametrize(
    "cells",
    [
        [],
        ["", ""],
        [501, 502, 503],
        ["00001", "00002"],
        [1001.0, 1002.0],
        ["A1", "A2"],
        [4, 9, 31],
        [1, 40, 900],
        ["1", "x"],
    ],
)
def test_it_holds_numbers(cells: list[Any]) -> None:
    assert not is_counter(cells)
