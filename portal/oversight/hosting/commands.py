"""`portal hosting register`: the register that the hosting keeps as a processor, of all schools (AVG art. 30(2))."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import click
from sqlalchemy import text

from portal.config import settings_or_exit
from portal.core.command_setup import bind_database, in_language
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.oversight.hosting.queries import register_of_school, transfers_of
from portal.schools.hosting.details import Hosting, HostingError, read_hosting

_OPEN = "not recorded yet"


@click.group("hosting")
def hosting() -> None:
    """Who runs the portal, and what it does for whom."""


@hosting.command("register")
@click.option("--json", "as_json", is_flag=True, help="as JSON, for another program")
@click.option("--language", type=click.Choice(["nl", "en"]), default="nl", help="of the policies' own words")
def register(*, as_json: bool, language: str) -> None:
    """Print the processor's register: the hosting, each controller, kinds of processing, transfers, measures.

    The hosting itself stands in the file that PORTAL_HOSTING_FILE names; what isn't in it is said so. Nobody's name is
    in it but the hosting's own.
    """
    path = settings_or_exit().hosting_file
    try:
        found = read_hosting(path) if path is not None else Hosting()
    except HostingError as error:
        raise click.ClickException(str(error)) from None
    bind_database()
    with in_school(None):
        ids: list[UUID] = [row.id for row in session.execute(text("select id from list_schools()"))]
    facts: dict[str, Any] = {
        "processor": {
            "name": found.name,
            "address": found.address,
            "email": found.email,
            "privacy_officer": found.privacy_officer,
        },
        "subprocessors": [each.model_dump() for each in found.subprocessors],
        "transfers": transfers_of(found),
        "measures": list(found.measures),
        "controllers": [],
    }
    with in_language(language):
        for school_id in ids:
            with in_school(school_id):
                facts["controllers"].append(register_of_school(found))
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=1))
        return
    for line in _lines(facts):
        click.echo(line)


def _lines(facts: dict[str, Any]) -> Iterator[str]:
    yield "register of processing by the hosting (AVG art. 30(2))"
    for name, value in facts["processor"].items():
        yield f"{name.replace('_', ' ')}: {value or _OPEN}"
    yield "subprocessors:" if facts["subprocessors"] else f"subprocessors: {_OPEN}"
    for each in facts["subprocessors"]:
        yield f"  {each['name']}: {each['does']} ({each['country']})"
    yield "transfers outside the EEA:" if facts["transfers"] else "transfers outside the EEA: none"
    for each in facts["transfers"]:
        yield f"  {each['name']} ({each['country']}): {each['safeguard'] or _OPEN}"
    yield "measures:" if facts["measures"] else f"measures: {_OPEN}"
    yield from (f"  {each}" for each in facts["measures"])
    for entry in facts["controllers"]:
        yield from _lines_of_school(entry)


def _lines_of_school(entry: dict[str, Any]) -> Iterator[str]:
    controller = entry["controller"]
    contact = ", ".join(each for each in (controller["address"], controller["email"]) if each)
    yield f"controller {entry['school']}: {controller['name']}, {contact or _OPEN}"
    yield f"  privacy officer: {'named, to be reached there' if controller['has_privacy_officer'] else _OPEN}"
    yield f"  agreement signed on: {entry['agreement_signed_on'] or _OPEN}"
    for each in entry["processing"]:
        yield f"  {each['purpose']}: {', '.join(each['categories']) or '-'}"


COMMANDS = (hosting,)
