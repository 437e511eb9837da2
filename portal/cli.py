"""The `portal` command; each feature brings its own subcommands.

What only some commands need is loaded by them: each process that serves pages loads this module too.
"""

import logging
import os
import sys
from functools import partial

import click

from portal import wiring
from portal.app import create_app
from portal.config import settings_or_exit
from portal.core import logs
from portal.core.backups.services import note_finished
from portal.core.command_setup import bind_database
from portal.core.crypto import key_store
from portal.core.crypto.ciphers import KeysError
from portal.core.db import migrations
from portal.core.db import session as database
from portal.core.db.row_security import NeedsSuperuser
from portal.core.errors import Refusal
from portal.core.garbage import pass_over_what_stays
from portal.web import server


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def portal() -> None:
    """Inzage: registers, progress and personal data of a language school, kept as promised."""


@portal.command()
def migrate() -> None:
    """Make or bring up to date tables, roles, policies and the keys' store."""
    settings = settings_or_exit()
    if settings.migrate_database_url is None:
        raise click.ClickException("PORTAL_MIGRATE_DATABASE_URL: the URL of the tables' owner is wanted")
    try:
        migrations.migrate(settings.migrate_database_url, settings.database_url, settings.backup_database_url)
    except NeedsSuperuser as refusal:
        raise click.ClickException(str(refusal)) from None
    key_store.prepare(settings)
    if settings.backup_dir is not None and (noted := note_finished(settings.backup_dir)):
        click.echo(f"{noted} backups of an earlier release are noted as finished")
    click.echo("migrated")


@portal.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="the address to listen at")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--processes", default=2, show_default=True, type=click.IntRange(1, 64), help="how many answer requests")
@click.option(
    "--threads", default=4, envvar="PORTAL_THREADS", show_default=True, type=click.IntRange(1, 64), help="each process"
)
@click.option("--operator-host", default="127.0.0.1", show_default=True, help="where /gezond and /metrics answer")
@click.option(
    "--access-log/--no-access-log",
    default=True,
    envvar="PORTAL_ACCESS_LOG",
    help="a line for each request, without ids or addresses",
)
def serve(*, host: str, port: int, processes: int, threads: int, operator_host: str, access_log: bool) -> None:
    """Answer requests until TERM, which lets those in hand finish."""
    logs.install()
    bind_database()
    _check_master_key()
    database.engine().dispose()
    settings = settings_or_exit()
    try:
        listener = server.listen(host, port)
    except OSError as error:
        raise click.ClickException(f"port {port} at {host}: {error.strerror}") from None
    if settings.operator_port:
        from portal.core.metrics import serve_operator

        try:
            serve_operator(settings, operator_host, settings.operator_port)
        except OSError as error:
            raise click.ClickException(f"PORTAL_OPERATOR_PORT: {settings.operator_port} {error.strerror}") from None
    from portal.core.alarms.clocks import tell_always

    tell_always(settings, "web")
    os.environ.update(PORTAL_THREADS=str(threads), PORTAL_ACCESS_LOG=str(access_log))  # for the processes
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")  # to glibc: no heap for each thread, of which most is air
    if not server.run("portal.app:asgi_app", listener, processes=processes):
        raise click.ClickException("the web server could not start")


@portal.command()
@click.option("--processes", default=2, show_default=True, type=click.IntRange(1, 64), help="how many do jobs")
def worker(processes: int) -> None:
    """Do jobs, and see to it that none is lost, until TERM."""
    from portal.core.alarms.services import watch
    from portal.core.alarms.sources import Sources
    from portal.core.jobs.worker import run_worker

    logs.install()
    bind_database()
    _check_master_key()
    run_worker(create_app().app_context, processes, partial(watch, Sources(settings_or_exit())))


@portal.command()
def schedule() -> None:
    """Tick the sweep and what is due through RQ's cron; the worker does so by itself, this makes doubly sure."""
    from portal.core.jobs.worker import run_schedule

    logs.install()
    bind_database()
    run_schedule()


def _check_master_key() -> None:
    """End the command where the keys of the schools were wrapped with another master key."""
    try:
        key_store.store().check_master()
    except KeysError as error:
        raise click.ClickException(str(error)) from None
    finally:
        key_store.forget()


def _add(command: click.Command) -> None:
    """Add a feature's command; groups of the same name from several features become one."""
    there = portal.commands.get(command.name or "")
    if isinstance(there, click.Group) and isinstance(command, click.Group):
        for part in command.commands.values():
            there.add_command(part)
    else:
        portal.add_command(command)


def _load() -> None:
    for command in wiring.COMMANDS:
        _add(command)


def main() -> None:
    """Run the command; errors go to stderr in one line, and the exit code is 0 only when all was done."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    _load()
    pass_over_what_stays()  # a backup or a restore makes millions of objects
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
