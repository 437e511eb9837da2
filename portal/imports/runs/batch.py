"""A workbook brought in at one go, as the shell does it: proposed columns, no questions, all or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.imports.mappings.columns import SheetColumns
from portal.imports.mappings.services import remember_columns
from portal.imports.plans import Plan
from portal.imports.plans.services import Progress, plan_of, silent
from portal.imports.previews.services import LASTING, keep_pages
from portal.imports.runs.inspection import proposed
from portal.imports.runs.storage import store_plan
from portal.imports.runs.uploads import new_run
from portal.imports.workbooks.workbook import open_workbook
from portal.learners.trajectories.models import Act


@dataclass(frozen=True)
class BroughtIn:
    """What a workbook did, or would do; `skipped` are the sheets that hold no learners."""

    plan: Plan
    sheets: list[SheetColumns]
    skipped: list[str]
    is_stored: bool


def bring_in(
    data: bytes,
    name: str,
    *,
    act: Act | None,
    grounds: Mapping[str, str],
    overwrites: bool = False,
    is_trial: bool,
    by: Actor,
    progress: Progress = silent,
) -> BroughtIn:
    """Store a workbook's accepted rows, or with `is_trial` only say what would be; raises Invalid for the file.

    What a learner changed herself stays, unless the sheet `overwrites` it. `progress(done, total)` is called now and
    then: with the rows read so far, then with the people stored.
    """
    workbook = open_workbook(data, name)
    sheets = proposed(workbook)
    run = new_run(name, by=by)
    run.sheets = [sheet.as_json() for sheet in sheets]
    run.options = {"act": act.value if act else None, "grounds": dict(grounds), "overwrites": overwrites}
    plan = plan_of(run, workbook, by.scope, lock=not is_trial, progress=progress)
    used = {sheet.name for sheet in sheets if sheet.is_used}
    skipped = [sheet.name for sheet in workbook.sheets if sheet.name not in used]
    if not is_trial:
        session.add(run)
        session.flush()
        store_plan(run, plan, progress, by=by)
        keep_pages(run, plan, workbook, LASTING)
        remember_columns(sheets)
    return BroughtIn(plan, sheets, skipped, is_stored=not is_trial)
