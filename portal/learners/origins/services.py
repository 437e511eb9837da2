"""Keeping where the values of a record came from (MN-02)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func

from portal.core.db.base import Base
from portal.core.db.bulk import in_parts, insert_statement
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.learners.origins.rows import origin_rows
from portal.learners.record.models import FieldOrigin, Source
from portal.learners.scope.queries import reaches_learner

FIELD_ORIGIN = Base.metadata.tables["field_origin"]


def store_origins(rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert origins, or bring those of the same fields up to date, in few statements; a ground on record stays."""
    if not rows:
        return
    for part in in_parts(rows):
        statement = insert_statement(FIELD_ORIGIN, part)
        fresh: dict[str, Any] = {name: statement.excluded[name] for name in ("source", "channel", "since_on")}
        fresh["ground"] = func.coalesce(statement.excluded.ground, FIELD_ORIGIN.c.ground)
        session.execute(statement.on_conflict_do_update(constraint="uq_field_origin_field", set_=fresh))


def drop_origins(
    learner_ids: Sequence[UUID], fields: Iterable[str], scope: Scope, *, entry_id: UUID | None = None
) -> None:
    """Forget where values came from that are gone: of this entry, or of all that have these fields."""
    gone = delete(FieldOrigin).where(
        FieldOrigin.school_id == current_school_id(),
        FieldOrigin.learner_id.in_(learner_ids),
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
