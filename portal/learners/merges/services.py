"""Making one record of two that are of the same person: all or nothing, every table that reaches a learner included."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, UniqueConstraint, and_, bindparam, delete, exists, select, text, update

from portal.accounts.models import Account
from portal.accounts.sessions.services import end_sessions
from portal.core import audit
from portal.core.clock import now
from portal.core.crypto import keys
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.erasure import erase_fields
from portal.core.errors import Conflict
from portal.core.http.access import Actor
from portal.core.personal_data import PersonKind, Sealed, sealing_field
from portal.core.ports import Port
from portal.learners.enrolments.models import Enrolment
from portal.learners.merges.queries import count_rows, refusal_to_merge, tables_of_learners
from portal.learners.record.fields import LEARNER_FIELDS
from portal.learners.record.models import OWN_RECORD, FieldOrigin, Learner
from portal.learners.record.services import lock_learner
from portal.learners.record.values import changes_for_log, put, values_of
from portal.learners.search.sounds import SOUND_COLUMNS
from portal.permissions import Permission
from portal.policy.queries import current_policy


@dataclass(frozen=True)
class MergeSettlement:
    """How a feature makes its rows of two records agree before those of one move to the other.

    `settle` is called with the ids of the kept and the other record, both locked, while the rows of each still point
    to it; `foresee` with the same ids, and returns what would end, in words.
    """

    settle: Callable[[UUID, UUID, Actor], None]
    foresee: Callable[[UUID, UUID], list[str]]


_NEEDED = frozenset({"number", "given_name", "family_name"})
"""What no row of a learner can do without."""

MERGE_SETTLEMENTS: Port[MergeSettlement] = Port("learners.merge_settlements")


def list_ending(kept: Learner, other: Learner) -> list[str]:
    """Return what would end if these two records became one: consents that she took back in one of them."""
    return [ending for each in MERGE_SETTLEMENTS.all for ending in each.foresee(kept.id, other.id)]


def merge_learners(kept_id: UUID, other_id: UUID, *, take: Collection[str], by: Actor) -> Learner:
    """Move everything of the other record to the kept one, and take over these fields (by key) from it.

    The other stays behind empty and points to the kept one. Raises NotAllowed, NotFound, Conflict.
    """
    by.must(Permission.LEARNER_MERGE)
    locked = {each: lock_learner(each, by, with_rows=True) for each in sorted((kept_id, other_id))}
    kept, other = locked[kept_id], locked[other_id]
    refusal = refusal_to_merge(kept, other)
    if refusal is not None:
        raise Conflict(refusal)
    moved = count_rows(locked[other_id])
    changes = _take_fields(kept, other, take)
    for settlement in MERGE_SETTLEMENTS.all:
        settlement.settle(kept_id, other_id, by)
    _join_enrolments(kept_id, other_id)
    for table, column in tables_of_learners():
        _drop_doubles(table, column, kept_id, other_id)
        _move(table, column, kept_id, other_id)
    _take_account(kept, other)
    _leave_behind(kept, other, by)
    audit.record(
        "learners.merged",
        learner_id=kept_id,
        learner_ids=[other_id],
        subject=("learner", other_id),
        facts={"moved": moved},
        changes=changes,
        by=by,
    )
    return kept


def _take_fields(kept: Learner, other: Learner, take: Collection[str]) -> Any:
    """Take over the chosen values with their origins; one that the kept record lacks comes along by itself."""
    policy = current_policy()
    own, others = values_of(kept, LEARNER_FIELDS), values_of(other, LEARNER_FIELDS)
    chosen = {
        key: value
        for key, value in others.items()
        if value is not None and policy.allows(key) and key != "learner.number" and (key in take or own[key] is None)
    }
    changes = changes_for_log(own, {key: value for key, value in chosen.items() if value != own[key]})
    put(kept, chosen)
    own_row = FieldOrigin.entry_id == OWN_RECORD  # those of entries come along with them
    of_kept = (FieldOrigin.school_id == current_school_id(), FieldOrigin.learner_id == kept.id)
    of_other = (FieldOrigin.school_id == current_school_id(), FieldOrigin.learner_id == other.id)
    session.execute(delete(FieldOrigin).where(*of_kept, own_row, FieldOrigin.field.in_(list(chosen))))
    session.execute(delete(FieldOrigin).where(*of_other, own_row, FieldOrigin.field.not_in(list(chosen))))
    session.execute(update(FieldOrigin).where(*of_other).values(learner_id=kept.id))
    return changes


def _join_enrolments(kept_id: UUID, other_id: UUID) -> None:
    """Make one enrolment of two in the same group that overlap or touch."""
    rows = session.scalars(
        select(Enrolment)
        .where(Enrolment.school_id == current_school_id(), Enrolment.learner_id.in_([kept_id, other_id]))
        .order_by(Enrolment.group_id, Enrolment.starts_on, Enrolment.learner_id != kept_id)
    ).all()
    last: Enrolment | None = None
    for row in rows:
        if last is None or last.group_id != row.group_id or not last.lasts_until(row.starts_on):
            last = row
            continue
        last.ends_on = None if last.ends_on is None or row.ends_on is None else max(last.ends_on, row.ends_on)
        last.trajectory_id = last.trajectory_id or row.trajectory_id
        session.delete(row)
    session.flush()


def _drop_doubles(table: Table, column: Column[Any], kept_id: UUID, other_id: UUID) -> None:
    """Delete the other's rows for which the kept record has one with the same key: two marks for one lesson, say."""
    for columns, partial in _unique_with(table, column):
        twin = table.alias()
        same = and_(*(twin.c[each.name] == each for each in columns if each.name not in {"school_id", column.name}))
        condition = [text(str(partial))] if partial is not None else []  # names mean the row here, its twin inside
        session.execute(
            delete(table).where(
                table.c.school_id == current_school_id(),
                column == other_id,
                *condition,
                exists().where(twin.c.school_id == table.c.school_id, twin.c[column.name] == kept_id, same, *condition),
            )
        )


def _unique_with(table: Table, column: Column[Any]) -> Iterator[tuple[list[Column[Any]], Any]]:
    """Yield the columns of each unique key that the learner's column is in, and the condition of a partial one."""
    keys_ = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    for key in [table.primary_key, *keys_]:
        if column.name in key.columns:
            yield list(key.columns), None
    for index in table.indexes:
        if index.unique and column.name in index.columns:
            yield list(index.columns), index.dialect_options["postgresql"]["where"]


def _move(table: Table, column: Column[Any], kept_id: UUID, other_id: UUID) -> None:
    """Let rows point to the kept record; what is sealed in them is sealed anew under its key."""
    own = (table.c.school_id == current_school_id(), column == other_id)
    sealed = [each for each in table.columns if isinstance(each.type, Sealed)]
    rows = session.execute(select(table).where(*own)).mappings().all() if sealed else []
    if rows:
        fresh = [{"row_id": row["id"]} for row in rows]
        for each in sealed:
            for values, blob in zip(fresh, _resealed(each, rows, kept_id, other_id), strict=True):
                values[f"new_{each.name}"] = blob
        session.connection().execute(
            update(table)
            .where(table.c.school_id == current_school_id(), table.c.id == bindparam("row_id"))
            .values({each.name: bindparam(f"new_{each.name}") for each in sealed}),
            fresh,
        )
    session.execute(update(table).where(*own).values({column.name: kept_id}))


def _resealed(column: Column[Any], rows: Sequence[Any], kept_id: UUID, other_id: UUID) -> list[bytes | None]:
    """Return what stands sealed in a column, sealed under the kept record's keys; None where it opens no more."""
    purpose = f"{column.table.name}.{column.name}"
    categories = [keys.category_of(sealing_field(column, row)) for row in rows]
    blobs = [row[column.name] for row in rows]
    plain = keys.unseal_in_category(((other_id, *each) for each in zip(categories, blobs, strict=True)), purpose)
    held = [(kept_id, category, text) for category, text in zip(categories, plain, strict=True) if text is not None]
    sealed = iter(keys.seal_in_category(held, purpose))
    return [None if text is None else next(sealed) for text in plain]


def _take_account(kept: Learner, other: Learner) -> None:
    """Let her keep the account she has; of two, that of the other record ends."""
    account_id, other.account_id = other.account_id, None
    session.flush()
    if account_id is None:
        return
    if kept.account_id is None:
        kept.account_id = account_id
        return
    account = session.get_one(Account, (current_school_id(), account_id))
    end_sessions(account)
    account.ended_at = now()
    record_ending(Ending.ACCOUNT, account_id)


def _leave_behind(kept: Learner, other: Learner, by: Actor) -> None:
    """Empty the other record; its number stays, so that who knows it finds the kept one."""
    kept.last_contact_on = max(kept.last_contact_on, other.last_contact_on)
    kept.version += 1
    session.flush()
    fields = [field.key for field in LEARNER_FIELDS if field.column not in _NEEDED]
    erase_fields(PersonKind.LEARNER, [other.id], fields, why="merged", by=by)
    other.given_name = other.family_name = other.sort_name = other.search_text = ""
    for column in SOUND_COLUMNS:
        setattr(other, column, None)
    other.merged_into_id = kept.id
    session.flush()
    session.execute(
        update(Learner)
        .where(Learner.school_id == current_school_id(), Learner.merged_into_id == other.id)
        .values(merged_into_id=kept.id)
    )
    session.expire_all()
    session.refresh(kept)
