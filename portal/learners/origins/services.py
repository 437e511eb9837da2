"""Keeping where the values of a record came from (MN-02)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, bindparam, cast, column, delete, func, insert, select

from portal.core.clock import today
from portal.core.db.base import Base, new_ids
from portal.core.db.bulk import among_ids, as_array, in_parts, insert_statement
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.learners.origins.rows import origin_rows
from portal.learners.record.models import FieldOrigin, Source
from portal.learners.scope.queries import reaches_learner

FIELD_ORIGIN = Base.metadata.tables["field_origin"]

_NAMES = ("field", "source", "channel", "since_on", "ground")
_NEW = func.unnest(
    cast(bindparam("ids", type_=Text), ARRAY(Uuid)), cast(bindparam("learners", type_=Text), ARRAY(Uuid))
)
_PEOPLE = _NEW.table_valued(column("id", Uuid), column("learner_id", Uuid)).render_derived(name="given")
_ADD = insert(FIELD_ORIGIN).from_select(
    ["school_id", "id", "learner_id", *_NAMES],
    select(
        bindparam("school", type_=Uuid),
        *_PEOPLE.c,
        *(bindparam(name, type_=FIELD_ORIGIN.c[name].type) for name in _NAMES),
    ),
    include_defaults=False,
)


def store_origins(rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert origins, or bring those of the same fields up to date, in few statements; a ground on record stays."""
    if not rows:
        return
    for part in in_parts(rows):
        statement = insert_statement(FIELD_ORIGIN, part)
        fresh: dict[str, Any] = {name: statement.excluded[name] for name in ("source", "channel", "since_on")}
        fresh["ground"] = func.coalesce(statement.excluded.ground, FIELD_ORIGIN.c.ground)
        session.execute(statement.on_conflict_do_update(constraint="uq_field_origin_field", set_=fresh))


class NewValues(NamedTuple):
    """What a new learner's record holds by field key, and the grounds that were given with it."""

    learner_id: UUID
    values: Mapping[str, Any]
    grounds: Mapping[str, str]


def add_origins(rows: Iterable[NewValues], *, source: Source, channel: str | None) -> None:
    """Insert where the values of many new learners came from.

    A statement for each field and ground, however many learners there are. An empty value has no origin.
    """
    alike: dict[tuple[str, str | None], list[UUID]] = {}
    for row in rows:
        for key, value in row.values.items():
            if value is not None:
                alike.setdefault((key, row.grounds.get(key) or None), []).append(row.learner_id)
    every = {"school": current_school_id(), "source": source, "channel": channel, "since_on": today()}
    for (key, ground), learner_ids in alike.items():
        own = {"ids": as_array(new_ids(len(learner_ids))), "learners": as_array(learner_ids)}
        session.execute(_ADD, {**every, **own, "field": key, "ground": ground})


def drop_origins(
    learner_ids: Sequence[UUID], fields: Iterable[str], scope: Scope, *, entry_id: UUID | None = None
) -> None:
    """Forget where values came from that are gone: of this entry, or of all that have these fields."""
    gone = delete(FieldOrigin).where(
        FieldOrigin.school_id == current_school_id(),
        among_ids(FieldOrigin.learner_id, learner_ids),
        reaches_learner(scope, FieldOrigin.learner_id),
        FieldOrigin.field.in_(list(fields)),
    )
    session.execute(gone if entry_id is None else gone.where(FieldOrigin.entry_id == entry_id))


def store_entry_origins(
    row: Any, changed: Mapping[str, Any], scope: Scope, *, source: Source, channel: str | None
) -> None:
    """Note of values in an entry that were changed since it was made (by field key) where they are from."""
    store_origins(origin_rows(row.learner_id, changed, source=source, channel=channel, entry_id=row.id))
    emptied = [key for key, value in changed.items() if value is None]
    if emptied:
        drop_origins([row.learner_id], emptied, scope, entry_id=row.id)
