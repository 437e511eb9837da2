"""Rows of a file in batches, opened and in the words of its language."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from sqlalchemy import Select

from portal.core.db.session import session
from portal.disclosures.files.columns import OPEN_WORD, STATUS_WORDS, FileColumn
from portal.disclosures.queries import opened

BATCH = 2_000

Progress = Callable[[int], None]


def batches(columns: list[FileColumn], statement: Select[Any]) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows in batches, without the learner's id, with sealed values opened; memory stays flat."""
    result = session.execute(statement.execution_options(yield_per=BATCH))
    for partition in result.partitions():
        yield opened(columns, [tuple(row) for row in partition])


def status_words() -> dict[str | None, str]:
    """Return what a status is called in the file's language, looked up once for all its rows."""
    return {None: str(OPEN_WORD), **{status: str(word) for status, word in STATUS_WORDS.items()}}


def worded(column: FileColumn, value: Any, words: Mapping[str | None, str]) -> Any:
    """Return a value as a file shows it: a status in words, a choice by its name, others as they are."""
    if column.key == "attendance_mark.status":
        return words[None if value is None else value.value]
    if isinstance(value, Enum):
        return str(value.value)
    return value


def as_text(value: Any) -> str:
    """Return a value as text for paper: dates and times the Dutch way."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%d-%m-%Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value)
