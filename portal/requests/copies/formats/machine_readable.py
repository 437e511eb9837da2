"""A copy and a file to take along as JSON, and the tables of the latter as CSV."""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from io import StringIO
from typing import Any

from portal.requests.copies.contents.assembly import Contents, CopiedCategory, CopiedRow, CopiedTable

COPY_FORMAT = "inzage-copy-1"
PORTABLE_FORMAT = "inzage-portability-1"
_LINK = "_id"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def copy_as_json(copy: Contents) -> bytes:
    """Return a whole copy as JSON: each value as it is stored, with its words beside."""
    return _dumped(
        {
            "format": COPY_FORMAT,
            **_head(copy),
            "blacked_out": copy.blacked_out,
            "categories": [_category(each) for each in copy.categories],
            "who_looked": [asdict(each) | {"at": each.at.isoformat()} for each in copy.looks],
            **_of_who_works(copy),
            "who_got": [asdict(each) | {"at": each.at.isoformat() if each.at else None} for each in copy.given],
            "not_here": [{"fields": fields, "why": why} for fields, why in copy.withheld],
        }
    )


def portable_as_json(copy: Contents) -> bytes:
    """Return what she takes along as JSON, by the schema that goes with it."""
    tables = {table.name: [_flat(row) for row in table.rows] for table in _tables(copy)}
    return _dumped({"format": PORTABLE_FORMAT, **_head(copy), "tables": tables})


def portable_as_csv(copy: Contents) -> Iterator[tuple[str, bytes]]:
    """Yield each table by its name as CSV (RFC 4180, UTF-8), her own row in one line; values as they are stored."""
    for table in _tables(copy):
        yield table.name, _csv(table)


def _tables(copy: Contents) -> list[CopiedTable]:
    """Return the tables of all categories; what was split by category, her own row, is one again."""
    found: dict[str, CopiedTable] = {}
    for table in (each for category in copy.categories for each in category.tables):
        known = found.get(table.name)
        rows = table.rows if known is None else _joined([*known.rows, *table.rows])
        found[table.name] = CopiedTable(name=table.name, title=table.title, rows=rows)
    return list(found.values())


def _joined(rows: Iterable[CopiedRow]) -> list[CopiedRow]:
    by_id: dict[Any, CopiedRow] = {}
    for row in rows:
        known = by_id.get(row.id)
        values = [*(known.values if known is not None else []), *row.values]
        by_id[row.id] = CopiedRow(id=row.id, values=values, origin=row.origin, origin_text=row.origin_text)
    return list(by_id.values())


def _flat(row: CopiedRow) -> dict[str, Any]:
    """Return a row by column; what a link points to stands beside it by name, since its id says nothing elsewhere."""
    flat: dict[str, Any] = {"id": str(row.id)}
    for value in row.values:
        flat[value.column] = value.raw
        if value.column.endswith(_LINK) and value.text:
            flat[value.column.removesuffix(_LINK)] = value.text
    return flat | _origin_of(row)


def _origin_of(row: CopiedRow) -> dict[str, Any]:
    return {name: value for name, value in (row.origin or {}).items() if name != "ground"}


def _csv(table: CopiedTable) -> bytes:
    rows = [_flat(row) for row in table.rows]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    """Return a value as a cell; what a spreadsheet would take for a formula stands behind an apostrophe."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) and not isinstance(value, (int, float)) else text


def _head(copy: Contents) -> dict[str, Any]:
    learner = {"learner": {"name": copy.name, "number": copy.number}}
    return {
        "school": copy.school,
        **(learner if copy.is_of_learner else {"person": {"kind": copy.kind.value, "name": copy.name}}),
        "language": copy.language,
        "made_at": copy.made_at.isoformat(),
    }


def _of_who_works(copy: Contents) -> dict[str, Any]:
    """Return where somebody who is no learner stands by name, and what she did."""
    if copy.is_of_learner:
        return {}
    deeds = [asdict(each) | {"at": each.at.isoformat()} for each in copy.deeds]
    return {"named_in": [asdict(each) for each in copy.signed], "seen_and_done": deeds}


def _category(category: CopiedCategory) -> dict[str, Any]:
    return {
        "key": category.key,
        "title": category.title,
        "why": category.why,
        "purposes": category.purposes,
        "recipients": category.recipients,
        "kept": category.term,
        "tables": [
            {"table": table.name, "title": table.title, "rows": [_row(row) for row in table.rows]}
            for table in category.tables
        ],
    }


def _row(row: CopiedRow) -> dict[str, Any]:
    values = [
        {"field": each.key, "label": each.label, "value": each.raw, "words": each.text, "origin": each.origin}
        for each in row.values
    ]
    return {"id": str(row.id), "origin": row.origin, "values": values}


def _dumped(found: dict[str, Any]) -> bytes:
    return json.dumps(found, ensure_ascii=False, indent=1).encode()
