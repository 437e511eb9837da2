"""What is handed over of each table: which columns, in which form, and what is left out and why."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from json import dumps
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Column, Date, DateTime, Integer, Numeric, Row, Table, Time, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from portal.core.audit.values import open_changes
from portal.core.crypto import keys
from portal.core.crypto.keys import KeysError
from portal.core.db.base import Base
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.personal_data import Sealed, derived_from, sealing_field

MACHINERY: Mapping[str, str] = {
    "account_session": "opens nothing elsewhere, and would let somebody in here",
    "audit_unsealed": "which entries of the log wait for a seal",
    "calendar_feed": "holds a secret of a calendar",
    "import_page": "rows of a file of the school's, for a day",
    "job": "work of the portal, no data of its own",
    "key_outbox": "ids for the key store",
    "mail": "mails that were sent, without what they said",
    "recovery_code": "would let somebody sign in",
    "recurring_job": "when the portal does what",
    "sign_in_link": "would let somebody sign in",
    "submission": "digests of forms, for two days",
}
"""Tables that aren't handed over, each with why."""
SECRETS = frozenset({"account.password_hash", "account.totp_secret", "account.totp_last_step"})
"""Columns that aren't handed over: they would let somebody sign in."""
_OWNERS = ("learner_id", "kept_id", "contact_person_id", "account_id", "representative_id", "id", "request_id")
_AT_ONCE = 500
_TYPES: tuple[tuple[type, Mapping[str, str]], ...] = (
    (Boolean, {"type": "boolean"}),
    (Integer, {"type": "integer"}),
    (Numeric, {"type": "number"}),
    (DateTime, {"type": "string", "format": "date-time"}),
    (Date, {"type": "string", "format": "date"}),
    (Time, {"type": "string", "format": "time"}),
    (Uuid, {"type": "string", "format": "uuid"}),
    (JSONB, {"type": "string", "contentMediaType": "application/json"}),
    (ARRAY, {"type": "string", "contentMediaType": "application/json"}),
)


def list_tables() -> list[Table]:
    """Return the tables that are handed over, in their order; the school's own row is one of them."""
    return [table for table in Base.metadata.sorted_tables if table.name not in MACHINERY]


def columns_of(table: Table) -> list[Column[Any]]:
    """Return the columns of a table that are handed over: no secrets, and nothing that is made of other columns."""
    return [each for each in table.columns if f"{table.name}.{each.name}" not in SECRETS and not derived_from(each)]


def schema_of(table: Table) -> dict[str, Any]:
    """Return the JSON schema of a row; an empty cell stands for no value."""
    columns = columns_of(table)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": table.name,
        "type": "object",
        "properties": {column.name: _schema_of(column) for column in columns},
        "required": [column.name for column in columns if not column.nullable],
    }


def _schema_of(column: Column[Any]) -> dict[str, Any]:
    if isinstance(column.type, Sealed):
        kind: Mapping[str, str] = {"type": "string"}
    else:
        kind = next((found for each, found in _TYPES if isinstance(column.type, each)), {"type": "string"})
    facts: dict[str, Any] = dict(kind)
    if column.info.get("personal"):
        facts["x-category"] = column.info["personal"]
    if column.info.get("references"):
        facts["x-references"] = f"{column.info['references']}.id"
    if column.info.get("is_file"):
        facts["x-file"] = "files/"
    return facts


def rows_of(table: Table) -> Iterator[list[str]]:
    """Yield the rows of a table of the school in scope as text, what was sealed opened, some hundreds at a time."""
    owner = table.c.id if table.name == "school" else table.c.school_id
    wanted = select(table).where(owner == current_school_id()).order_by(*table.primary_key.columns)
    for page in session.connection().execute(wanted.execution_options(yield_per=_AT_ONCE)).partitions(_AT_ONCE):
        yield from _as_text(table, page)


def _as_text(table: Table, page: Any) -> Iterator[list[str]]:
    columns, opened = columns_of(table), _opened(table, page)
    for place, row in enumerate(page):
        yield [
            _cell(opened[column.name][place] if column.name in opened else row._mapping[column.name])
            for column in columns
        ]


def _opened(table: Table, page: list[Row[Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {
        column.name: [_unseal(table, column, dict(row._mapping)) for row in page]
        for column in table.columns
        if isinstance(column.type, Sealed)
    }
    if table.name == "audit_event":
        changes = open_changes(
            {k: v for k, v in (row._mapping["sealed"] or {}).items() if k != "school"} for row in page
        )
        found["sealed"] = [each for each, _is_gone in changes]
    return found


def _unseal(table: Table, column: Column[Any], row: Mapping[str, Any]) -> str | None:
    """Return what a sealed value says: None where there is none, or its key was destroyed."""
    blob = row[column.name]
    if blob is None:
        return None
    category, purpose = keys.category_of(sealing_field(column, row)), f"{table.name}.{column.name}"
    failed: KeysError | None = None
    for owner in (row[name] for name in _OWNERS if row.get(name) is not None):
        try:
            return keys.unseal_in_category([(owner, category, blob)], purpose)[0]
        except KeysError as error:
            failed = error
    if failed is not None:
        raise failed
    return None


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, dict | list | tuple | set | frozenset):
        return dumps(value, ensure_ascii=False, default=_plain)
    return str(value.value if hasattr(value, "value") else value)


def _plain(value: Any) -> str:
    return b64encode(value).decode() if isinstance(value, bytes) else str(value)


def owner_of_file(row: Row[Any]) -> UUID | None:
    """Return whose a stored file is, by her id; None for one of the school's own."""
    found: UUID | None = row.learner_id or row.person_id
    return found
