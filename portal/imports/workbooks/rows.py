"""What a row of a sheet is when it is no learner: a title, a total, a heading, a note beside the list."""

import re

from portal.imports.workbooks.tables import Columns, group_named, texts_of
from portal.imports.workbooks.targets import IDENTIFYING
from portal.imports.workbooks.workbook import Cell, Sheet

ABOVE, GROUP, TITLE, TOTAL, HEADING = "above", "group_title", "title", "total", "heading"
OUTSIDE, NUMBERS, HEADER = "outside", "numbers", "header_again"
NO_LEARNERS, REMARK = "no_learners", "remark"
REASONS = (ABOVE, GROUP, TITLE, TOTAL, HEADING, OUTSIDE, NUMBERS, HEADER, NO_LEARNERS, REMARK)
"""Why a row, or a sheet as a whole, is left out."""

_TOTAL = re.compile(
    r"(sub|eind|grand )?tota(a)?l(en|s)?\b|som\b|sum\b|aantal\b|gemiddelde?\b|average\b|count\b|gem\.", re.IGNORECASE
)
_REMARK = re.compile(
    r"handtekening|paraaf|legenda|toelichting|opmerking(en)?\b|pagina \d|afgedrukt|geprint|signature|legend\b"
    r"|(docent|datum|lokaal|versie|bron|blad|teacher|date|room|version)\s*[:=]|\S{1,3}\s*=",
    re.IGNORECASE,
)
"""How a line at the foot of a list begins: who signs, what the letters in it mean."""
_THINGS = r"cursist|deelnemer|leerling|student|learner|participant|uren|hours"
_COUNTED = re.compile(rf"\d|{_THINGS}", re.IGNORECASE)
_COUNT = re.compile(rf"[\W\d_]*(({_THINGS})\w*)?[\W_]*", re.IGNORECASE)
_COUNTABLE = frozenset({"learner.number", "learner.family_name", "learner.full_name"})


def kind_of_row(sheet: Sheet, number: int, row: list[Cell], columns: Columns | None) -> str | None:
    """Return what a row is when it holds no learner; None for one that holds a learner, a header, or nothing."""
    if not texts_of(row):
        return None
    named = group_named(row) is not None
    if columns is None:
        return GROUP if named else ABOVE
    if number <= columns.header.last_row:
        return None
    if columns.until is not None and number > columns.until:
        return GROUP if named else TITLE
    return GROUP if named else _kind_in_table(sheet, number, row, columns)


def _kind_in_table(sheet: Sheet, number: int, row: list[Cell], columns: Columns) -> str | None:
    """Return what a row under a header is when it holds no learner."""
    texts = [cell.strip() for cell in row if isinstance(cell, str) and cell.strip()]
    if _is_total(texts) and not _names_someone(row, columns, may_count=True):
        return TOTAL
    if _is_remark(row, columns):
        return REMARK
    if len(texts_of(row)) == 1 and _is_merged(sheet, number):
        return HEADING
    if not any(position < len(row) and texts_of([row[position]]) for position in columns.targets):
        return OUTSIDE
    if not texts and not _names_someone(row, columns):
        return NUMBERS
    labels = list(columns.header.labels)
    return HEADER if [" ".join(str(cell).split()) for cell in row[: len(labels)]] == labels else None


def _is_merged(sheet: Sheet, number: int) -> bool:
    return any(first[0] == number - 1 and last[1] > first[1] for first, last in sheet.merged)


def _is_remark(row: list[Cell], columns: Columns) -> bool:
    """Say whether each cell that should tell who it is begins as a line at the foot of a list does."""
    naming = texts_of([row[at] for at, key in columns.targets.items() if key in IDENTIFYING and at < len(row)])
    return bool(naming) and all(_REMARK.match(text) for text in naming)


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
            return True
    return False
