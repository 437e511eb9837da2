"""Looking for what is wrong with backups, keys, disks, mail and clocks. Each check yields the alarms that are on."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Text, bindparam, cast, func, select
from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError

from portal.core.alarms.clocks import SECONDS_APART, list_clocks
from portal.core.alarms.hosting_notes import Task, find_note
from portal.core.alarms.names import Alarm, AlarmName
from portal.core.alarms.sources import Sources
from portal.core.backups import places
from portal.core.clock import now
from portal.core.crypto.store_tables import BACKUP_KEY, FINISHED_BACKUP

MAILS_LATE = timedelta(hours=1)
_MAILS_OF = timedelta(days=1)
_REFUSED_LEAST = 3
_MADE_WITHIN = timedelta(hours=6)
_NEWEST_KEY = select(func.max(cast(BACKUP_KEY.c.id, Text))).where(BACKUP_KEY.c.wrapped.is_not(None))
_NEWEST_FINISHED = _NEWEST_KEY.where(BACKUP_KEY.c.id.in_(select(FINISHED_BACKUP.c.id)))
_KEPT_TOO_LONG = select(BACKUP_KEY.c.id, BACKUP_KEY.c.until).where(
    BACKUP_KEY.c.wrapped.is_not(None), BACKUP_KEY.c.until < bindparam("before")
)


def check_backups(sources: Sources) -> Iterator[Alarm]:
    """Yield what is wrong with backups: by their keys, by the newest's folder, by how the command went last."""
    settings, last = sources.settings, find_note(sources.redis, Task.BACKUP)
    newest, finished = _newest_backup(sources, _NEWEST_KEY), _newest_backup(sources, _NEWEST_FINISHED)
    most = timedelta(hours=settings.backup_hours)
    if finished is None or now() - _made_at(finished) > most:
        since = f"the newest is of {_made_at(finished):%Y-%m-%d %H:%M} UTC" if finished is not None else "there is none"
        yield Alarm(AlarmName.BACKUP_OLD, f"{since}, and may be {settings.backup_hours} hours old")
    if last is not None and last.failure is not None:
        yield Alarm(AlarmName.BACKUP_FAILED, last.failure)
    why = _why_not_whole(settings.backup_dir, newest) if settings.backup_dir is not None else None
    if why is not None:
        yield Alarm(AlarmName.BACKUP_UNVERIFIED, why, sources.machine)
    if kept := _kept_too_long(sources, now() - most):
        why = f"{len(kept)} backups open still, the first past its term since {min(kept.values()):%Y-%m-%d %H:%M} UTC"
        yield Alarm(AlarmName.BACKUP_KEPT, why)


def check_drills(sources: Sources) -> Iterator[Alarm]:
    """Yield what is wrong with the last drill, and whether it is too old where a term is set."""
    settings, last = sources.settings, find_note(sources.redis, Task.DRILL)
    if last is not None and last.failure is not None:
        yield Alarm(AlarmName.DRILL_FAILED, last.failure)
    good_at = last.last_good if last is not None else None
    if settings.drill_hours and (good_at is None or now() - good_at > timedelta(hours=settings.drill_hours)):
        since = f"the last that went well is of {good_at:%Y-%m-%d %H:%M} UTC" if good_at else "none is known"
        yield Alarm(AlarmName.DRILL_OLD, f"{since}, and it may be {settings.drill_hours} hours ago")


def _newest_backup(sources: Sources, wanted: Select[Any]) -> UUID | None:
    """Return the newest backup that a statement finds, of what either copy knows."""
    return max((UUID(row[0]) for row in _in_either_copy(sources, wanted) if row[0] is not None), default=None)


def _kept_too_long(sources: Sources, before: datetime) -> dict[UUID, datetime]:
    """Return the backups whose key is there in a copy though they could be kept until this moment alone."""
    return {row.id: row.until for row in _in_either_copy(sources, _KEPT_TOO_LONG, before=before)}


def _in_either_copy(sources: Sources, wanted: Select[Any], **values: Any) -> Iterator[Row[Any]]:
    for _, engine in sources.key_stores:
        try:
            with engine.connect() as connection:
                yield from connection.execute(wanted, values).all()
        except (OperationalError, ProgrammingError):
            continue  # another alarm says so


def _made_at(backup_id: UUID) -> datetime:
    """Return when a backup was begun: the first 48 bits of its id say it."""
    return datetime.fromtimestamp((backup_id.int >> 80) / 1000, UTC)


def _why_not_whole(place: Path, newest: UUID | None) -> str | None:
    """Return why the newest backup of a folder isn't one that was read back whole, by its sizes; None where it is."""
    if newest is None:
        return None
    try:
        found = {manifest.backup_id: (folder, manifest) for folder, manifest in places.list_backups(place)}
        if newest not in found:
            is_being_made = now() - _made_at(newest) < _MADE_WITHIN and any(place.glob(".new-*"))
            return None if is_being_made else f"the newest ({newest}) was never finished, or isn't in PORTAL_BACKUP_DIR"
        folder, manifest = found[newest]
        for name, part in manifest.parts.items():
            if (folder / name).stat().st_size != part.stored_size:
                return f"{folder.name}/{name} was cut off"
    except OSError as error:
        return f"it can't be looked at: {(error.strerror or type(error).__name__).lower()}"
    return None


def check_keys(sources: Sources) -> Iterator[Alarm]:
    """Yield which copy of the keys can't be reached, has no tables, or is empty while the other isn't."""
    schools: dict[str, int] = {}
    for setting, engine in sources.key_stores:
        try:
            with engine.connect() as connection:
                schools[setting] = int(connection.exec_driver_sql("select count(*) from school_key").scalar_one())
        except SQLAlchemyError:
            yield Alarm(AlarmName.KEYS_LOST, f"{setting} can't be reached, or has no tables", sources.machine)
    for setting, count in schools.items():
        if not count and any(schools.values()):
            yield Alarm(AlarmName.KEYS_LOST, f"{setting} is empty", sources.machine)


def check_disks(sources: Sources) -> Iterator[Alarm]:
    """Yield which folder of this machine has too little room."""
    given = sources.settings
    folders = (given.files_dir, given.backup_dir, given.backup_keys_dir, given.backup_keys_copy_dir, given.mail_dir)
    for folder in {each for each in folders if each is not None}:
        try:
            usage = shutil.disk_usage(folder)
        except FileNotFoundError:
            continue
        except OSError as error:
            yield Alarm(AlarmName.DISK_FULL, f"{folder} can't be looked at: {error.strerror}", sources.machine)
            continue
        percent = 100 * usage.free / usage.total if usage.total else 0
        if percent < given.disk_free_percent:
            why = f"{folder} has {percent:.0f} % free, and {given.disk_free_percent} % is wanted"
            yield Alarm(AlarmName.DISK_FULL, why, sources.machine)


def check_mails(sources: Sources) -> Iterator[Alarm]:
    """Yield whether mails wait for too long, or were refused for good: a tenth of a day's, and more than a few."""
    found = sources.rows("select * from count_mails(:since)", since=now() - _MAILS_OF)[0]
    sent, refused = found.sent or 0, found.refused or 0
    if found.oldest_asked_at is not None and now() - found.oldest_asked_at > MAILS_LATE:
        yield Alarm(AlarmName.MAIL_BOUNCING, f"a mail waits since {found.oldest_asked_at:%Y-%m-%d %H:%M} UTC")
    elif refused * 10 >= sent + refused and (refused >= _REFUSED_LEAST or (refused and not sent)):
        yield Alarm(
            AlarmName.MAIL_BOUNCING, f"{refused} of {sent + refused} mails of the last day were refused for good"
        )


def check_clocks(sources: Sources) -> Iterator[Alarm]:
    """Yield whether web, worker and database are further from one another than ten seconds."""
    ahead = {"the database": 0.0, **dict(list_clocks(sources))}
    first, last = min(ahead, key=lambda each: ahead[each]), max(ahead, key=lambda each: ahead[each])
    difference = ahead[last] - ahead[first]
    if difference > SECONDS_APART:
        yield Alarm(AlarmName.CLOCKS_APART, f"{last} is {difference:.0f} seconds ahead of {first}")
