"""`portal policy check` and `portal policy publish`."""

from pathlib import Path

import click

from portal.core.command_setup import at_school
from portal.core.errors import Conflict
from portal.core.http.access import PORTAL
from portal.policy.file_arguments import FILE, checked, why_not_published
from portal.policy.services import publish_policy


@click.group("policy")
def policy() -> None:
    """What a school promises, as a file."""


@policy.command("check")
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Check a policy file: each mistake in a line, with where it is and what is wanted."""
    found = checked(file)
    counts = f"{len(found.categories)} categories, {len(found.purposes)} purposes, {len(found.recipients)} recipients"
    click.echo(f"{file.name}: version {found.version}, in force {found.in_force_on.isoformat()}: {counts}")


@policy.command("publish")
@click.option("--school", "slug", required=True, help="the school's slug")
@click.option("--important", is_flag=True, help="people must hear of this change")
@click.option("--summary", help="what changed, in a sentence for learners")
@click.argument("file", type=FILE)
def publish(slug: str, important: bool, summary: str | None, file: Path) -> None:
    """Put a policy file in force at a school."""
    checked(file)
    with at_school(slug):
        try:
            version = publish_policy(
                file.read_text("utf-8"), by=PORTAL, name=file.name, is_important=important, summary=summary
            )
        except Conflict as conflict:
            raise click.ClickException(why_not_published(file, conflict)) from None
        click.echo(f"{slug}: version {version.version} is in force")


COMMANDS = [policy]
