"""`portal evidence`: what *Bewijs* shows, for other programs."""

import json
from typing import Any

import click

from portal.assurance.figures.presenters import state_of
from portal.assurance.figures.queries import Evidence, list_evidence
from portal.core.command_setup import at_school
from portal.core.errors import NotFound
from portal.policy.queries import current_policy


@click.command("evidence")
@click.option("--school", "slug", required=True, help="the school's slug")
@click.option("--json", "as_json", is_flag=True, help="as JSON, instead of a line for each figure")
def evidence(*, slug: str, as_json: bool) -> None:
    """Print each promise of a school with its figures, as the worker counted them last. It names nobody."""
    with at_school(slug):
        try:
            found, version = list_evidence(), current_policy().version
        except NotFound:
            raise click.ClickException(f"{slug}: has no policy in force, so no promises") from None
    promises: list[dict[str, Any]] = [
        {"promise": each.promise, "kept": not each.is_red, "figures": [_described(figure) for figure in each.evidence]}
        for each in found
    ]
    if as_json:
        click.echo(json.dumps({"school": slug, "policy": version, "promises": promises}, indent=1))
        return
    for each in promises:
        for figure in each["figures"]:
            subject = f" {figure['subject']}" if figure["subject"] else ""
            click.echo(f"{each['promise']} {figure['figure']}{subject}: {_said(figure)}")


def _described(figure: Evidence) -> dict[str, Any]:
    count, moment = figure.count, figure.checked_at
    return {
        "figure": figure.figure.key.value,
        "subject": figure.figure.subject,
        "state": state_of(figure).value,
        "good": count.good if count is not None else None,
        "total": count.total if count is not None else None,
        "checked_at": moment.isoformat() if moment is not None else None,
    }


def _said(figure: dict[str, Any]) -> str:
    counted = figure["total"] is not None
    return f"{figure['state']}, {figure['good']} of {figure['total']}" if counted else str(figure["state"])


COMMANDS: tuple[click.Command, ...] = (evidence,)
