"""`portal school close`: hands over a school's data, and in a second step destroys it; `portal school certificate`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from redis import RedisError

from portal.config import Settings, settings_or_exit
from portal.core.alarms.hosting_notes import Task, note
from portal.core.backups.errors import BackupError
from portal.core.command_setup import bind_database
from portal.core.crypto.ciphers import KeysError
from portal.schools.departures.certificates import is_ours
from portal.schools.departures.folders import HandOverError
from portal.schools.departures.older_backups import end_older_backups
from portal.schools.departures.services import destroy, hand_over, why_not

_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False)
_THERE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.group("school")
def school() -> None:
    """Schools of this hosting."""


@school.command("close")
@click.argument("slug")
@click.option("--hand-over", "folder", type=_FOLDER, help="a new folder for all of the school's data, in open forms")
@click.option("--destroy", "destroys", is_flag=True, help="destroy its keys, rows and files, for good")
@click.option("--end-older-backups", "ends", is_flag=True, help="make a backup without it, then end all older ones")
@click.option("--certificate", type=_FILE, help="where the certificate of that is written")
@click.option("--despite", default="", metavar="REASON", help="also while requests, complaints or incidents are open")
def close(
    *, slug: str, folder: Path | None, destroys: bool, ends: bool, certificate: Path | None, despite: str
) -> None:
    """Let a school leave, in two steps: --hand-over PATH, then --destroy --certificate PATH.

    The first writes a folder with everything and reads it back; the school goes on. The second asks for the school's
    name once more, closes its addresses and destroys everything. Where that is cut off, say the same again.

    --end-older-backups, with --destroy or after it, makes a backup of the hosting without the school, and once that is
    read back destroys the keys of all older backups, of every school. Without it they stay until their term.
    """
    settings = settings_or_exit()
    bind_database()
    with _told():
        if folder is not None and not (destroys or ends):
            made = hand_over(settings, slug, folder)
            click.echo(f"{slug}: {sum(made.rows.values())} rows of {len(made.rows)} tables and {made.files} files in")
            click.echo(f"{folder}, read back; digest {made.digest}")
        elif folder is None and (destroys or ends) and certificate is not None:
            _end(settings, slug, certificate, despite.strip() if destroys else None, ends=ends)
        else:
            raise click.UsageError("say --hand-over PATH, or --destroy and --end-older-backups with --certificate PATH")


@school.command("certificate")
@click.argument("file", type=_THERE)
def certificate_command(file: Path) -> None:
    """Say whether a file is, to the letter, a certificate of destruction that this hosting made: exit 1 where not."""
    settings_or_exit()
    with _told():
        if not is_ours(file.read_text("utf-8", errors="replace")):
            raise click.ClickException(f"{file} is no certificate of this hosting, or was altered")
    click.echo(f"{file} is a certificate of this hosting, as it was made")


def _end(settings: Settings, slug: str, certificate: Path, despite: str | None, *, ends: bool) -> None:
    """Destroy a school (unless `despite` is None), then end the older backups where that is wanted."""
    what = []
    if despite is not None:
        reason = why_not(settings, slug, despite=despite)
        if reason is not None:
            raise click.ClickException(f"{slug}: {reason}")
        what.append(f"All data of {slug} will be destroyed for good.")
    if ends:
        what.append("All backups that there are, of every school, will open no more once a new one stands.")
    typed = click.prompt(f"{' '.join(what)} Type the school's name ({slug}) to go on")
    if typed.strip() != slug:
        raise click.ClickException("another name was typed: nothing was destroyed")
    if despite is not None:
        click.echo(destroy(settings, slug, certificate, despite=despite))
        click.echo("restart `portal serve` and `portal worker`: they held the school's key in memory until now")
    if ends:
        _end_older_backups(settings, slug, certificate)
    else:
        click.echo(
            f"older backups stay until their term; `portal school close {slug} --end-older-backups` ends them now"
        )


def _end_older_backups(settings: Settings, slug: str, certificate: Path) -> None:
    try:
        said = end_older_backups(settings, slug, certificate)
    except BackupError as error:
        note(settings, Task.BACKUP, str(error))
        raise click.ClickException(f"{error}; say --end-older-backups again once that is mended") from None
    note(settings, Task.BACKUP)
    click.echo(said)


@contextmanager
def _told() -> Iterator[None]:
    """Say in one line what stops a command."""
    try:
        yield
    except (HandOverError, KeysError, OSError) as error:
        raise click.ClickException(str(error)) from None
    except RedisError:
        raise click.ClickException("REDIS_URL can't be reached: say the same again once it can") from None


COMMANDS = [school]
