"""What is held of a member of staff, in words, on her page."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from portal.core.http.languages import language
from portal.requests.copies.contents.rows import HeldRow
from portal.requests.copies.contents.titles import own_title
from portal.requests.copies.contents.values import ValueTexts, field_label


@dataclass(frozen=True)
class HeldTable:
    """A table of hers: its title, and each row as its values by label."""

    title: str
    rows: list[list[tuple[str, str]]]


def held_tables(found: Sequence[HeldRow], account_id: UUID) -> list[HeldTable]:
    """Return her own rows in words; what is empty, and that it is hers, isn't said."""
    texts = ValueTexts(found, language())
    return [
        HeldTable(own_title(name), [_said(row, texts, account_id) for row in rows])
        for name, rows in groupby(found, key=lambda row: row.table.name)
    ]


def _said(row: HeldRow, texts: ValueTexts, account_id: UUID) -> list[tuple[str, str]]:
    return [
        (field_label(f"{row.table.name}.{column}"), said)
        for column, value in (row.beside | row.values).items()
        if value != account_id and (said := texts.value(row.table, column, value))
    ]
