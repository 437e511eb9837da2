"""`portal policy check` and `portal policy publish`."""

from pathlib import Path

import click

from portal.core.access import PORTAL
from portal.core.errors import Conflict
from portal.core.shell import at_school
from portal.policy.queries import known_fields
from portal.policy.schema import Policy, PolicyMistakes, read_policy_file
from portal.policy.services import publish_policy

FILE = click.Path(path_type=Path)


@click.group("policy")
def policy() -> None:
    """What a school promises, as a file."""


def checked(path: Path) -> Policy:
    """Return the policy in a file; prints every mistake to stderr and ends the command with code 1."""
    try:
        return read_policy_file(path, known_fields())
    except PolicyMistakes as mistakes:
        for mistake in mistakes.mistakes:
            click.echo(mistake, err=True)
        raise SystemExit(1) from None


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


def why_not_published(file: Path, conflict: Conflict) -> str:
    """Return in a line why a policy file can't be put in force now."""
    if conflict.code == "policy_version_taken":
        version = conflict.facts["version"]
        return f'{file.name}: version: "{version}" was published with another text; a new version is wanted'
    day = conflict.facts["in_force_on"]
    return f"{file.name}: in_force_on: {day} lies ahead; publish the file on that day"


COMMANDS = [policy]
