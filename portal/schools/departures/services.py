"""Handing over a school's data, and destroying it: each step can be done again, so that one cut off goes on."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, NullPool, Table, Text, cast, create_engine, func, literal, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.exc import IntegrityError, OperationalError

from portal.config import Settings
from portal.core import audit
from portal.core.clock import now
from portal.core.crypto import backup_keys
from portal.core.crypto.closed_schools import destroy_school
from portal.core.db import closures
from portal.core.db.base import Base
from portal.core.db.scope import current_school_id, in_school, reveal
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.jobs.transport import drop_jobs_of
from portal.core.redis import key, redis
from portal.schools.departures.certificates import certificate_text
from portal.schools.departures.contents import list_tables
from portal.schools.departures.folders import HandedOver, HandOverError, read_back, write_folder
from portal.schools.departures.ports import STILL_OPEN

_MOVES = frozenset(
    {"audit_event", "audit_expiry", "audit_learner", "audit_seal", "checked_figure", "daily_mail", "notification",
     "retention_run", "school", "school_figure"}
)  # fmt: skip
"""Tables that change by themselves: what comes into them after the hand-over is no reason to make it anew."""
_TRIES = 3
_AT_ONCE = 500


@dataclass(frozen=True)
class Closing:
    """A school that leaves: its id, its name, since when it is closed, and what is written down of its leaving."""

    id: UUID
    name: str
    closed_at: datetime | None
    facts: Mapping[str, Any]


class _Owner:
    """A connection as the owner of the tables, for what the application may not do."""

    def __init__(self, settings: Settings, school_id: UUID) -> None:
        if settings.migrate_database_url is None:
            raise HandOverError("PORTAL_MIGRATE_DATABASE_URL: the URL of the tables' owner is wanted")
        self._engine = create_engine(settings.migrate_database_url, hide_parameters=True, poolclass=NullPool)
        self._school_id = school_id

    def __enter__(self) -> Connection:
        try:
            self._begun = self._engine.begin()
            connection = self._begun.__enter__()
        except OperationalError:
            raise HandOverError("PORTAL_MIGRATE_DATABASE_URL can't be reached") from None
        closures.begin(connection, self._school_id)
        return connection

    def __exit__(self, *raised: Any) -> None:
        self._begun.__exit__(*raised)


def find_closing(settings: Settings, slug: str) -> Closing:
    """Return how far a school is with leaving; raises HandOverError where there is none of that name."""
    with in_school(None):
        school_id: UUID | None = session.scalar(text("select leaving_school(:slug)"), {"slug": slug})
    if school_id is None:
        raise HandOverError(f'there is no school "{slug}"; `portal school list` shows them')
    with _Owner(settings, school_id) as connection:
        row = closures.get_state(connection, school_id)
    return Closing(row.id, row.name, row.closed_at, row.leaving or {})


def hand_over(settings: Settings, slug: str, folder: Path) -> HandedOver:
    """Write all data of a school into a new folder, read it back, and note that; raises HandOverError.

    Where somebody changed something meanwhile it is refused, and the folder goes.
    """
    found = find_closing(settings, slug)
    if found.closed_at is not None:
        raise HandOverError(f"{slug} is closed: there is nothing left to hand over")
    moment = now()
    try:
        with in_school(found.id):
            reveal()
            before = digests()
            written = write_folder(folder, slug=slug, made_at=moment.isoformat(timespec="seconds"))
            changed = sorted(name for name, digest in digests().items() if before[name] != digest)
            if changed:
                raise HandOverError(f"{', '.join(changed)} changed meanwhile: do it when nobody is at work")
            if read_back(folder) != written:
                raise HandOverError(f"{folder} isn't what was written")
            audit.record("schools.handed_over", facts={"files": written.files, "tables": len(written.rows)}, by=PORTAL)
    except HandOverError as error:
        if "is there already" not in str(error):
            shutil.rmtree(folder, ignore_errors=True)
        raise
    facts = {"name": found.name, "handed_at": moment.isoformat(timespec="seconds"), "handed_digest": written.digest,
             "folder": str(folder.resolve()), "files": written.files, "contents": before}  # fmt: skip
    with _Owner(settings, found.id) as connection:
        closures.note(connection, found.id, facts)
    return written


def digests() -> dict[str, str]:
    """Return by table a digest of what the school in scope has in it, of those that don't change by themselves."""
    return {table.name: _digest_of(table) for table in list_tables() if table.name not in _MOVES}


def _digest_of(table: Table) -> str:
    row = func.md5(cast(func.to_jsonb(table.table_valued()), Text))
    whole = func.md5(func.string_agg(row, aggregate_order_by(literal(""), *table.primary_key.columns)))
    return session.scalar(select(whole).select_from(table).where(table.c.school_id == current_school_id())) or ""


def _still_open() -> int:
    return sum(count() for count in STILL_OPEN.all)


def why_not(settings: Settings, slug: str, *, despite: str) -> str | None:
    """Return why a school can't be destroyed now; None where it can, or where that was begun before."""
    found = find_closing(settings, slug)
    if found.closed_at is not None:
        return None
    if not found.facts.get("handed_digest"):
        return "its data wasn't handed over yet: say --hand-over PATH first"
    folder = Path(str(found.facts["folder"]))
    try:
        if read_back(folder).digest != found.facts["handed_digest"]:
            return f"{folder} isn't the hand-over that was made"
    except HandOverError as error:
        return str(error)
    with in_school(found.id):
        reveal()
        changed = sorted(name for name, digest in digests().items() if found.facts["contents"].get(name) != digest)
        waiting = _still_open()
    if changed:
        return f"{', '.join(changed)} changed since the hand-over: hand over again"
    if waiting and not despite:
        return f"{waiting} requests, complaints or incidents are open: answer them, or say --despite REASON"
    return None


def destroy(settings: Settings, slug: str, certificate: Path, *, despite: str = "") -> str:
    """Destroy all that there is of a school, and return its certificate, which is written as well.

    Whether it may be is asked before (`why_not`). Raises HandOverError and KeysError; said again it goes on.
    """
    found = find_closing(settings, slug)
    facts = dict(found.facts)
    if "certificate" not in facts:
        facts = _shut(settings, found, despite)
        facts["people"] = max(int(facts.get("people", 0)), destroy_school(found.id))
        note_facts(settings, found.id, facts)
        facts["gone"] = _sum(facts.get("gone", {}), delete_left_rows(settings, found.id))
        note_facts(settings, found.id, facts)
        shutil.rmtree(settings.files_dir / str(found.id), ignore_errors=True)
        _clear_redis(found.id)
        facts = {"certificate": _certificate(settings, found.id, facts)}
        note_facts(settings, found.id, facts)
    said = certificate_text(facts["certificate"])
    certificate.write_text(said, "utf-8")
    return said


def _shut(settings: Settings, found: Closing, despite: str) -> dict[str, Any]:
    """Let nobody in any more, and write down what a certificate must say that isn't known later."""
    facts = dict(found.facts)
    if found.closed_at is None:
        with in_school(found.id):
            facts |= {"open": _still_open(), "despite": despite}
            _clear_sessions()
    with _Owner(settings, found.id) as connection:
        closures.note(connection, found.id, facts)
        closures.shut(connection, found.id)
    return facts


def note_facts(settings: Settings, school_id: UUID, facts: Mapping[str, Any]) -> None:
    """Write down how far a school is with leaving."""
    with _Owner(settings, school_id) as connection:
        closures.note(connection, school_id, facts)


def delete_left_rows(settings: Settings, school_id: UUID) -> dict[str, int]:
    """Delete what there is of a school that is shut, and return how many rows of each table; safe to repeat."""
    for _ in range(_TRIES - 1):
        try:
            with _Owner(settings, school_id) as connection:
                return closures.delete_rows(connection, school_id, Base.metadata)
        except IntegrityError:  # another process was at work until now
            continue
    with _Owner(settings, school_id) as connection:
        return closures.delete_rows(connection, school_id, Base.metadata)


def _sum(before: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {name: before.get(name, 0) + more.get(name, 0) for name in sorted({*before, *more})}


def _certificate(settings: Settings, school_id: UUID, facts: Mapping[str, Any]) -> dict[str, Any]:
    closed_at = find_closed_at(settings, school_id)
    return {
        "number": f"S-{closed_at:%Y}-{str(school_id)[-6:].upper()}",
        "school": facts["name"],
        "closed_at": f"{closed_at:%Y-%m-%d %H:%M} UTC",
        "handed_at": facts["handed_at"],
        "handed_digest": facts["handed_digest"],
        "rows": sum(facts["gone"].values()),
        "tables": len(facts["gone"]),
        "files": facts["files"],
        "people": facts["people"],
        "open": facts["open"],
        "despite": facts["despite"],
        "backups_until": _backups_until(closed_at),
    }


def find_closed_at(settings: Settings, school_id: UUID) -> datetime:
    """Return since when a school is closed."""
    with _Owner(settings, school_id) as connection:
        closed_at: datetime = closures.get_state(connection, school_id).closed_at
    return closed_at


def _backups_until(closed_at: datetime) -> str:
    """Return the last day of the backups that are there."""
    ends = [each.until for each in backup_keys.list_keys() if each.is_there]
    return f"{max([closed_at, *ends]):%Y-%m-%d}"


def _clear_sessions() -> None:
    """Let Redis forget the sessions of the school in scope, while it is still known which those are."""
    found = session.scalars(text("select id from account_session where school_id = current_school()")).all()
    for start in range(0, len(found), _AT_ONCE):
        redis().delete(*(key("seen", each) for each in found[start : start + _AT_ONCE]))


def _clear_redis(school_id: UUID) -> None:
    """Let Redis forget what it holds of a school, and the ids of its jobs."""
    connection = redis()
    for name in [*connection.scan_iter(match=key(f"*{school_id}*"), count=1000)]:
        connection.delete(name)
    drop_jobs_of(school_id)
