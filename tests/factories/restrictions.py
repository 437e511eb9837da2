"""Restricting a learner's data, and marking every text that is stored about her so that it is found wherever it is."""

import json
from secrets import token_hex
from uuid import UUID

from sqlalchemy import Column, Enum, String, Table, Text, func, select, update

from portal.core.db.base import Base, new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.personal_data import PersonKind, Sealed, direct_columns, is_signature
from portal.learners.record.models import Learner
from portal.purposes.restrictions.models import Restriction, RestrictionGround
from portal.purposes.restrictions.services import restrict
from tests.factories.sealing import sealed
from tests.house.rows import make_row

_CODES = {"channel", "field", "purpose", "language", "kind", "subject", "media_type", "browser", "preferred_language"}
"""Columns that hold a word the code knows, whoever it is about."""
_LEAST = 12
_NAMES = ("given_name", "family_name")
_NOT_MADE = {"record_merge", "import_row", "stored_file", "mail", "withdrawal", "recipient_notice", "lesson_evidence"}


def hold(learner_id: UUID, *categories: str) -> Restriction:
    """Restrict a learner's data, all of it or these categories; it is hidden from the next transaction on."""
    return restrict(learner_id, ground=RestrictionGround.ACCURACY, categories=categories, by=PORTAL)


def mark_all(learner: Learner) -> dict[str, str]:
    """Let every text that is stored of a learner be one that stands nowhere else; returns them by column.

    Of each table that can hold something about her there is a row. Her names are marked, too.
    """
    marks: dict[str, str] = {}
    for table in Base.metadata.sorted_tables:
        columns = [each for each in direct_columns(table, PersonKind.LEARNER) if not is_signature(each)]
        if not columns or table.info.get("seen_when_restricted") or "school_id" not in table.c:
            continue
        column = columns[0]
        if table.name not in _NOT_MADE and not session.scalar(select(func.count()).where(column == learner.id)):
            make_row(table.name, **{column.name: learner.id})
        _mark(table, column, learner, marks)
    return marks


def _mark(table: Table, by: Column[object], learner: Learner, marks: dict[str, str]) -> None:
    rows = table.c.school_id == current_school_id(), by == learner.id
    for column in table.columns:
        if not _is_text(column):
            continue
        mark = f"zq{token_hex(4)}"
        if table.name == "learner" and column.name in _NAMES:
            mark = mark.capitalize()
        value = sealed(learner.id, column, {}, _as_stored(column, mark)) if isinstance(column.type, Sealed) else mark
        changed = update(table).where(*rows, column.is_not(None) if table.name != "learner" else True)
        if session.scalars(changed.values({column.name: value}).returning(by)).first() is not None:
            marks[f"{table.name}.{column.name}"] = mark


def _as_stored(column: Column[object], mark: str) -> str:
    return json.dumps({str(new_id()): mark}) if column.name.endswith("_answers") else mark


def _is_text(column: Column[object]) -> bool:
    kind, personal = column.type, column.info.get("personal")
    if personal is None or column.name in _CODES or column.info.get("is_file") or is_signature(column):
        return False
    if isinstance(kind, Sealed):
        return column.name not in {"bsn", "iban"} and column.info.get("sealed_as") is None
    if isinstance(kind, Enum) or not isinstance(kind, String | Text):
        return False
    return kind.length is None or kind.length >= _LEAST
