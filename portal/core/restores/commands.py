"""The subcommand for restores: restore, with --drill."""

from datetime import UTC, datetime
from pathlib import Path

import click

from portal.config import Settings, settings_or_exit
from portal.core.alarms.hosting_notes import Task, note
from portal.core.backups import places
from portal.core.backups.errors import BackupError
from portal.core.crypto.ciphers import KeysError
from portal.core.restores.drill import drill
from portal.core.restores.services import Report, restore_backup


@click.command("restore")
@click.argument("backup", metavar="FROM", required=False)
@click.option("--drill", "is_drill", is_flag=True, help="beside what is in use; clear it away again, and tell")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="UTC; where the database in the backup is older than it"
)
@click.option(
    "--accept-lost-endings", is_flag=True, help="both copies of the keys were lost: what ended since stays unknown"
)
def restore(backup: str | None, *, is_drill: bool, since: datetime | None, accept_lost_endings: bool) -> None:
    """Put a backup back into an empty database and folder; FROM is its folder, or its name in PORTAL_BACKUP_DIR.

    Nobody is served before everything that ended since has been applied again: erasures, withdrawals, objections,
    restrictions, unsubscriptions, ended authorisations, roles, accounts and second factors. Where it was cut off, say
    the same again. Without FROM it is the newest in PORTAL_BACKUP_DIR.
    """
    settings = settings_or_exit()
    try:
        folder, moment = _folder(settings, backup), since.replace(tzinfo=UTC) if since is not None else None
        if is_drill:
            report = drill(settings, folder)
        else:
            report = restore_backup(settings, folder, since=moment, accepts_lost_endings=accept_lost_endings)
    except (BackupError, KeysError) as error:
        _note(settings, str(error), is_drill=is_drill)
        raise click.ClickException(str(error)) from None
    tell(report)
    if found := _found(report):
        _note(settings, f"it found {found}", is_drill=is_drill)
        raise click.ClickException(f"the drill found {found}")
    _note(settings, None, is_drill=is_drill)
    if is_drill:
        click.echo(f"drill: {report.searched} values of who was erased searched for in every table, none found")
    else:
        click.echo("restored: the portal can be served")


def _found(report: Report) -> str:
    """Say what a drill found of what ended; nothing where all of it is gone."""
    rows = ", ".join(f"{count} rows of {table}" for table, count in sorted(report.traces.items()))
    working = ", ".join(f"{count} {what}" for what, count in report.working.items() if count)
    said = (f"what was erased: {rows}" if rows else "", f"what ended: {working}" if working else "")
    return "; ".join(each for each in said if each)


def _note(settings: Settings, failure: str | None, *, is_drill: bool) -> None:
    """Note for the alarms how a drill went."""
    if is_drill:
        note(settings, Task.DRILL, failure)


def _folder(settings: Settings, name: str | None) -> Path:
    """Return the folder of a backup: the newest where none is named."""
    place = settings.backup_dir
    if name is None:
        backups = places.list_backups(place) if place is not None else []
        if not backups:
            raise BackupError("no backup in PORTAL_BACKUP_DIR; say where one is")
        return backups[-1][0]
    beside = place / name if place is not None else None
    return beside if beside is not None and beside.is_dir() else Path(name)


def tell(report: Report) -> None:
    """Say what a restore did, without anybody's data."""
    for line in report.said:
        click.echo(line)
    made = report.manifest
    click.echo(f"backup of {made.made_at:%Y-%m-%d %H:%M} UTC: {report.schools} schools, {made.files} files")
    if report.closed:
        click.echo(f"closed: {report.closed} schools that left since are gone again")
    for what, count in report.voided.items():
        click.echo(f"void: {count} {what}")
    for kind, count in report.endings.items():
        click.echo(f"applied again: {count} {kind.value.replace('_', ' ')}")
    for line in report.left:
        click.echo(f"to do: {line}")
    for what, count in report.tried.items():
        click.echo(f"tried: {report.working[what]} of {count} {what}")


COMMANDS = (restore,)
