"""From a workbook and its columns to the plan of what it would do."""

from collections.abc import Callable, Sequence

from portal.core.clock import today
from portal.core.http.scope import Scope
from portal.imports.mappings.columns import SheetColumns
from portal.imports.mappings.services import sheets_of
from portal.imports.models import ImportRun
from portal.imports.plans import Plan, Rules, make_plan
from portal.imports.plans.snapshot import take_snapshot
from portal.imports.workbooks.container import refusal
from portal.imports.workbooks.records import Record, records_of
from portal.imports.workbooks.workbook import Workbook
from portal.learners.trajectories.models import Act
from portal.policy.queries import current_policy

MOST_RECORDS = 20_000
Progress = Callable[[int, int | None], None]


def silent(_done: int, _total: int | None = None) -> None:
    """Tell nobody how far it is."""


def rules_of(run: ImportRun) -> Rules:
    """Return the policy in force with the choices of a run."""
    act = run.options.get("act")
    return Rules(
        policy=current_policy(),
        today=today(),
        act=Act(act) if act else None,
        grounds=run.options.get("grounds", {}),
        decisions=run.decisions,
        overwrites=bool(run.options.get("overwrites")),
    )


def plan_of(
    run: ImportRun, workbook: Workbook, scope: Scope, *, lock: bool = False, progress: Progress = silent
) -> Plan:
    """Work out what a workbook would do within a scope; `lock` holds the learners it is about until the commit."""
    sheets = [sheet for sheet in sheets_of(run) if sheet.is_used]
    records = read_records(workbook, sheets, progress)
    rules = rules_of(run)
    snapshot = take_snapshot(records, rules, scope, lock=lock)
    labels = {sheet.name: sheet.labels_by_target for sheet in sheets}
    return make_plan(records, snapshot, rules, labels=labels)


def read_records(workbook: Workbook, sheets: Sequence[SheetColumns], progress: Progress = silent) -> list[Record]:
    """Return the records of all sheets in their order; raises Invalid("too_many_rows")."""
    by_name = {sheet.name: sheet for sheet in workbook.sheets}
    records: list[Record] = []
    for sheet in sheets:
        for record in records_of(by_name[sheet.name], sheet.columns, today=today()):
            records.append(record)
            if len(records) % 500 == 0:
                progress(len(records), None)
            if len(records) > MOST_RECORDS:
                raise refusal("too_many_rows", most=MOST_RECORDS)
    return records
