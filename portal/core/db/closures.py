"""A school that left: its rows go, and its own row stays as a mark that it is gone (portal/schools/departures).

A role that can't sign in may delete rows of the school in scope. Only the owner of the tables can become it, in a
command; the application can't, so nothing that is served deletes a school.
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, MetaData, Table, text

ROLE = "portal_closing"
KEPT = ("school", "school_host")
"""What is left of a school that left: that it was here, and at which addresses it is gone."""
_IN_SCHOOL = text("select set_config('portal.school', :school, true)")
_EMPTIED = text(
    "update school set name = slug, logo = null, logo_type = null, opening_hours = null, policy_version_id = null,"
    " takes_questions = false, takes_enquiries = false, takes_subscribers = false,"
    " closed_at = coalesce(closed_at, now())"
    " where id = :school"
)
_NOTED = text("update school set leaving = cast(:facts as jsonb) where id = :school")
_SHUT = text("update school set closed_at = coalesce(closed_at, now()) where id = :school")
_STATE = text("select id, name, closed_at, leaving from school where id = :school")


def policies(metadata: MetaData) -> list[str]:
    """Return the statements that let the role read, and delete, rows of the school in scope."""
    statements = []
    for table in metadata.sorted_tables:
        column, rights = ("id", "select, update") if table.name == "school" else ("school_id", "select, delete")
        if table.name == "school_host":
            rights = "select"
        statements += [
            f'drop policy if exists closing on "{table.name}"',
            f'create policy closing on "{table.name}" to {ROLE} using ({column} = current_school())'
            f" with check ({column} = current_school())",
            f'grant {rights} on "{table.name}" to {ROLE}',
        ]
    return statements


def begin(connection: Connection, school_id: UUID) -> None:
    """Let the transaction of the owner's connection work as the role, in this school."""
    connection.execute(text(f"set local role {ROLE}"))
    connection.execute(_IN_SCHOOL, {"school": str(school_id)})


def get_state(connection: Connection, school_id: UUID) -> Any:
    """Return id, name, `closed_at` and `leaving` of a school's row, also of one that is closed; None without one."""
    return connection.execute(_STATE, {"school": school_id}).one_or_none()


def note(connection: Connection, school_id: UUID, facts: Mapping[str, Any]) -> None:
    """Write down how far a school is with leaving."""
    connection.execute(_NOTED, {"school": school_id, "facts": json.dumps(facts)})


def shut(connection: Connection, school_id: UUID) -> None:
    """Let nobody be served in this school any more, from the commit on."""
    connection.execute(_SHUT, {"school": school_id})


def delete_rows(connection: Connection, school_id: UUID, metadata: MetaData) -> dict[str, int]:
    """Delete every row of a school, what points to others first, and return how many of each table; safe to repeat.

    Its own row is emptied and marked as closed. A row of another process that comes in between lets it fail: try again.
    """
    gone: dict[str, int] = {}
    for table in reversed(metadata.sorted_tables):
        if table.name not in KEPT:
            count = _delete(connection, table, school_id)
            if count:
                gone[table.name] = count
    connection.execute(_EMPTIED, {"school": school_id})
    return gone


def _delete(connection: Connection, table: Table, school_id: UUID) -> int:
    return connection.execute(table.delete().where(table.c.school_id == school_id)).rowcount
