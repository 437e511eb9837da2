"""That a database is being put back from a backup: nobody is served by it until that is done (OP-07).

The table is there before the first row comes, and goes once everything that ended since the backup has been applied
again. Meanwhile every transaction but the restore's own is refused: pages answer 503, and the worker waits.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, event, text

LOADING, LOADED = "loading", "loaded"

REFUSE = """
create or replace function refuse_while_restoring() returns void language plpgsql stable as $$
begin
    if to_regclass('public.restoring') is not null
        and coalesce(current_setting('portal.restores', true), '') <> 'yes' then
        raise exception 'this database is being restored from a backup' using errcode = 'cannot_connect_now';
    end if;
end
$$
"""
"""Called first by the functions that begin a transaction."""
_STATE = text("select backup_id, made_at from restoring")
_BEGIN = ("create table restoring (backup_id uuid, made_at timestamptz)", "grant select on restoring to public")
_SAY = text("insert into restoring values (:id, :made_at)")


@dataclass(frozen=True)
class Restoring:
    """Which backup is being put back."""

    backup_id: UUID
    made_at: datetime


def is_under_way(connection: Connection) -> bool:
    """Say whether the database is being restored, also where it holds nothing yet."""
    return connection.scalar(text("select to_regclass('public.restoring')")) is not None


def get_state(connection: Connection) -> Restoring | None:
    """Return what is being put back; None where nothing is."""
    if not is_under_way(connection):
        return None
    row = connection.execute(_STATE).one()
    return Restoring(row.backup_id, row.made_at)


def begin(connection: Connection, backup_id: UUID, made_at: datetime) -> None:
    """Let nobody be served from the commit on. Said by the owner of the tables."""
    for statement in _BEGIN:
        connection.execute(text(statement))
    connection.execute(_SAY, {"id": backup_id, "made_at": made_at})


def end(connection: Connection) -> None:
    """Let everybody in from the commit on."""
    connection.execute(text("drop table if exists restoring"))


def let_restore(engine: Engine) -> Engine:
    """Let the connections of this engine work in a database that is being restored, and return it."""

    @event.listens_for(engine, "connect")
    def say_so(connection: Any, _record: object) -> None:
        connection.execute("set portal.restores = 'yes'")
        connection.commit()

    return engine
