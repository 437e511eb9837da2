"""`portal school list`. Adding one invites its manager, so that stands with accounts, under the same name."""

import click

from portal.core.command_setup import bind_database
from portal.core.db.scope import in_school
from portal.schools.queries import list_schools


@click.group("school")
def school() -> None:
    """Schools of this hosting."""


@school.command("list")
def list_command() -> None:
    """List the schools: slug, name and host, a line each."""
    bind_database()
    with in_school(None):
        for line in list_schools():
            click.echo(f"{line.slug}\t{line.name}\t{line.host or '-'}")


COMMANDS = [school]
