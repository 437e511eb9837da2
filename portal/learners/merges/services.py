"""Making one record of two that are of the same person: all or nothing, every table that reaches a learner included."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from portal.accounts.models import Account
from portal.accounts.sessions.services import end_sessions
from portal.core import audit
from portal.core.clock import now
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.scope import current_school_id, hidden_learners, revealed
from portal.core.db.session import session
from portal.core.erasure import erase_fields
from portal.core.errors import Conflict
from portal.core.http.access import Actor
from portal.core.personal_data import PersonKind
from portal.learners.enrolments.models import Enrolment
from portal.learners.merges.images import take_image
from portal.learners.merges.moves import drop_doubles, move_rows
from portal.learners.merges.queries import count_rows, in_sets, refusal_to_merge, tables_of_learners
from portal.learners.merges.settlements import MERGE_SETTLEMENTS
from portal.learners.merges.undo import keep_for_undo
from portal.learners.record.fields import LEARNER_FIELDS, kept_fields
from portal.learners.record.models import OWN_RECORD, FieldOrigin, Learner
from portal.learners.record.services import lock_learner
from portal.learners.record.values import changes_for_log, put, values_of
from portal.learners.scope.queries import seen_of
from portal.learners.search.sounds import SOUND_COLUMNS
from portal.permissions import Permission
from portal.policy.queries import current_policy

_NEEDED = frozenset({"number", "given_name", "family_name"})
"""What no row of a learner can do without."""


def list_ending(kept: Learner, other: Learner) -> list[str]:
    """Return what would end if these two records became one: consents that she took back in one of them."""
    return [ending for each in MERGE_SETTLEMENTS.all for ending in each.foresee(kept.id, other.id)]


def merge_learners(kept_id: UUID, other_id: UUID, *, take: Collection[str], by: Actor) -> Learner:
    """Move everything of the other record to the kept one, and of what differs (`Difference.key`) take over these.

    A field that belongs to a set, such as an address, is taken over with all of its set. The other stays behind empty
    and points to the kept one. For a day it can be undone (`undo_merge`),
    unless a consent ends with it. Raises NotAllowed, NotFound, Conflict: the record of who restricted it isn't merged.
    """
    by.must(Permission.LEARNER_MERGE)
    if not hidden_learners().isdisjoint({kept_id, other_id}):
        raise Conflict("restricted")
    sees = seen_of(by.sees, kept_id, other_id)
    with revealed(kept_id, other_id):  # what is restricted of one of them moves along, and stays so
        return _merge(kept_id, other_id, take, sees, by)


def _merge(kept_id: UUID, other_id: UUID, take: Collection[str], sees: frozenset[str], by: Actor) -> Learner:
    locked = {each: lock_learner(each, by, with_rows=True) for each in sorted((kept_id, other_id))}
    kept, other = locked[kept_id], locked[other_id]
    refusal = refusal_to_merge(kept, other)
    if refusal is not None:
        raise Conflict(refusal)
    moved, ending, before = count_rows(other), list_ending(kept, other), take_image([kept_id, other_id])
    changes = _take_fields(kept, other, take, sees)
    for settlement in MERGE_SETTLEMENTS.all:
        settlement.settle(kept_id, other_id, by, take)
    _join_enrolments(kept_id, other_id)
    for table, column in tables_of_learners():
        drop_doubles(table, column, kept_id, other_id)
        move_rows(table, column, other_id, kept_id)
    _take_account(kept, other)
    _leave_behind(kept, other, by)
    entry_id = audit.record(
        "learners.merged",
        learner_id=kept_id,
        learner_ids=[other_id],
        subject=("learner", other_id),
        facts={"moved": moved},
        changes=changes,
        by=by,
    )
    if not ending:  # what loses its consent has no way back
        keep_for_undo(entry_id, kept, other, before)
    return kept


def _take_fields(kept: Learner, other: Learner, take: Collection[str], sees: frozenset[str]) -> Any:
    """Take over what was chosen with its origins; what the kept record lacks whole comes along by itself.

    Of what differs in categories that she doesn't see, the kept record's stay, whatever is asked.
    """
    fields = [field for field in kept_fields(current_policy()) if field.key != "learner.number"]
    own, others = values_of(kept, LEARNER_FIELDS), values_of(other, LEARNER_FIELDS)
    chosen: dict[str, Any] = {}
    for together in in_sets(fields):
        keys_ = [field.key for field in together]
        is_chosen = any(field.key in take and field.category in sees for field in together)
        is_lacking = all(own[key] is None for key in keys_)
        if any(others[key] is not None for key in keys_) and (is_chosen or is_lacking):
            chosen |= {key: others[key] for key in keys_}
    changes = changes_for_log(own, {key: value for key, value in chosen.items() if value != own[key]})
    put(kept, chosen)
    own_row = FieldOrigin.entry_id == OWN_RECORD  # those of entries come along with them
    of_kept = (FieldOrigin.school_id == current_school_id(), FieldOrigin.learner_id == kept.id)
    of_other = (FieldOrigin.school_id == current_school_id(), FieldOrigin.learner_id == other.id)
    session.execute(delete(FieldOrigin).where(*of_kept, own_row, FieldOrigin.field.in_(list(chosen))))
    _copy_origins(session.scalars(select(FieldOrigin).where(*of_other, own_row, FieldOrigin.field.in_(chosen))), kept)
    session.execute(delete(FieldOrigin).where(*of_other, own_row))
    session.execute(update(FieldOrigin).where(*of_other).values(learner_id=kept.id))
    return changes


def _copy_origins(origins: Iterable[FieldOrigin], kept: Learner) -> None:
    """Note where values that were taken over came from; the other record's own rows are kept to be put back."""
    copied = ("field", "source", "channel", "since_on", "ground")
    session.add_all(
        [FieldOrigin(learner_id=kept.id, **{name: getattr(each, name) for name in copied}) for each in origins]
    )
    session.flush()


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
    erase_fields(PersonKind.LEARNER, [other.id], fields, why="merged", is_moved=True, by=by)
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
