"""Putting a backup back, and bringing it up to what ended since, before anybody is served (OP-07)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.config import Settings
from portal.core import audit
from portal.core.backups import archive, programs
from portal.core.backups.contents import open_backup, read_part, read_whole
from portal.core.backups.errors import BackupError, told_in_a_line
from portal.core.backups.manifest import DATABASE, FILES, Manifest
from portal.core.crypto.ledger import Ending, EndingsSince, known_to_the_ledger
from portal.core.crypto.outbox import nothing_told, push_waiting
from portal.core.db import migrations, restore_state
from portal.core.db import session as database
from portal.core.db.engine import make_engine
from portal.core.db.row_security import NeedsSuperuser
from portal.core.db.scope import checkpoint, in_school, reveal
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.restores import keys
from portal.core.restores.closed_schools import clear_closed
from portal.core.restores.erased_values import count_traces, list_values
from portal.core.restores.ports import APPLIED_AGAIN, VOIDED
from portal.core.restores.seals import bring_heads_back
from portal.core.restores.target import Target
from portal.core.restores.tries import Tries

MARGIN = timedelta(hours=1)
"""So long before its snapshot an ending may have been noted that the backup doesn't have: no change takes longer."""


@dataclass
class Report:
    """What was put back, and what was applied again: how many of each kind of ending, over all schools.

    Of a drill also what it searched and tried: in how many rows of which table it found who was erased, and by what
    they are how many of what ended, and worked in the backup, were `tried`, and how many of those are `working` still.
    """

    manifest: Manifest
    said: list[str]
    since: datetime
    schools: int = 0
    closed: int = 0
    endings: dict[Ending, int] = field(default_factory=dict)
    voided: dict[str, int] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    erasures_known: int = 0
    is_drill: bool = False
    searched: int = 0
    traces: dict[str, int] = field(default_factory=dict)
    tried: dict[str, int] = field(default_factory=dict)
    working: dict[str, int] = field(default_factory=dict)


def restore_backup(
    settings: Settings,
    folder: Path,
    *,
    since: datetime | None = None,
    accepts_lost_endings: bool = False,
    in_drill: bool = False,
) -> Report:
    """Put a backup back into the empty place that the settings name, and let it be served at the end.

    Where it was cut off the same call goes on from there. Until the last step the database says that it is being
    restored, and everybody is refused. Raises BackupError; what fails before the rows are in leaves the place empty.
    `since` is from when on endings are applied again, where that is before the backup: its database was itself an older
    one. Where both copies of the keys were lost nobody knows what ended after they were written last;
    `accepts_lost_endings` says that the place is to be served all the same. `in_drill` leaves the key store as it is,
    and searches for what was erased.
    """
    if settings.migrate_database_url is None:
        raise BackupError("PORTAL_MIGRATE_DATABASE_URL: the URL of the tables' owner is wanted")
    said = [] if in_drill else keys.bring_up(settings, accepts_lost_endings=accepts_lost_endings)
    manifest, key = open_backup(folder)
    _check_revision(manifest)
    program = programs.find_program("pg_restore", settings.pg_programs, manifest.server * 10_000)
    read_whole(folder, key, program)
    target = Target(settings.migrate_database_url, settings.files_dir)
    with target.held():
        if target.begin(manifest) == restore_state.LOADING:
            _load(target, folder, manifest, key, program)
        _bring_up_tables(target, settings)
        closed = clear_closed(target)
        moment = min(manifest.made_at, since or manifest.made_at) - MARGIN
        report = Report(manifest, said, since=moment, is_drill=in_drill, closed=closed)
        with _database_errors_told(), _bound(settings), nothing_told() if in_drill else nullcontext():
            _apply(report)
        with target.said() as connection:
            restore_state.end(connection)
    return report


def _check_revision(manifest: Manifest) -> None:
    """Raise BackupError for a backup of a newer release than this one."""
    if manifest.revision not in migrations.list_revisions():
        raise BackupError(f"the backup is of a newer release (its tables are at {manifest.revision}): install that one")


def _load(target: Target, folder: Path, manifest: Manifest, key: bytes, program: Path) -> None:
    """Put files and rows into the empty place, all of them or none."""
    try:
        with told_in_a_line("restore", target.files):
            target.files.mkdir(mode=0o700, parents=True, exist_ok=True)
            archive.unpack(read_part(folder, manifest, FILES, key), target.files)
        address, environment = programs.address_of(target.owner_url)
        all_or_nothing = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
        command: list[str | Path] = [program, *all_or_nothing, f"--dbname={address}"]
        with told_in_a_line("restore", folder / DATABASE):
            programs.feed(command, environment, read_part(folder, manifest, DATABASE, key))
    except BaseException:
        target.forget()
        raise


def _bring_up_tables(target: Target, settings: Settings) -> None:
    """Give tables, functions, roles and rights the form that this release wants."""
    target.take_functions()
    try:
        migrations.migrate(target.owner_url, settings.database_url, settings.backup_database_url)
    except NeedsSuperuser:
        migrations.migrate(target.owner_url, settings.database_url)
    except DBAPIError as error:
        raise BackupError(
            f"restore: the tables can't be brought up to this release: {type(error.orig).__name__}"
        ) from None
    with target.said() as connection:
        connection.execute(text("analyze"))


@contextmanager
def _database_errors_told() -> Iterator[None]:
    """Say in a line that the database failed, with its own kind of error; raises BackupError."""
    try:
        yield
    except DBAPIError as error:
        raise BackupError(
            f"restore: the database fails ({type(error.orig).__name__}); nobody is served, say the same again"
        ) from None


@contextmanager
def _bound(settings: Settings) -> Iterator[None]:
    """Work as the application's role in the database that is being restored."""
    before = database.session.get_bind() if database.is_bound() else None
    engine = restore_state.let_restore(make_engine(settings.database_url))
    database.bind(engine)
    try:
        yield
    finally:
        database.session.remove()
        database.session.configure(bind=before)
        engine.dispose()


def _apply(report: Report) -> None:
    """Bring each school up to the ledger."""
    with in_school(None):
        schools = session.execute(text("select id, slug from list_schools()")).all()
    for school_id, slug in schools:
        with in_school(school_id):
            reveal()
            _apply_to_school(report)
            report.left += [f"{slug}: {line}" for line in _list_left()]
        report.schools += 1


def _add(total: dict[str, int], counts: Mapping[str, int]) -> None:
    for each, count in counts.items():
        total[each] = total.get(each, 0) + count


def _list_left() -> list[str]:
    """Return what the school in scope has to do itself now, without anybody's name."""
    counted = [(each.count_left(), each.left_to_do) for each in APPLIED_AGAIN.all if each.count_left is not None]
    return [f"{count} {what}" for count, what in counted if count]


def _apply_to_school(report: Report) -> None:
    for each in VOIDED.all:
        report.voided[each.what] = report.voided.get(each.what, 0) + each.void()
        checkpoint()
    ended = EndingsSince(report.since, may_destroy=not report.is_drill)
    report.erasures_known += ended.count(Ending.ERASURE)
    values = list_values(ended) if report.is_drill else []
    tries = Tries(EndingsSince(report.since, may_destroy=False)) if report.is_drill else None
    counts = {}
    for again in APPLIED_AGAIN.all:
        with known_to_the_ledger():
            counts[again.kind] = again.apply(ended)
        report.endings[again.kind] = report.endings.get(again.kind, 0) + counts[again.kind]
        checkpoint()
    if tries is not None:
        report.searched += len(values)
        _add(report.traces, count_traces(values))
        _add(report.tried, tries.counts)
        _add(report.working, tries.count_left())
        return
    while push_waiting():
        checkpoint()
    lost = bring_heads_back()
    facts = {"backup": str(report.manifest.backup_id), "made_at": report.manifest.made_at.isoformat(), "lost": lost}
    if report.said:
        facts["said"] = report.said
    audit.record(
        "access.restored", facts={**facts, "applied": {kind.value: n for kind, n in counts.items()}}, by=PORTAL
    )
