"""`portal policy new`, `check` and `publish`. Explaining one names roles, so that stands with accounts."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import click

from portal.core.clock import today
from portal.core.command_setup import at_school, in_language
from portal.core.errors import Conflict, NotFound
from portal.core.http.access import PORTAL
from portal.policy.announcements.services import announce_policy
from portal.policy.drafts import draft_policy, file_name
from portal.policy.file_arguments import FILE, LANGUAGE, checked, why_not_published
from portal.policy.queries import current_policy
from portal.policy.schema import Policy
from portal.policy.schema.comparison import compare
from portal.policy.services import publish_policy

_LONGEST_NAME = 120


@click.group("policy")
def policy() -> None:
    """What a school promises, as a file."""


@policy.command("new")
@click.option("--output", type=FILE, help="where to write it; the name as a file name, here, unless given")
@LANGUAGE
@click.argument("name")
def new(name: str, output: Path | None, language: str) -> None:
    """Write a first policy file for the school of this NAME: choices with a sound default, and questions."""
    if not name.strip() or not name.isprintable() or len(name) > _LONGEST_NAME:
        raise click.ClickException(f"NAME: the school's name is wanted, at most {_LONGEST_NAME} characters in a line")
    path = output or Path(file_name(name))
    with in_language(language):
        text = draft_policy(name.strip(), day=today(), language=language)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise click.ClickException(f"{path}: is there already; move it away, or choose another with --output") from None
    except OSError as error:
        raise click.ClickException(f"{path}: can't be written: {error.strerror}") from None
    click.echo(f"{path}: written; answer its questions, then look at it with portal policy explain {path}")


@policy.command("check")
@click.option("--school", "slug", help="also say what differs from the version in force at this school")
@click.option("--whole", is_flag=True, help="print the whole that the file means on the base, as JSON")
@click.argument("file", type=FILE)
def check(slug: str | None, whole: bool, file: Path) -> None:
    """Check a policy file: each mistake in a line, with where it is and what is wanted."""
    found = checked(file)
    if whole:
        click.echo(json.dumps(found.model_dump(mode="json", exclude_none=True), ensure_ascii=False, indent=1))
        return
    counts = f"{len(found.categories)} categories, {len(found.purposes)} purposes, {len(found.recipients)} recipients"
    day = f"in force {found.in_force_on.isoformat()}" if found.in_force_on is not None else "without a date"
    click.echo(f"{file.name}: version {found.version}, {day}: {counts}")
    if slug is not None:
        with at_school(slug):
            for line in _differences_from_current(found):
                click.echo(line)


@policy.command("publish")
@click.option("--school", "slug", required=True, help="the school's slug")
@click.option("--important", is_flag=True, help="people must hear of this change")
@click.option("--summary", help="what changed, in a sentence for learners")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="announce it for this day, instead of at once")
@click.argument("file", type=FILE)
def publish(*, slug: str, important: bool, summary: str | None, day: datetime | None, file: Path) -> None:
    """Put a policy file in force at a school, at once or on a day, and say what differs from the version before."""
    found = checked(file)
    with at_school(slug):
        differences = list(_differences_from_current(found))
        try:
            said = _bring(file, important=important, summary=summary, day=day.date() if day is not None else None)
        except NotFound:
            raise click.ClickException(f"{slug}: has no version yet that could change; leave --on out") from None
        except Conflict as conflict:
            raise click.ClickException(why_not_published(file, conflict)) from None
        for line in differences:
            click.echo(line)
        click.echo(f"{slug}: {said}")


def _bring(file: Path, *, important: bool, summary: str | None, day: date | None) -> str:
    """Announce the policy in a file for a day, or put it in force at once; return what came of it."""
    text = file.read_text("utf-8")
    if day is None:
        version = publish_policy(text, by=PORTAL, name=file.name, is_important=important, summary=summary)
        return f"version {version.version} is in force"
    row = announce_policy(text, in_force_on=day, by=PORTAL, name=file.name, important=important, summary=summary)
    kind = "important, so that everybody hears of it first" if row.is_important else "minor"
    return f"version {row.version} is announced for {row.in_force_on.isoformat()}; its change is {kind}"


def _differences_from_current(newer: Policy) -> Iterator[str]:
    """Yield a line for each value that a policy has otherwise than the one in force at the school in scope, if any."""
    try:
        older = current_policy()
    except NotFound:
        return
    yield f"compared with version {older.version}:"
    yield from (f"  {change}" for change in compare(older, newer))


COMMANDS = [policy]
