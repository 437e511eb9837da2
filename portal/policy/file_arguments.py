"""What commands that are given a policy file share: reading it, and saying in a line why it can't be used."""

from pathlib import Path

import click

from portal.core.errors import Conflict
from portal.core.http.languages import DEFAULT, LANGUAGES
from portal.policy.queries import known_fields
from portal.policy.schema import Policy, PolicyMistakes, read_policy_file

FILE = click.Path(path_type=Path)
LANGUAGE = click.option(
    "--language", type=click.Choice(list(LANGUAGES)), default=DEFAULT, show_default=True, help="of its sentences"
)


def checked(path: Path) -> Policy:
    """Return the policy in a file; prints every mistake to stderr and ends the command with code 1."""
    try:
        return read_policy_file(path, known_fields())
    except PolicyMistakes as mistakes:
        for mistake in mistakes.mistakes:
            click.echo(mistake, err=True)
        raise SystemExit(1) from None


def why_not_published(file: Path, conflict: Conflict) -> str:
    """Return in a line why a policy file can't be put in force now."""
    if conflict.code == "policy_version_taken":
        version = conflict.facts["version"]
        return f'{file.name}: version: "{version}" is published and says something else; a new version is wanted'
    if conflict.code == "notice_first":
        return f"{file.name}: an important change, of which people are told before it holds; name its day with --on"
    if conflict.code == "announced_already":
        return f"version {conflict.facts['version']} is announced and waits for its day; take that back first"
    if conflict.code == "day_not_ahead":
        return "--on: a day ahead is wanted"
    day = conflict.facts["in_force_on"]
    return f"{file.name}: in_force_on: {day} lies ahead; publish the file on that day, or announce it with --on"
