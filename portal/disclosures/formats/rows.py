"""Rows of a file in batches, opened and in the words of its language."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from sqlalchemy import Select

from portal.core.db.session import session
from portal.disclosures.files.columns import FileColumn, choices_of
from portal.disclosures.queries import opened

BATCH = 2_000

Progress = Callable[[int], None]
Labels = Mapping[str, Mapping[str | None, str]]


def batches(columns: Sequence[FileColumn], statement: Select[Any]) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows in batches, without the learner's id, with sealed values opened; memory stays flat."""
    result = session.execute(statement.execution_options(yield_per=BATCH))
    for partition in result.partitions():
        yield opened(columns, [tuple(row) for row in partition])


def choice_labels(columns: Sequence[FileColumn]) -> Labels:
    """Return what choices are called in the file's language, by column, looked up once for all its rows."""
    found = {column.key: choices_of(column.key) for column in columns}
    return {key: {value: str(label) for value, label in labels.items()} for key, labels in found.items() if labels}


def labelled(column: FileColumn, value: Any, labels: Labels) -> Any:
    """Return a value as a file shows it: a choice by its label where it has one, others as they are."""
    called = labels.get(column.key)
    if type(value) is str:  # most are, and of a file with many rows this is what takes the time
        return value if called is None else called.get(value, value)
    code = value.value if isinstance(value, Enum) else value
    if isinstance(value, bool):
        code = str(value).lower()  # as PostgreSQL writes it
    return code if called is None else called.get(code, code)


def as_text(value: Any) -> str:
    """Return a value as text for paper: dates and times the Dutch way."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%d-%m-%Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value)


def texts_of(columns: Sequence[FileColumn], rows: Iterable[tuple[Any, ...]]) -> list[list[str]]:
    """Return rows as a file on paper shows them."""
    labels = choice_labels(columns)
    return [
        [as_text(labelled(column, value, labels)) for column, value in zip(columns, row, strict=True)] for row in rows
    ]
