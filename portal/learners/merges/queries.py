"""Two records of one person beside each other: which fields differ, and how many rows would move."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, func, literal, not_, select, union_all

from portal.core.audit import AuditEvent, whom
from portal.core.clock import now
from portal.core.db.base import Base
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.learners.group_changes.queries import TAKEN_BACK_WITHIN
from portal.learners.merges.labels import SET_LABELS
from portal.learners.merges.models import RecordMerge
from portal.learners.merges.settlements import MERGE_SETTLEMENTS, Difference
from portal.learners.record.fields import RecordField, kept_fields
from portal.learners.record.models import Learner
from portal.learners.record.values import values_of
from portal.learners.scope.queries import reaches_learner, seen_of
from portal.policy.queries import current_policy

# Where a value came from goes with the value; a file's content is bound to the key under which it was stored.
NOT_MOVED = frozenset({"learner", "field_origin", "stored_file"})
_SETS = {
    "name": ("given_name", "name_prefix", "family_name"),
    "address": ("street", "house_number", "postcode", "city", "country"),
    "document": ("document_kind", "document_number", "document_valid_until"),
}
"""What is kept whole: half of one address and half of another is nobody's."""
_NUMBER = "learner.number"
"""Hers is that of the record that stays; the other's leads to it."""
_SET_OF = {column: name for name, columns in _SETS.items() for column in columns}


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
    """What merging would do: fields side by side, rows that move by table, and why it can't be, if so.

    `choices` is of what one of two stays, `added` what only the other has (`kept` is ""), and `unseen` the fields that
    differ too and that this person doesn't see: those of the kept record stay.
    """

    fields: list[FieldPair]
    choices: list[Difference]
    added: list[Difference]
    unseen: list[str]
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


def together_with(columns: Collection[str]) -> set[str]:
    """Return columns of a learner's row with those that belong to the same set: an address goes back whole too."""
    sets = [*_SETS.values(), ("bsn", "bsn_digest")]
    return set(columns).union(*(each for each in sets if not set(each).isdisjoint(columns)))


def preview_merge(kept: Learner, other: Learner, by: Actor) -> MergePreview:
    """Return what making one record of two would do; the fields are those that this person sees."""
    fields = kept_fields(current_policy(), categories=seen_of(by.sees, kept.id, other.id))
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
    differing = list(_differing(fields, own, others))
    return MergePreview(
        fields=[pair for pair in pairs if pair.kept or pair.other],
        choices=[each for each in differing if each.kept]
        + [each for room in MERGE_SETTLEMENTS.all for each in room.differences(kept.id, other.id, by)],
        added=[each for each in differing if not each.kept],
        unseen=_unseen(kept, other, by),
        moving=count_rows(other),
        has_two_accounts=kept.account_id is not None and other.account_id is not None,
        refusal=refusal_to_merge(kept, other),
    )


def in_sets(fields: Iterable[RecordField]) -> list[list[RecordField]]:
    """Return fields by what belongs together: a name, an address, a document, and each other field alone."""
    found: dict[str, list[RecordField]] = {}
    for field in fields:
        found.setdefault(_SET_OF.get(field.column, field.column), []).append(field)
    return list(found.values())


def _differing(
    fields: Iterable[RecordField], own: Mapping[str, Any], others: Mapping[str, Any]
) -> Iterator[Difference]:
    """Yield what the other record has and the kept one hasn't, or has otherwise, set by set."""
    for together in in_sets(field for field in fields if field.key != _NUMBER):
        column = together[0].column
        theirs = [others[field.key] for field in together]
        if all(value is None for value in theirs) or theirs == [own[field.key] for field in together]:
            continue
        name = _SET_OF.get(column)
        label = str(SET_LABELS[name]) if name else str(together[0].label)
        between = " " if name == "name" else ", "
        kept, other = (
            between.join(filter(None, (field.show(values[field.key]) for field in together)))
            for values in (own, others)
        )
        yield Difference(together[0].key, label, kept, other)


def _kept() -> list[RecordField]:
    return [field for field in kept_fields(current_policy()) if field.key != _NUMBER]


def _unseen(kept: Learner, other: Learner, by: Actor) -> list[str]:
    """Return what fields are called that differ in categories that this person doesn't see."""
    fields = [each for each in _kept() if each.category not in seen_of(by.sees, kept.id, other.id)]
    own, others = values_of(kept, fields), values_of(other, fields)
    return [
        str(field.label)
        for field in fields
        if own[field.key] is not None and others[field.key] not in {None, own[field.key]}
    ]


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


@dataclass(frozen=True)
class MergeView:
    """That a record became part of another, which can be taken back until a moment."""

    id: UUID
    kept_id: UUID
    other_id: UUID
    other_number: str
    expires_at: datetime


def find_merge(learner_id: UUID, scope: Scope, *, merge_id: UUID | None = None) -> MergeView | None:
    """Return what became part of this record and can be taken back still: the last, or the one asked for."""
    wanted = (
        select(RecordMerge, Learner.number)
        .join(Learner, (Learner.school_id == RecordMerge.school_id) & (Learner.id == RecordMerge.other_id))
        .where(
            RecordMerge.school_id == current_school_id(),
            RecordMerge.kept_id == learner_id,
            not_(RecordMerge.has_expired(now())),
            reaches_learner(scope, RecordMerge.kept_id),
        )
        .order_by(RecordMerge.id.desc())
        .limit(1)
    )
    found = session.execute(wanted if merge_id is None else wanted.where(RecordMerge.id == merge_id)).one_or_none()
    if found is None:
        return None
    row, number = found
    return MergeView(row.id, row.kept_id, row.other_id, number, row.expires_at)


def why_not_undone(learner_id: UUID, merge_id: UUID, scope: Scope) -> str | None:
    """Return why a merging into this record can't be taken back, as a code; None where it can."""
    last = find_merge(learner_id, scope)
    if last is not None and last.id == merge_id:
        return None
    if find_merge(learner_id, scope, merge_id=merge_id) is not None:
        return "merged_again"
    entry = session.get(AuditEvent, (current_school_id(), merge_id))
    if entry is None or now() - entry.at >= TAKEN_BACK_WITHIN:
        return "undo_over"
    return "undone_already" if merge_id in list_undone([learner_id], scope) else "erased_since"


def list_undone(learner_ids: Collection[UUID], scope: Scope) -> set[UUID]:
    """Return of these learners within reach which merges were taken back, by the id of the merging's own entry."""
    links = whom(learner_ids)
    wanted = (
        select(AuditEvent.facts["of"].astext)
        .join(links, links.c.event_id == AuditEvent.id)
        .where(AuditEvent.event == "learners.merge_undone", reaches_learner(scope, links.c.learner_id))
    )
    return {UUID(each) for each in session.scalars(wanted)}


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
