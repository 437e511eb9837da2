"""`portal import`: a school's workbook from the shell."""

import json
from pathlib import Path
from typing import Any

import click
from flask import Flask

from portal.core.command_setup import at_school
from portal.core.errors import Invalid
from portal.core.http import languages
from portal.core.http.access import PORTAL
from portal.imports.forms import SKIPPED, file_reason, note_text, reason
from portal.imports.mappings.columns import refused_columns
from portal.imports.models import Outcome
from portal.imports.runs.batch import BroughtIn, bring_in
from portal.imports.workbooks.container import MAX_BYTES, refusal
from portal.imports.workbooks.records import Problem, Record, Skipped
from portal.imports.workbooks.targets import LEARNER_TARGETS, TARGETS
from portal.learners.conditions.queries import category_name
from portal.learners.trajectories.models import Act
from portal.policy.queries import current_policy

_LISTED = 20


@click.command("import")
@click.option("--school", "slug", required=True, help="the school's slug")
@click.option("--dry-run", is_flag=True, help="only say what would be stored")
@click.option("--json", "as_json", is_flag=True, help="counts and refused rows as JSON")
@click.option("--act", type=click.Choice([act.value for act in Act]), help="for rows that name no act")
@click.option("--ground", "grounds", multiple=True, metavar="FIELD=TEXT", help="why a field may be kept (OP-04)")
@click.option("--overwrite", is_flag=True, help="let the file also replace what a learner changed herself")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_(
    *, slug: str, dry_run: bool, as_json: bool, act: str | None, grounds: tuple[str, ...], overwrite: bool, file: Path
) -> None:
    """Bring a school's own workbook in: .xlsx, .ods or .csv. Refused rows are named; the others are stored together."""
    words = Flask("portal")
    languages.install(words)
    with words.app_context(), at_school(slug):
        try:
            if file.stat().st_size > MAX_BYTES:
                raise refusal("too_large", most=MAX_BYTES // 1024 // 1024)
            done = bring_in(
                file.read_bytes(),
                file.name,
                act=Act(act) if act else None,
                grounds=_grounds(grounds),
                overwrites=overwrite,
                is_trial=dry_run,
                by=PORTAL,
                progress=_progress,
            )
        except Invalid as refused:
            raise _why_not(file, refused, as_json=as_json) from None
        told = _told(file, done)
    click.echo(json.dumps(told, ensure_ascii=False, indent=2) if as_json else _in_lines(told))


def _progress(done: int, total: int | None = None) -> None:
    """Say on the error stream how far it is: rows read, then learners stored."""
    if done:
        click.echo(f"{done} rows read" if total is None else f"{done} of {total} learners stored", err=True)


def _grounds(given: tuple[str, ...]) -> dict[str, str]:
    pairs = [each.partition("=") for each in given]
    wrong = next((field for field, _, text in pairs if field not in LEARNER_TARGETS or not text.strip()), None)
    if wrong is not None:
        raise click.ClickException(
            f'--ground "{wrong}": a field such as learner.nationality, "=" and a reason is wanted'
        )
    return {field: text.strip() for field, _, text in pairs}


def _why_not(file: Path, refused: Invalid, *, as_json: bool) -> click.ClickException:
    why = (
        file_reason(refused.code, refused.facts) if refused.field == "workbook" else reason(refused.code, refused.facts)
    )
    if as_json:
        click.echo(json.dumps({"file": file.name, "stored": False, "refusal": refused.code, "reason": why}, indent=2))
    return click.ClickException(f"{file.name}: {refused.code}: {why}")


def _told(file: Path, done: BroughtIn) -> dict[str, Any]:
    policy = current_policy()
    refused = [
        _told_why(row.record, each, reason(each.code, each.facts), column=each.column)
        for row in done.plan.rows
        if row.outcome is Outcome.REFUSED
        for each in row.problems
    ]
    columns = []
    for sheet, label, target in refused_columns(done.sheets):
        field = next(each for each in TARGETS[target].fields if not policy.allows(each))
        facts = {"category": category_name(policy, field)}
        why = reason("not_in_policy", facts)
        columns.append(
            {"sheet": sheet.name, "row": sheet.last_row, "column": label, "field": field, **facts, "reason": why}
        )
    return {
        "file": file.name,
        "stored": done.is_stored,
        "counts": done.plan.counts(),
        "refused": refused,
        "refused_columns": columns,
        "kept": _kept(done),
        "notes": [
            _told_why(row.record, each, note_text(each.code, each.facts), column=each.column)
            for row in done.plan.rows
            for each in row.notes
        ],
        "left_out_columns": _left_out(done),
        "skipped_rows": [_told_why(each, each, str(SKIPPED[each.code]), text=each.text) for each in done.plan.skipped],
        "skipped_sheets": done.skipped,
    }


def _told_why(where: Record | Skipped, what: Problem | Skipped, words: str, **more: str) -> dict[str, Any]:
    return {"sheet": where.sheet, "row": where.row, **more, "code": what.code, "reason": words}


def _left_out(done: BroughtIn) -> list[dict[str, Any]]:
    """Return the columns that hold something and aren't taken over; those that count the rows are told apart."""
    return [
        {"sheet": sheet.name, "row": sheet.last_row, "column": label, "counts_rows": position in sheet.counted}
        for sheet in done.sheets
        if sheet.is_used and sheet.follows is None
        for position, label in enumerate(sheet.labels)
        if label and position not in sheet.targets and position not in sheet.refused
    ]


def _kept(done: BroughtIn) -> list[dict[str, Any]]:
    """Return what stays as the learner put it: where, which field, and since when. Not the values."""
    return [
        {"sheet": row.record.sheet, "row": row.record.row, "field": each.field, "since": each.since_on.isoformat()}
        for row in done.plan.rows
        for each in row.kept
    ]


def _in_lines(told: dict[str, Any]) -> str:
    counts = told["counts"]
    lines = [
        f"{told['file']}: {'stored' if told['stored'] else 'not stored (dry run)'}: {counts['added']} added,"
        f" {counts['changed']} changed, {counts['unchanged']} unchanged, {counts['refused']} refused"
    ]
    if told["kept"]:
        how = "--json lists them, --overwrite takes the file's"
        lines.append(f"{len(told['kept'])} values kept as the learner changed them: {how}")
    lines += [f"column {each['column']}: {each['reason']}" for each in told["refused_columns"]]
    if told["left_out_columns"]:
        names = ", ".join(each["column"] for each in told["left_out_columns"])
        lines.append(f"columns not taken over: {names}")
    for name, what in (("skipped_rows", "rows left out"), ("notes", "cells to look at")):
        if told[name]:
            lines.append(f"{len(told[name])} {what}: --json lists them")
    for each in told["refused"][:_LISTED]:
        where = " ".join(part for part in (each["sheet"], f"row {each['row']}", each["column"]) if part)
        lines.append(f"{where}: {each['reason']}")
    if len(told["refused"]) > _LISTED:
        lines.append(f"and {len(told['refused']) - _LISTED} more: --json lists them all")
    return "\n".join(lines)


COMMANDS = [import_]
