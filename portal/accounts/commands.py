"""`portal school add`: a school from its policy file, its first manager invited; `portal policy explain` with roles."""

from pathlib import Path

import click

from portal.accounts.labels import ROLES
from portal.accounts.members.services import invite_first_manager
from portal.core.command_setup import bind_database, in_language
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.errors import Conflict, Invalid, Refusal
from portal.core.http.access import PORTAL
from portal.policy.explanation.chapters import explain
from portal.policy.file_arguments import FILE, LANGUAGE, checked, why_not_published
from portal.policy.services import publish_policy
from portal.schools.services import add_school

_WANTED = {
    "not_a_slug": "SLUG: small letters and digits are wanted, with hyphens between, at most 60",
    "not_a_host": "--host: a host name such as portaal.school.nl is wanted",
    "slug_taken": "SLUG: another school has it",
    "host_taken": "--host: a school answers there already",
}


@click.group("school")
def school() -> None:
    """Schools of this hosting."""


@school.command("add")
@click.argument("slug")
@click.option("--name", required=True, help="the school's name")
@click.option("--policy", "file", type=FILE, required=True, help="its policy file")
@click.option("--manager", "email", required=True, help="e-mail address of its first manager, who is invited")
@click.option("--manager-name", default="", help="her name; the address's first part unless given")
@click.option("--host", "hosts", multiple=True, help="where it answers; SLUG.localhost unless given")
def add(*, slug: str, name: str, file: Path, email: str, manager_name: str, hosts: tuple[str, ...]) -> None:
    """Add a school with its policy, and invite its first manager."""
    checked(file)
    bind_database()
    try:
        with in_school(new_id()):
            added = add_school(slug, name, hosts=list(hosts) or [f"{slug}.localhost"], by=PORTAL)
            publish_policy(file.read_text("utf-8"), by=PORTAL, name=file.name)
            invite_first_manager(manager_name or email.partition("@")[0], email, by=PORTAL)
            click.echo(f"{added.slug}: added; an invitation goes to {email}")
    except Refusal as refusal:
        raise click.ClickException(_why(file, refusal)) from None


def _why(file: Path, refusal: Refusal) -> str:
    if refusal.code in _WANTED:
        return _WANTED[refusal.code]
    if isinstance(refusal, Conflict):
        return why_not_published(file, refusal)
    if isinstance(refusal, Invalid) and refusal.field == "email":
        return "--manager: an e-mail address is wanted"
    return f"{refusal.code} {refusal.facts or ''}".rstrip()


@click.group("policy")
def policy() -> None:
    """What a school promises, as a file."""


@policy.command("explain")
@LANGUAGE
@click.argument("file", type=FILE)
def explain_command(file: Path, language: str) -> None:
    """Tell in sentences what the portal does by a policy file: who sees what, terms, recipients, and what is open."""
    found = checked(file)
    with in_language(language):
        for chapter in explain(found, language=language, roles=ROLES):
            click.echo("\n".join([chapter.heading, *(f"  {sentence}" for sentence in chapter.sentences), ""]))


COMMANDS = [school, policy]
