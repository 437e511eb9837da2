"""The `portal` command; each feature brings its own subcommands."""

import importlib
import logging
import sys
from importlib.util import find_spec

import click

from portal.app import modules
from portal.config import settings_or_exit
from portal.core import keystore, migrating
from portal.core.errors import Refusal


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def portal() -> None:
    """Inzage: registers, progress and personal data of a language school, kept as promised."""


@portal.command()
def migrate() -> None:
    """Make or bring up to date tables, roles, policies and the keys' store."""
    settings = settings_or_exit()
    if settings.migrate_database_url is None:
        raise click.ClickException("PORTAL_MIGRATE_DATABASE_URL: the URL of the tables' owner is wanted")
    migrating.migrate(settings.migrate_database_url, settings.database_url)
    keystore.prepare(settings.migrate_keys_url or settings.keys_url, settings.keys_url)
    click.echo("migrated")


def _load() -> None:
    for module in modules("commands"):
        for command in module.COMMANDS:
            portal.add_command(command)
    if find_spec("portal.core.commands") is not None:
        for command in importlib.import_module("portal.core.commands").COMMANDS:
            portal.add_command(command)


def main() -> None:
    """Run the command; errors go to stderr in one line, and the exit code is 0 only when all was done."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    _load()
    try:
        portal(standalone_mode=False)
    except click.ClickException as error:
        print(f"portal: {error.format_message()}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except click.exceptions.Exit as error:
        raise SystemExit(error.exit_code) from None
    except click.Abort:
        raise SystemExit(130) from None
    except Refusal as refusal:
        print(f"portal: {refusal.code} {refusal.facts or ''}".rstrip(), file=sys.stderr)
        raise SystemExit(1) from None
