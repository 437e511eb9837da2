"""What is held of a member of staff, in words: on her page and in the file that she takes."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.core.audit.declarations import area_label, event_label
from portal.core.audit.queries import Entry
from portal.core.clock import now
from portal.core.http.languages import language
from portal.notifications.models import NotificationKind
from portal.overview.notifications.labels import TITLES
from portal.overview.staff_data.labels import own_field_label, own_title, signed_title
from portal.overview.staff_data.queries import OwnRows, SignedRows
from portal.overview.staff_data.withheld import WITHHELD
from portal.requests.copies.contents.rows import HeldRow
from portal.requests.copies.contents.values import ValueTexts, raw
from portal.schools.queries import current_school

FORMAT = "inzage-staff-1"


@dataclass(frozen=True)
class HeldTable:
    """A table of hers: its title, and each row as its values by label."""

    title: str
    rows: list[list[tuple[str, str]]]


def held_tables(found: Sequence[OwnRows], account_id: UUID) -> list[HeldTable]:
    """Return her own rows in words; what is empty, and that it is hers, isn't said."""
    texts = ValueTexts(_as_held(found), language())
    return [
        HeldTable(
            own_title(each.table.name),
            [
                [
                    (own_field_label(f"{each.table.name}.{column}"), said)
                    for column, value in row.items()
                    if value != account_id and (said := _said(texts, each, column, value))
                ]
                for row in each.rows
            ],
        )
        for each in found
    ]


def _as_held(found: Iterable[OwnRows]) -> list[HeldRow]:
    return [HeldRow(each.table, UUID(int=0), row, {}) for each in found for row in each.rows]


def staff_file(found: Sequence[OwnRows], signed: Sequence[SignedRows], entries: Sequence[Entry], *, name: str) -> bytes:
    """Return all that is held of her as JSON: her rows, where she stands by name, what is logged, what is left out."""
    texts = ValueTexts(_as_held(found), language())
    whole = {
        "format": FORMAT,
        "school": current_school().name,
        "name": name,
        "language": language(),
        "made_at": now().isoformat(),
        "tables": [
            {
                "table": each.table.name,
                "title": own_title(each.table.name),
                "rows": [[_value(each, column, value, texts) for column, value in row.items()] for row in each.rows],
            }
            for each in found
        ],
        "signed": [
            {
                "table": each.table,
                "title": signed_title(each.table),
                "fields": [f"{each.table}.{column}" for column in each.columns],
                "rows": each.number,
            }
            for each in signed
        ],
        "log": [
            {"at": each.at.isoformat(), "event": each.event, "what": what_of(each), "learners": len(each.learner_ids)}
            for each in entries
        ],
        "not_here": [{"field": key, "why": str(why)} for key, why in WITHHELD.items()],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def _value(of: OwnRows, column: str, value: Any, texts: ValueTexts) -> dict[str, Any]:
    key = f"{of.table.name}.{column}"
    return {
        "field": key,
        "label": own_field_label(key),
        "value": raw(value),
        "words": _said(texts, of, column, value),
    }


def _said(texts: ValueTexts, of: OwnRows, column: str, value: Any) -> str:
    if f"{of.table.name}.{column}" == "notification.kind":
        return str(TITLES[NotificationKind(value)])
    return texts.value(of.table, column, value)


def what_of(entry: Entry) -> str:
    """Return what an entry says was seen or done: the part of the work, and the deed."""
    name = entry.facts.get("what", "") if entry.is_view else entry.event
    said = [str(area_label(name)), "" if entry.is_view else str(event_label(name))]
    return ": ".join(each for each in said if each)
