"""What is held of a member of staff and what is logged of her work, in words, on her page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from portal.core.audit.queries import Entry
from portal.core.clock import local
from portal.core.http.languages import language
from portal.requests.copies.contents.rows import HeldRow
from portal.requests.copies.contents.titles import own_title
from portal.requests.copies.contents.values import ValueTexts, field_label


@dataclass(frozen=True)
class HeldTable:
    """A table of hers: its title, and each row as its values by label."""

    title: str
    rows: list[list[tuple[str, str]]]


@dataclass(frozen=True)
class Deed:
    """Something that she did, how often that day, and when first: the newest of its entries stands for all."""

    entry: Entry
    times: int
    first_at: datetime


def told_once(entries: Sequence[Entry]) -> list[Deed]:
    """Return what is logged, newest first, with what she did more than once on a day, to the same learners, once."""
    found: dict[tuple[Any, ...], list[Entry]] = {}
    for entry in entries:
        what = (local(entry.at).date(), entry.event, entry.facts.get("what"), frozenset(entry.learner_ids))
        found.setdefault(what, []).append(entry)
    return [Deed(same[0], len(same), same[-1].at) for same in found.values()]


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
