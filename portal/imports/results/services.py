"""What a list of results would do, for whoever brings it in: within her own reach, not the portal's; and what is said
of it in the audit, as of single results.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_

from portal.core import audit
from portal.core.clock import now, today
from portal.core.db.bulk import in_parts
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.imports.mappings.services import sheets_of
from portal.imports.models import ImportRun, Subject
from portal.imports.plans import Person, Plan
from portal.imports.plans.services import (
    Progress,
    plan_of,
    read_records,
    rules_of,
    silent,
    skipped_sheets,
)
from portal.imports.plans.snapshot import take_snapshot
from portal.imports.results.choices import skill_in
from portal.imports.results.findings import ForAll, Reader
from portal.imports.results.plan import ResultRules, make_results_plan
from portal.imports.results.queries import get_actor_of, list_member_ids
from portal.imports.workbooks.workbook import Workbook
from portal.learners.record.fields import as_text
from portal.policy.queries import current_policy
from portal.progress.models import LevelSource
from portal.schools.queries import current_school

_BORN = "learner.birth_date"


def plan_for(
    run: ImportRun, workbook: Workbook, scope: Scope, *, lock: bool = False, progress: Progress = silent
) -> Plan:
    """Work out what a workbook would do: of learners within this scope, of results within that of who brought it in."""
    if run.subject is Subject.LEARNERS:
        return plan_of(run, workbook, scope, lock=lock, progress=progress)
    by = get_actor_of(run)
    sheets = [sheet for sheet in sheets_of(run) if sheet.is_used]
    skipped = skipped_sheets(workbook, sheets)
    records = read_records(workbook, sheets, progress, skipped=skipped)
    if "birth" not in by.sees:  # else she could find a date out by trying
        for record in records:
            record.values.pop(_BORN, None)
    snapshot = take_snapshot(records, rules_of(run), by.scope, lock=lock)
    for_all = for_all_of(run)
    has_sublevels = current_school().uses_sublevels
    readers = {
        sheet.name: Reader(sheet.labels_by_target, for_all, today(), has_sublevels, sheet.name) for sheet in sheets
    }
    plan = make_results_plan(records, snapshot, _rules(run, by), readers=readers)
    plan.skipped = skipped
    return plan


def _rules(run: ImportRun, by: Actor) -> ResultRules:
    policy, group = current_policy(), run.options.get("group")
    return ResultRules(
        by=by,
        moment=now(),
        kept=frozenset(feature for feature in ("levels", "exams") if policy.feature(feature)),
        members=list_member_ids(UUID(group), by.scope) if group else frozenset(),
        decisions=run.decisions,
    )


def for_all_of(run: ImportRun) -> ForAll:
    """Return what goes for all rows of a run that don't say it themselves."""
    skill, day = run.options.get("skill"), run.options.get("day")
    return ForAll(
        test=LevelSource(run.options.get("test") or LevelSource.TEST),
        skill=skill_in(skill) if skill else None,
        day=date.fromisoformat(day) if day else None,
    )


def log_results(run: ImportRun, people: Iterable[Person], by: Actor) -> None:
    """Write in the audit of whom results were stored, and what one says that stood there otherwise."""
    changes = {
        person.learner_id: {
            f"{kind}.{name}": (as_text(old), as_text(entry.values[name]))
            for kind in ("level", "exam_result")
            for entry in person.of(kind)
            for name, old in entry.before.items()
            if not name.startswith(("entered_", "replaced"))
        }
        for person in people
    }
    for part in in_parts(changes):
        audit.record(
            "imports.results_stored",
            subject=("import_run", run.id),
            changes_of={learner_id: changes[learner_id] for learner_id in part},
            by=by,
        )


def log_results_undone(run: ImportRun, learner_ids: Iterable[UUID], by: Actor) -> None:
    """Write in the audit of whom results were taken back."""
    for part in in_parts(learner_ids):
        audit.record("imports.results_undone", learner_ids=part, subject=("import_run", run.id), by=by)


def changes_results(event: Any) -> ColumnElement[bool]:
    """Say of the name of an audit event whether it tells that somebody's levels or results are no longer as stored."""
    entered, corrected = event.startswith("progress."), event.startswith("learners.correction_")
    stored = event.in_(("imports.entries_stored", "imports.results_stored", "learners.finding_contested"))
    return or_(entered, corrected, stored)
