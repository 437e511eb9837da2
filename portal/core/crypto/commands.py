"""The key store's own subcommands: keys verify."""

import click

from portal.config import settings_or_exit
from portal.core.crypto import key_store
from portal.core.crypto.ciphers import KeysError
from portal.core.crypto.comparison import compare


class _Unclear(click.ClickException):
    """The copies can't be compared, so nothing is said of them."""

    exit_code = 2


@click.group()
def keys() -> None:
    """The keys, in their two copies."""


@keys.command("verify")
@click.option("--heal", is_flag=True, help="store in a copy what it lacks and the other has whole")
def verify_keys(heal: bool) -> None:
    """Compare both copies row by row: exit 0 when they are alike and whole, 1 when not, 2 when that can't be said."""
    settings_or_exit()
    try:
        found = compare(key_store.store(), mend=heal)
    except KeysError as error:
        raise _Unclear(str(error)) from None
    for difference in found.differences:
        click.echo(f"{difference}{'; mended' if heal and difference.good is not None else ''}")
    counted = ", ".join(f"{count} rows of {table}" for table, count in sorted(found.rows.items())) or "no rows"
    left = len(found.differences) - found.mended
    if left:
        hint = "" if heal else "; `portal keys verify --heal` mends what the other copy has whole"
        raise click.ClickException(f"{counted}; {left} differ{hint}")
    click.echo(f"{counted}: both copies are alike and whole{f', {found.mended} mended' if found.mended else ''}")


COMMANDS = (keys,)
