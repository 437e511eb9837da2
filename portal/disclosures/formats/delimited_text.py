"""A file as CSV: straight from PostgreSQL where nothing is sealed, else row by row. Semicolons, UTF-8 with a mark."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Enum, Select, String, and_, case, cast, func, literal, or_, select

from portal.core.db.session import engine, session
from portal.core.spreadsheets import guarded
from portal.disclosures.files.columns import FileColumn, choices_of
from portal.disclosures.files.selection import Selection
from portal.disclosures.formats.rows import Progress, batches, choice_labels, labelled

_MARK = "\ufeff".encode()
_SIGNED_NUMBER = r"^[+-][0-9 ().-]*$"


def csv_of(selection: Selection, progress: Progress) -> Iterator[bytes]:
    """Yield the file as CSV. Text that a spreadsheet would take for a formula gets an apostrophe before it."""
    columns, statement = selection.columns, selection.rows
    yield _MARK
    if any(column.is_sealed for column in columns):
        yield from _row_by_row(columns, statement, progress)
    else:
        yield from _copied(columns, statement, progress)


def _among(first: ColumnElement[str], signs: str) -> ColumnElement[bool]:
    return or_(*(first.collate("C") == literal(sign) for sign in signs))


def _labelled(column: FileColumn, value: ColumnElement[Any]) -> ColumnElement[Any]:
    choices = choices_of(column.key)
    if choices:
        labels = {code: literal(str(label)) for code, label in choices.items()}
        empty = [(value.is_(None), labels.pop(None))] if None in labels else []
        whens = [(cast(value, String) == code, label) for code, label in labels.items()]
        return case(*empty, *whens, else_=cast(value, String))
    if isinstance(value.type, String) and not isinstance(value.type, Enum):
        first = func.left(value, 1)  # compared as bytes: a pattern for each value of a million rows takes longer
        signed = and_(_among(first, "+-"), ~value.regexp_match(_SIGNED_NUMBER))
        risky = or_(_among(first, "=@\t\r"), signed)
        return case((risky, literal("'") + value), else_=value)
    return value


def _copied(columns: Sequence[FileColumn], statement: Select[Any], progress: Progress) -> Iterator[bytes]:
    inner = statement.subquery("row")
    values = list(inner.c)[1:]
    labelled_values = [
        _labelled(column, value).label(column.heading) for column, value in zip(columns, values, strict=True)
    ]
    compiled = select(*labelled_values).compile(engine(), compile_kwargs={"render_postcompile": True})
    sql = f"copy ({compiled}) to stdout (format csv, header true, delimiter ';', encoding 'UTF8')"
    driver = session.connection().connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    count = 0
    with driver.cursor() as cursor, cursor.copy(sql, dict(compiled.params)) as copy:
        for block in copy:
            piece = bytes(block)
            count += piece.count(b"\n")
            progress(count)
            yield piece


def _safe(value: Any) -> Any:
    if isinstance(value, str):
        return guarded(value)
    return "" if value is None else value


def _row_by_row(columns: Sequence[FileColumn], statement: Select[Any], progress: Progress) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\n")
    writer.writerow([column.heading for column in columns])
    count, labels = 0, choice_labels(columns)
    for batch in batches(columns, statement):
        writer.writerows(
            [_safe(labelled(column, value, labels)) for column, value in zip(columns, row, strict=True)]
            for row in batch
        )
        count += len(batch)
        progress(count)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()
