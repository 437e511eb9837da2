"""The subcommands for backups: backup, backup list."""

from pathlib import Path

import click

from portal.config import settings_or_exit
from portal.core.alarms.hosting_notes import Task, note
from portal.core.backups import places
from portal.core.backups.errors import BackupError
from portal.core.backups.services import make_backup
from portal.core.crypto import backup_keys
from portal.core.crypto.ciphers import KeysError

_MIB = 2**20


@click.group("backup", invoke_without_command=True)
@click.option("--to", type=click.Path(path_type=Path), help="the folder of backups; PORTAL_BACKUP_DIR where not given")
@click.option(
    "--recovered", is_flag=True, help="the database was brought back to a moment: leave out files that went since"
)
@click.pass_context
def backup(context: click.Context, to: Path | None, *, recovered: bool) -> None:
    """Make a backup of database and files, and apart from it one of the keys; clear those past their term."""
    if context.invoked_subcommand is not None:
        context.obj = to
        return
    settings = settings_or_exit()
    try:
        made = make_backup(settings, to, is_recovered=recovered)
    except (BackupError, KeysError) as error:
        note(settings, Task.BACKUP, str(error))
        raise click.ClickException(str(error)) from None
    note(settings, Task.BACKUP)
    if made.mended:
        click.echo(f"keys: {made.mended} rows of one copy were mended from the other")
    size = places.size_of(made.folder) / _MIB
    click.echo(
        f"{made.folder}: read back whole, {size:.1f} MiB with {made.manifest.files} files, "
        f"kept until {made.manifest.until:%Y-%m-%d %H:%M} UTC; {made.keys} rows of keys in two folders; "
        f"{made.cleared} old backups cleared"
    )


@backup.command("list")
@click.pass_context
def list_backups(context: click.Context) -> None:
    """List the backups in the folder, the oldest first: when, how large, until when, and whether its key is there."""
    place = context.obj or settings_or_exit().backup_dir
    if place is None:
        raise click.ClickException("PORTAL_BACKUP_DIR: a folder is wanted, or --to")
    try:
        there = {each.backup_id for each in backup_keys.list_keys() if each.is_there}
    except KeysError as error:
        raise click.ClickException(str(error)) from None
    found = places.list_backups(place)
    for folder, manifest in found:
        size, until = places.size_of(folder) / _MIB, f"{manifest.until:%Y-%m-%d}"
        state = f"until {until}" if manifest.backup_id in there else "its key was destroyed: it opens no more"
        click.echo(f"{folder.name}  {size:9.1f} MiB  {manifest.files:6} files  {state}")
    if not found:
        click.echo(f"no backups in {place}")


COMMANDS = (backup,)
