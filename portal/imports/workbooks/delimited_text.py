"""Separated text: which letters it is written in, what stands between its fields, and its rows."""

import csv
import io
from collections import Counter

from portal.core.spreadsheets import unguarded
from portal.imports.workbooks.code_pages import best_code_page
from portal.imports.workbooks.container import refusal
from portal.imports.workbooks.extent import MAX_COLUMNS, MAX_ROWS

_SEPARATORS = (";", ",", "\t", "|")
_SAMPLE_ROWS = 60
_SAMPLE = 64 * 1024


def rows_of(data: bytes) -> list[list[str]]:
    """Return the rows of a text file with separators; raises Invalid when it is no such thing.

    The apostrophe that guards what would be a formula in a spreadsheet, as our own files have it, is taken off.
    """
    text = decoded(data)
    directive = text[:6].lower()
    separator = text[4] if directive.startswith("sep=") and len(text) > 4 else separator_of(text[:_SAMPLE])
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append([unguarded(cell) for cell in row])
            if len(rows) > MAX_ROWS:
                raise refusal("too_many_rows", most=MAX_ROWS)
            if len(row) > MAX_COLUMNS:
                raise refusal("too_wide", most=MAX_COLUMNS)
    except csv.Error:
        raise refusal("damaged") from None
    if directive.startswith("sep="):
        rows[0] = []
    return rows


def decoded(data: bytes) -> str:
    """Return a file's text: UTF-8 with or without its mark, UTF-16, else the code page in which its words read best."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif data[1:200:2].count(0) > len(data[1:200:2]) // 2:
        encodings = ("utf-16-le",)
    else:
        encodings = ("utf-8-sig", best_code_page(data))
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refusal("damaged")


def separator_of(sample: str) -> str:
    """Return the separator with which most lines fall into the same number of fields, and the most fields."""
    return max(_SEPARATORS, key=lambda separator: _evenness(sample, separator))


def _evenness(sample: str, separator: str) -> tuple[int, int]:
    widths: Counter[int] = Counter()
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
            if len(row) > 1:
                widths[len(row)] += 1
            if widths.total() >= _SAMPLE_ROWS:
                break
    except csv.Error:
        return (0, 0)
    if not widths:
        return (0, 0)
    width, lines = widths.most_common(1)[0]
    return (lines * width, width)
