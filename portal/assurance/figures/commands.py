"""`portal evidence`: what *Bewijs* shows, for other programs."""

import json
from typing import Any

import click

from portal.assurance.figures.presenters import FigureState, state_of, state_of_promise
from portal.assurance.figures.queries import Attestation, Evidence, PromiseEvidence, list_evidence
from portal.core.command_setup import at_school
from portal.core.errors import NotFound
from portal.policy.queries import current_policy


@click.command("evidence")
@click.option("--school", "slug", required=True, help="the school's slug")
@click.option("--json", "as_json", is_flag=True, help="as JSON, instead of a line for each figure")
def evidence(*, slug: str, as_json: bool) -> None:
    """Print each promise of a school with its figures, as the worker counted them last.

    It names nobody but who signed for what can't be measured.
    """
    with at_school(slug):
        try:
            found, version = list_evidence(), current_policy().version
        except NotFound:
            raise click.ClickException(f"{slug}: has no policy in force, so no promises") from None
    promises = [_promise(each) for each in found]
    if as_json:
        click.echo(json.dumps({"school": slug, "policy": version, "promises": promises}, indent=1))
        return
    for each in promises:
        for figure in each["figures"]:
            subject = f" {figure['subject']}" if figure["subject"] else ""
            click.echo(f"{each['promise']} {figure['figure']}{subject}: {_said(figure)}")


def _promise(promise: PromiseEvidence) -> dict[str, Any]:
    """Describe a promise; `kept` is null where no count says it: `state` says why."""
    state = state_of_promise(promise)
    return {
        "promise": promise.promise,
        "state": state.value,
        "kept": {FigureState.KEPT: True, FigureState.RED: False}.get(state),
        "figures": [_described(figure) for figure in promise.evidence],
    }


def _described(figure: Evidence) -> dict[str, Any]:
    count, moment = figure.count, figure.checked_at
    return {
        "figure": figure.figure.key.value,
        "subject": figure.figure.subject,
        "state": state_of(figure).value,
        "good": count.good if count is not None else None,
        "total": count.total if count is not None else None,
        "checked_at": moment.isoformat() if moment is not None else None,
        **({"attested": _signed(figure.attestation)} if figure.is_attested else {}),
    }


def _signed(attestation: Attestation | None) -> dict[str, str | None] | None:
    if attestation is None:
        return None
    return {"by": attestation.signed_by or None, "at": attestation.signed_at.isoformat()}


def _said(figure: dict[str, Any]) -> str:
    if figure["total"] is None:
        return str(figure["state"])
    signed = figure.get("attested")
    by = f", signed by {signed['by'] or 'somebody erased'} at {signed['at']}" if signed else ""
    return f"{figure['state']}, {figure['good']} of {figure['total']}{by}"


COMMANDS: tuple[click.Command, ...] = (evidence,)
