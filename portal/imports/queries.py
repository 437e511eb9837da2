"""Reads about imports: runs, what a run would do page by page, and mappings of before."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.core import jobs
from portal.core.crypto import keys
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import Reach, Scope
from portal.core.jobs import Job
from portal.imports.mappings.columns import Remembered
from portal.imports.models import ImportMapping, ImportPage, ImportRow, ImportRun, Listing, RunState, Subject
from portal.imports.previews.queries import without_restricted
from portal.learners.record.models import Learner
from portal.learners.scope.queries import names_of_learners, reaches_learner
from portal.permissions import Permission

SAMPLES = "imports.samples"
PAGES = "imports.pages"
"""The purpose under which rows of a workbook are sealed."""


_COUNTED_AS = {Listing.KEPT: "rows_kept", Listing.NOTED: "rows_noted"}


MAY_RUN: Mapping[Subject, Permission] = {
    Subject.LEARNERS: Permission.IMPORT_RUN,
    Subject.RESULTS: Permission.RESULT_IMPORT,
}
"""Which permission it takes to bring in a workbook, by what it is about."""


def get_run(run_id: UUID, scope: Scope, *, lock: bool = False) -> ImportRun:
    """Return a run of this school as it stands now; raises NotFound.

    Without the whole school it is there only for who brought the results in herself.
    """
    found = session.get(ImportRun, (current_school_id(), run_id), populate_existing=True, with_for_update=lock)
    if found is None:
        raise NotFound("import_run")
    is_own = found.subject is Subject.RESULTS and scope.account_id in {found.started_by} - {None}
    if scope.reach is not Reach.SCHOOL and not is_own:
        raise NotFound("import_run", refused=MAY_RUN[found.subject].value)
    return found


def get_run_for(by: Actor, run_id: UUID, *, lock: bool = False, about: Subject | None = None) -> ImportRun:
    """Return a run that this person may go on with, `about` this subject alone where one is given.

    Raises NotFound, also for one about what she doesn't bring in.
    """
    by.must(Permission.RESULT_IMPORT)
    run = get_run(run_id, by.scope, lock=lock)
    if about not in {None, run.subject} or not by.may(MAY_RUN[run.subject]):
        raise NotFound("import_run", refused=MAY_RUN[run.subject].value)
    return run


# Where a run stands when the work in hand was stopped or failed: nothing of it was stored.
_BEFORE = {
    RunState.READING: RunState.REFUSED,
    RunState.CHECKING: RunState.MAPPING,
    RunState.STORING: RunState.READY,
    RunState.UNDOING: RunState.STORED,
}


def find_job(run: ImportRun) -> Job | None:
    """Return the job that a run waited for last; None when it is gone.

    The run is read anew after a job that is over: what that did by then is in it.
    """
    found = jobs.find_job(run.job_id)
    if found is None or not found.is_open:
        session.refresh(run)
    return found


def state_of(run: ImportRun, job: Job | None = None) -> RunState:
    """Return where a run stands, its job taken into account: what was stopped or failed goes back a step."""
    if run.state not in _BEFORE:
        return run.state
    job = job or find_job(run)
    if job is not None and job.is_open:
        return run.state
    return _BEFORE.get(run.state, run.state)  # the job may have ended, and moved it on, since the run was read


def list_runs(subject: Subject, scope: Scope, limit: int = 50) -> list[ImportRun]:
    """Return the school's runs about this, the latest first; without the whole school only those of her own."""
    wanted = select(ImportRun).where(ImportRun.school_id == current_school_id(), ImportRun.subject == subject)
    if scope.reach is not Reach.SCHOOL:
        wanted = wanted.where(ImportRun.started_by == scope.account_id)
    return list(session.scalars(wanted.order_by(ImportRun.started_at.desc(), ImportRun.id).limit(limit)))


def remembered() -> dict[str, Remembered]:
    """Return the mappings of before by the fingerprint of their header."""
    rows = session.scalars(select(ImportMapping))
    return {row.fingerprint: Remembered(row.targets, row.is_group, row.is_used) for row in rows}


@dataclass(frozen=True)
class PageOfRows:
    """Rows of one list, a page of them; `pages` is how many there are."""

    rows: list[dict[str, Any]]
    page: int
    pages: int
    total: int


def get_rows(run: ImportRun, listing: Listing, page: int) -> PageOfRows:
    """Return a page of rows, counted from 1, without what is restricted; an empty one where there are none."""
    of_run = (ImportPage.run_id == run.id, ImportPage.listing == listing)
    pages = session.scalar(select(func.count()).where(*of_run)) or 0
    page = max(1, min(page, pages))
    content = session.scalar(select(ImportPage.content).where(*of_run, ImportPage.number == page))
    rows: list[dict[str, Any]] = json.loads(keys.unseal_for_school(content, PAGES)) if content is not None else []
    return PageOfRows(without_restricted(rows), page, pages, count_listed(run, listing))


def count_listed(run: ImportRun, listing: Listing) -> int:
    """Return how many rows stand in a list."""
    return run.counts.get(_COUNTED_AS.get(listing, listing.value), 0)


def get_samples(run: ImportRun) -> list[list[str]]:
    """Return for each sheet what stands under its columns, some of it; nothing once the file is gone."""
    if run.samples is None:
        return []
    found: list[list[str]] = json.loads(keys.unseal_for_school(run.samples, SAMPLES))
    return found


def within_reach(rows: list[dict[str, Any]], scope: Scope) -> list[dict[str, Any]]:
    """Return rows of a preview without those of learners who are no longer within reach, nor them as candidates."""
    if scope.reach is Reach.SCHOOL:
        return rows
    about = {UUID(row["learner"]) for row in rows if row.get("learner")}
    about |= {UUID(key) for row in rows for key, _name in row.get("candidates", ())}
    reached = {str(each) for each in names_of_learners(about, scope)}
    return [
        {**row, "candidates": [each for each in row["candidates"] if each[0] in reached]}
        if "candidates" in row
        else row
        for row in rows
        if not row.get("learner") or row["learner"] in reached
    ]


def list_kept(run: ImportRun, scope: Scope) -> list[tuple[UUID, str]]:
    """Return those whom an undone run left as they are, for they changed since: id and name."""
    if run.state is not RunState.UNDONE:
        return []
    rows = session.scalars(
        select(Learner)
        .join(ImportRow, (ImportRow.school_id == Learner.school_id) & (ImportRow.learner_id == Learner.id))
        .where(ImportRow.run_id == run.id, reaches_learner(scope))
        .order_by(Learner.sort_name, Learner.id)
    )
    return [(learner.id, learner.full_name) for learner in rows]


def list_refused(run: ImportRun) -> list[dict[str, Any]]:
    """Return all refused rows of a run in their order, without what is restricted."""
    contents = session.scalars(
        select(ImportPage.content)
        .where(ImportPage.run_id == run.id, ImportPage.listing == Listing.REFUSED)
        .order_by(ImportPage.number)
    )
    rows = [row for content in contents for row in json.loads(keys.unseal_for_school(content, PAGES))]
    return without_restricted(rows)
