"""`portal school close`: hands over a school's data, and in a second step destroys it."""

from pathlib import Path

import click
from redis import RedisError

from portal.config import settings_or_exit
from portal.core.command_setup import bind_database
from portal.core.crypto.ciphers import KeysError
from portal.schools.departures.folders import HandOverError
from portal.schools.departures.services import destroy, hand_over, why_not

_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("school")
def school() -> None:
    """Schools of this hosting."""


@school.command("close")
@click.argument("slug")
@click.option("--hand-over", "folder", type=_FOLDER, help="a new folder for all of the school's data, in open forms")
@click.option("--destroy", "destroys", is_flag=True, help="destroy its keys, rows and files, for good")
@click.option("--certificate", type=_FILE, help="where the certificate of that is written")
@click.option("--despite", default="", metavar="REASON", help="also while requests, complaints or incidents are open")
def close(*, slug: str, folder: Path | None, destroys: bool, certificate: Path | None, despite: str) -> None:
    """Let a school leave, in two steps: --hand-over PATH, then --destroy --certificate PATH.

    The first writes a folder with everything and reads it back; the school goes on. The second asks for the school's
    name once more, closes its addresses and destroys everything. Where that is cut off, say the same again.
    """
    settings = settings_or_exit()
    bind_database()
    if (folder is None) is not destroys or (destroys and certificate is None):
        raise click.UsageError("say either --hand-over PATH, or --destroy --certificate PATH")
    try:
        if folder is not None:
            made = hand_over(settings, slug, folder)
            click.echo(f"{slug}: {sum(made.rows.values())} rows of {len(made.rows)} tables and {made.files} files in")
            click.echo(f"{folder}, read back; digest {made.digest}")
            return
        reason = why_not(settings, slug, despite=despite.strip())
        if reason is not None:
            raise click.ClickException(f"{slug}: {reason}")
        typed = click.prompt(f"All data of {slug} will be destroyed for good. Type its name ({slug}) to go on")
        if typed.strip() != slug:
            raise click.ClickException("another name was typed: nothing was destroyed")
        click.echo(destroy(settings, slug, certificate or Path(), despite=despite.strip()))
    except (HandOverError, KeysError, OSError) as error:
        raise click.ClickException(str(error)) from None
    except RedisError:
        raise click.ClickException("REDIS_URL can't be reached: say the same again once it can") from None
    click.echo("restart `portal serve` and `portal worker`: they held the school's key in memory until now")


COMMANDS = [school]
