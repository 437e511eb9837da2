"""Deleting of one learner what rested on a withdrawn consent, by the registry of declared columns."""

from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, select, update

from portal.core import audit
from portal.core.crypto import files
from portal.core.db.base import Base
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.personal_data import PersonKind, fields_of, registry, rows_of
from portal.learners.origins.services import drop_origins
from portal.learners.record.erasure import forget_proposals
from portal.learners.record.models import Learner


def _rows_of(table: Table, learner_id: UUID) -> Any:
    """Return the condition that selects the rows of a table that reach this learner."""
    return (table.c.school_id == current_school_id()) & rows_of(table, PersonKind.LEARNER, [learner_id])


def _empty(column: str, learner_id: UUID) -> int:
    """Empty a column of the learner's own row, with where its value came from and what was proposed for it."""
    table = Base.metadata.tables[Learner.__tablename__]
    emptied = session.execute(
        update(table)
        .where(table.c.school_id == current_school_id(), table.c.id == learner_id, table.c[column].is_not(None))
        .values({column: None})
        .returning(table.c.id)
    ).all()
    field = f"{table.name}.{column}"
    drop_origins([learner_id], [field])
    forget_proposals([learner_id], [field])
    return len(emptied)


def _delete_rows(table: Table, learner_id: UUID) -> int:
    mine = _rows_of(table, learner_id)
    if "file_id" in table.c:
        for file_id in session.scalars(select(table.c.file_id).where(mine)):
            files.remove(file_id)
    fields = [field.key for field in fields_of(table)]
    drop_origins([learner_id], fields)
    forget_proposals([learner_id], fields)
    return len(session.execute(delete(table).where(mine).returning(table.c.id)).all())


def delete_field(learner_id: UUID, field: str) -> int:
    """Empty one field of the learner's own row; return how many values went. Raises KeyError for an unknown field."""
    known = registry(Base.metadata)[field]
    if known.table != Learner.__tablename__:
        return _delete_rows(Base.metadata.tables[known.table], learner_id)
    emptied = _empty(known.column, learner_id)
    session.expire_all()
    audit.record("purposes.data_deleted", learner_id=learner_id, facts={"field": field, "values": emptied})
    return emptied


def delete_category(learner_id: UUID, category: str) -> int:
    """Delete all of one category: columns of the learner's own row are emptied, rows about it go with their files."""
    count = 0
    for table in reversed(Base.metadata.sorted_tables):
        held = [field for field in fields_of(table) if field.category == category]
        if not held:
            continue
        if table.name == Learner.__tablename__:
            count += sum(_empty(field.column, learner_id) for field in held)
        else:
            count += _delete_rows(table, learner_id)
    session.expire_all()
    audit.record("purposes.data_deleted", learner_id=learner_id, facts={"category": category, "values": count})
    return count
