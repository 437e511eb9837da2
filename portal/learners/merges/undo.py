"""Taking a merging back, for a day: both records are as they were, and what was changed or made since isn't lost."""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, delete, or_, select

from portal.core import audit
from portal.core.clock import now
from portal.core.crypto import keys
from portal.core.db.base import Base
from portal.core.db.bulk import among, among_ids
from portal.core.db.scope import current_school_id, hidden_categories
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.access import Actor
from portal.learners.group_changes.queries import TAKEN_BACK_WITHIN
from portal.learners.merges.images import (
    Image,
    Row,
    TableChange,
    changes_between,
    others_in,
    put_rows,
    put_values,
    rows_now,
    take_image,
)
from portal.learners.merges.models import RecordMerge
from portal.learners.merges.moves import move_rows
from portal.learners.merges.queries import tables_of_learners, together_with, why_not_undone
from portal.learners.merges.settlements import MERGE_SETTLEMENTS
from portal.learners.record.models import Learner
from portal.learners.record.services import lock_learner
from portal.learners.search.keys import found_by
from portal.permissions import Permission

_CONTENTS = "record_merge.contents"
_FOUND_BY = frozenset({"given_name", "name_prefix", "family_name", "number", "email"})
_TABLES = Base.metadata.tables


@dataclass(frozen=True)
class UndoPlan:
    """What taking a merging back does, by table: values that go into rows again, rows that come back, rows that go.

    `staying` are the columns of the kept record that somebody changed since, and that stay so. Of what was made since,
    `hanging` has the rows that go along with one that goes back, `since` counts those that stay with the kept record.
    """

    kept_id: UUID
    other_id: UUID
    values: dict[str, dict[str, Row]]
    rows: dict[str, list[Row]]
    made: dict[str, list[str]]
    staying: set[str]
    hanging: dict[str, set[UUID]]
    since: dict[str, int]

    @property
    def going(self) -> dict[str, int]:
        """Count by table the rows that are the other record's again."""
        other, found = str(self.other_id), Counter[str]()
        for name, rows in self.values.items():
            found[name] += sum(row.get("learner_id") == other for row in rows.values())
        for name, listed in self.rows.items():
            found[name] += sum(row.get("learner_id") == other for row in listed)
        return {name: count for name, count in found.items() if count and name != "field_origin"}


def keep_for_undo(merge_id: UUID, kept: Learner, other: Learner, before: Image) -> None:
    """Keep for a day, sealed, what the rows of two records were that are otherwise now."""
    changes = changes_between(before, take_image([kept.id, other.id], also=before))
    contents = json.dumps({name: asdict(change) for name, change in changes.items()})
    row = RecordMerge(
        id=merge_id,
        kept_id=kept.id,
        other_id=other.id,
        people=sorted(others_in(changes)),
        contents=keys.seal(kept.id, _CONTENTS, contents),
        expires_at=now() + TAKEN_BACK_WITHIN,
    )
    session.add(row)
    session.flush()


def forget_merges(learner_ids: Collection[UUID], _fields: Collection[str]) -> None:
    """Let what is kept of these learners go where anything of them is erased: undoing would bring it back."""
    theirs = or_(among_ids(RecordMerge.kept_id, learner_ids), among_ids(RecordMerge.other_id, learner_ids))
    session.execute(delete(RecordMerge).where(RecordMerge.school_id == current_school_id(), theirs))


def clear_expired_merges() -> int:
    """Let what is kept go once its day is over; return of how many merges."""
    over = delete(RecordMerge).where(RecordMerge.school_id == current_school_id(), RecordMerge.has_expired(now()))
    return len(session.execute(over.returning(RecordMerge.id)).all())


def plan_undo(learner_id: UUID, merge_id: UUID, by: Actor) -> UndoPlan:
    """Return what taking back a merging into this record would do; raises Conflict with the reason why it can't be."""
    by.must(Permission.LEARNER_MERGE)
    refusal = why_not_undone(learner_id, merge_id, by.scope)
    if refusal is not None:
        raise Conflict(refusal)
    merge = session.get_one(RecordMerge, (current_school_id(), merge_id))
    text = keys.unseal(merge.kept_id, _CONTENTS, merge.contents)
    return _plan(merge, {name: TableChange(**change) for name, change in json.loads(text).items()})


def _plan(merge: RecordMerge, changes: Mapping[str, TableChange]) -> UndoPlan:
    touched = {name: [*each.changed, *(row["id"] for row in each.made)] for name, each in changes.items()}
    current = rows_now(touched)
    values = {
        name: {
            row_id: _going_back(name, current[name][row_id], columns)
            for row_id, columns in change.changed.items()
            if row_id in current[name]
        }
        for name, change in changes.items()
    }
    own = changes["learner"].changed.get(str(merge.kept_id), {})
    staying = own.keys() - values["learner"].get(str(merge.kept_id), {}).keys()
    unmade = {
        name: [row["id"] for row in change.made if current[name].get(row["id"]) == row and not _is_of(row, staying)]
        for name, change in changes.items()
    }
    rows = {name: [row for row in change.gone if not _is_of(row, staying)] for name, change in changes.items()}
    hanging = _hanging(merge, values)
    return UndoPlan(
        kept_id=merge.kept_id,
        other_id=merge.other_id,
        values=values,
        rows=rows,
        made=unmade,
        staying=staying,
        hanging=hanging,
        since=_count_since(merge, hanging),
    )


def _is_of(row: Row, staying: Collection[str]) -> bool:
    """Say whether a row tells where a value came from that stays as it is."""
    return "since_on" in row and "entry_id" in row and str(row.get("field")).removeprefix("learner.") in staying


def _going_back(name: str, current: Row, columns: Mapping[str, Any]) -> Row:
    """Return the values that go into a row again: not those that somebody changed since.

    Of a learner's own row a set stays whole; another row that was changed since keeps all but whose it is.
    """
    stays = {column for column, (_, new) in columns.items() if current[column] != new}
    if name == "learner":
        stays = together_with(stays)
    elif stays - {"learner_id"}:
        stays = columns.keys() - {"learner_id"}
    return {column: old for column, (old, _) in columns.items() if column not in stays}


def _hanging(merge: RecordMerge, values: Mapping[str, Mapping[str, Row]]) -> dict[str, set[UUID]]:
    """Return by table the rows that were made since and point to a row that goes back: a proposal about it, say."""
    back = {UUID(row_id) for rows in values.values() for row_id, row in rows.items() if "learner_id" in row}
    found: dict[str, set[UUID]] = {}
    for settlement in MERGE_SETTLEMENTS.all:
        for name, row_ids in settlement.hanging(merge.kept_id, merge.id, back).items():
            found[name] = {*found.get(name, ()), *row_ids}
    for table, column in _tables_with_learner():
        ways = [each for each in table.columns if each.name == "entry_id" or _points_to_hers(each)]
        here = (table.c.school_id == current_school_id(), column == merge.kept_id, table.c.id.not_in(back))
        if ways:
            wanted = select(table.c.id).where(*here, or_(*(among(way, back) for way in ways)))
            found[table.name] = {*found.get(table.name, ()), *session.scalars(wanted)}
            back |= found[table.name]
    return found


def _tables_with_learner() -> list[tuple[Table, Column[Any]]]:
    origins = _TABLES["field_origin"]
    return [*tables_of_learners(), (origins, origins.c.learner_id)]


def _points_to_hers(column: Column[Any]) -> bool:
    target = _TABLES.get(column.info.get("references", ""))
    return target is not None and "learner_id" in target.c


def _count_since(merge: RecordMerge, hanging: Mapping[str, Collection[UUID]]) -> dict[str, int]:
    """Count by table the rows that were made for the kept record since, by their ids: those sort by when they were."""
    found = {}
    for table, column in tables_of_learners():
        here = (table.c.school_id == current_school_id(), column == merge.kept_id, table.c.id > merge.id)
        made = set(session.scalars(select(table.c.id).where(*here)))
        found[table.name] = len(made.difference(hanging.get(table.name, ())))
    return {name: count for name, count in found.items() if count}


def undo_merge(learner_id: UUID, merge_id: UUID, *, by: Actor) -> bool:
    """Make two records of one again, and say whether all is as it was.

    What was changed since stays changed, what was made since stays with the kept record, unless it hangs on a row that
    goes back. Raises NotAllowed, NotFound, and Conflict with the reason where it can't be done any more.
    """
    by.must(Permission.LEARNER_MERGE)
    if hidden_categories(learner_id):  # what is restricted since is of both, and can't be told apart any more
        raise Conflict("restricted")
    kept = lock_learner(learner_id, by, with_rows=True)
    plan = plan_undo(learner_id, merge_id, by)
    merge = session.get_one(RecordMerge, (current_school_id(), merge_id))
    for name, row_ids in reversed(plan.made.items()):
        table = _TABLES[name]
        session.execute(
            delete(table).where(table.c.school_id == current_school_id(), among(table.c.id, map(UUID, row_ids)))
        )
    failed = [each for name in plan.values for each in _put_back(_TABLES[name], plan)]
    for table, column in _tables_with_learner():
        if along := plan.hanging.get(table.name):
            move_rows(table, column, plan.kept_id, plan.other_id, only=along)
    session.delete(merge)
    session.flush()
    session.expire_all()
    _count_on(kept, plan)
    _count_on(session.get_one(Learner, (current_school_id(), plan.other_id)), plan)
    audit.record(
        "learners.merge_undone",
        learner_id=plan.kept_id,
        learner_ids=[plan.other_id],
        subject=("learner", plan.other_id),
        facts={"of": str(merge_id)},
        by=by,
    )
    return not failed and not plan.staying


def _put_back(table: Table, plan: UndoPlan) -> list[str]:
    """Put the rows of one table back; return the ids of those that can't be as they were."""
    rows = plan.values.get(table.name, {})
    other = str(plan.other_id)
    moving = [row_id for row_id, values in rows.items() if values.get("learner_id") == other]
    if moving:
        move_rows(table, table.c.learner_id, plan.kept_id, plan.other_id, only=[UUID(each) for each in moving])
    left = {
        row_id: {name: value for name, value in row.items() if name != "learner_id"} for row_id, row in rows.items()
    }
    failed = _put_records(table, left, plan) if table.name == "learner" else put_values(table, left)
    return [*failed, *put_rows(table, plan.rows.get(table.name, []))]


def _put_records(table: Table, rows: Mapping[str, Row], plan: UndoPlan) -> list[str]:
    """Put the records themselves back, the kept one first: what is unique is free for the other only then.

    An account that is gone or somebody else's by now stays away; all else of a record comes back or nothing does.
    """
    failed = []
    for row_id in sorted(rows, key=lambda each: each != str(plan.kept_id)):
        row = dict(rows[row_id])
        account = {"account_id": row.pop("account_id")} if "account_id" in row else {}
        if put_values(table, {row_id: row}):
            raise RuntimeError(f"record {row_id} can't be put back")
        failed += put_values(table, {row_id: account})
    return failed


def _count_on(learner: Learner, plan: UndoPlan) -> None:
    """Let a page that was opened before be out of date, and make anew what a learner is found by."""
    learner.version += 1
    if learner.id == plan.kept_id and plan.staying:
        for name, text in found_by({name: getattr(learner, name) for name in _FOUND_BY}).items():
            setattr(learner, name, text)
    session.flush()
