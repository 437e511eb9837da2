"""From a workbook and its columns to the plan of what it would do."""

from collections.abc import Callable, Sequence
from uuid import UUID

from portal.core.clock import today
from portal.core.http.scope import Scope
from portal.imports.mappings.columns import SheetColumns
from portal.imports.mappings.services import sheets_of
from portal.imports.models import ImportRun
from portal.imports.plans import Plan, Rules, make_plan
from portal.imports.plans.snapshot import take_snapshot
from portal.imports.workbooks.container import refusal
from portal.imports.workbooks.records import SHOWN, Record, Skipped, records_of
from portal.imports.workbooks.rows import NO_LEARNERS
from portal.imports.workbooks.tables import texts_of
from portal.imports.workbooks.workbook import Workbook
from portal.learners.trajectories.models import Act
from portal.policy.queries import current_policy
from portal.schools.queries import current_school

MOST_RECORDS = 20_000
Progress = Callable[[int, int | None], None]


def silent(_done: int, _total: int | None = None) -> None:
    """Tell nobody how far it is."""


def rules_of(run: ImportRun) -> Rules:
    """Return the policy in force with the choices of a run."""
    act, client = run.options.get("act"), run.options.get("client")
    return Rules(
        policy=current_policy(),
        today=today(),
        act=Act(act) if act else None,
        client=UUID(client) if client else None,
        grounds=run.options.get("grounds", {}),
        decisions=run.decisions,
        overwrites=bool(run.options.get("overwrites")),
    )


def plan_of(
    run: ImportRun, workbook: Workbook, scope: Scope, *, lock: bool = False, progress: Progress = silent
) -> Plan:
    """Work out what a workbook would do within a scope; `lock` holds the learners it is about until the commit."""
    sheets = [sheet for sheet in sheets_of(run) if sheet.is_used]
    skipped = skipped_sheets(workbook, sheets)
    records = read_records(workbook, sheets, progress, skipped=skipped)
    rules = rules_of(run)
    snapshot = take_snapshot(records, rules, scope, lock=lock)
    labels: dict[str, dict[str, str]] = {}
    for sheet in sheets:
        labels[sheet.name] = sheet.labels_by_target | labels.get(sheet.name, {})
    plan = make_plan(records, snapshot, rules, labels=labels)
    plan.skipped = skipped
    return plan


def skipped_sheets(workbook: Workbook, sheets: Sequence[SheetColumns]) -> list[Skipped]:
    """Return for each sheet that isn't read, and holds something, its first row that does."""
    used = {sheet.name for sheet in sheets}
    unread = (sheet for sheet in workbook.sheets if sheet.name not in used)
    filled = ((sheet, next(((at, row) for at, row in sheet.rows() if texts_of(row)), None)) for sheet in unread)
    return [
        Skipped(sheet.name, first[0], NO_LEARNERS, " · ".join(texts_of(first[1]))[:SHOWN])
        for sheet, first in filled
        if first is not None
    ]


def read_records(
    workbook: Workbook,
    sheets: Sequence[SheetColumns],
    progress: Progress = silent,
    *,
    skipped: list[Skipped] | None = None,
) -> list[Record]:
    """Return the records of all sheets in their order; `skipped` gets the rows that hold no learner.

    Raises Invalid("too_many_rows"), and Invalid("no_rows") where there is no record at all.
    """
    records: list[Record] = []
    for sheet in workbook.sheets:
        tables = [each.columns for each in sheets if each.name == sheet.name]
        if not tables:
            continue
        for record in records_of(
            sheet, *tables, today=today(), skipped=skipped, has_sublevels=current_school().uses_sublevels
        ):
            records.append(record)
            if len(records) % 500 == 0:
                progress(len(records), None)
            if len(records) > MOST_RECORDS:
                raise refusal("too_many_rows", most=MOST_RECORDS)
    if not records:
        raise refusal("no_rows")
    return records
