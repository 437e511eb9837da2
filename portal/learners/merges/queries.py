"""Two records of one person beside each other: which fields differ, and how many rows would move."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, func, literal, select, union_all

from portal.core.db.base import Base
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.learners.record.fields import RecordField, kept_fields
from portal.learners.record.models import Learner
from portal.learners.record.values import values_of
from portal.learners.scope.queries import reaches_learner
from portal.policy.queries import current_policy

# Where a value came from goes with the value; a file's content is bound to the key under which it was stored.
NOT_MOVED = frozenset({"learner", "field_origin", "stored_file"})


@dataclass(frozen=True)
class FieldPair:
    """A field of two records; `differs` where both are filled in and not the same."""

    field: RecordField
    kept: str
    other: str
    differs: bool
    is_only_in_other: bool


@dataclass(frozen=True)
class MergePreview:
    """What merging would do: fields side by side, rows that move by table, and why it can't be, if so."""

    fields: list[FieldPair]
    moving: dict[str, int]
    has_two_accounts: bool
    refusal: str | None


def tables_of_learners() -> Iterator[tuple[Table, Column[Any]]]:
    """Yield every table whose rows reach a learner directly, with the column that does."""
    for table in Base.metadata.sorted_tables:
        column = table.columns.get("learner_id")
        if not table.info.get("school_owned") or column is None or table.name in NOT_MOVED:
            continue
        if "update" in table.info.get("grants", "update"):
            yield table, column


def preview_merge(kept: Learner, other: Learner, by: Actor) -> MergePreview:
    """Return what making one record of two would do; the fields are those that this person sees."""
    fields = kept_fields(current_policy(), categories=by.sees)
    own, others = values_of(kept, fields), values_of(other, fields)
    pairs = [
        FieldPair(
            field=field,
            kept=field.show(own[field.key]),
            other=field.show(others[field.key]),
            differs=own[field.key] is not None and others[field.key] not in {None, own[field.key]},
            is_only_in_other=own[field.key] is None and others[field.key] is not None,
        )
        for field in fields
    ]
    return MergePreview(
        fields=[pair for pair in pairs if pair.kept or pair.other],
        moving=count_rows(other),
        has_two_accounts=kept.account_id is not None and other.account_id is not None,
        refusal=refusal_to_merge(kept, other),
    )


def refusal_to_merge(kept: Learner, other: Learner) -> str | None:
    """Return why two records can't be of one person, as a code; None when they can."""
    if kept.id == other.id:
        return "same_record"
    if not (kept.is_in_use and other.is_in_use):
        return "merged_already"
    if kept.bsn_digest is not None and other.bsn_digest is not None and kept.bsn_digest != other.bsn_digest:
        return "different_bsn"
    return None


def list_merged_ids(learner_id: UUID, scope: Scope) -> list[UUID]:
    """Return the ids of the records that became part of this one: what was written about them is about her too."""
    merged = (
        Learner.school_id == current_school_id(),
        Learner.merged_into_id == learner_id,
        reaches_learner(scope, Learner.merged_into_id),
    )
    return list(session.scalars(select(Learner.id).where(*merged).order_by(Learner.id)))


def count_rows(learner: Learner) -> dict[str, int]:
    """Return how many rows each table has of a learner, where it has any; one statement."""
    counts = [
        select(literal(table.name).label("name"), func.count().label("rows")).where(
            table.c.school_id == current_school_id(), column == learner.id
        )
        for table, column in tables_of_learners()
    ]
    rows = session.execute(union_all(*counts)).all()
    return {row.name: row.rows for row in rows if row.rows}
