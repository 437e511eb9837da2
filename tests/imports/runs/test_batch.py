"""The twelve messy workbooks, from file to record, against what was written down beforehand."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.imports.models import Outcome
from portal.imports.runs.batch import BroughtIn, bring_in
from portal.learners.record.models import Learner
from tests.imports.sample_workbooks import EXPECTED, make

TODAY = datetime(2026, 11, 22, 12, tzinfo=UTC)


def brought_in(name: str, folder: Path, *, is_trial: bool = False) -> BroughtIn:
    """Bring one of the twelve in, in the school in scope."""
    path = make(name, folder)
    return bring_in(path.read_bytes(), name, act=None, grounds={}, is_trial=is_trial, by=PORTAL)


def refused_in(done: BroughtIn) -> list[list[Any]]:
    """Return the refused cells as the table of expectations lists them."""
    return [
        [row.record.sheet, row.record.row, problem.column, problem.code]
        for row in done.plan.rows
        if row.outcome is Outcome.REFUSED
        for problem in row.problems
    ]


@pytest.mark.parametrize("workbook", EXPECTED, ids=lambda workbook: workbook["file"])
def test_a_workbook_comes_to_what_was_written_down(
    workbook: dict[str, Any],
    tmp_path: Path,
    enter: Callable[[str], AbstractContextManager[Any]],
    clock: Callable[[datetime], None],
) -> None:
    clock(TODAY)
    with enter("meester-in-nt2"):
        for earlier in workbook.get("after", []):
            brought_in(earlier, tmp_path)
        before = session.scalar(select(func.count()).select_from(Learner)) or 0
        done = brought_in(workbook["file"], tmp_path)
        counts = done.plan.counts()
        assert refused_in(done) == workbook["refused"]
        assert {name: counts[name] for name in workbook["counts"]} == workbook["counts"]
        assert done.skipped == workbook.get("skipped", [])
        assert session.scalar(select(func.count()).select_from(Learner)) == before + workbook["counts"]["added"]


@pytest.mark.parametrize("workbook", EXPECTED, ids=lambda workbook: workbook["file"])
def test_a_second_time_nothing_changes(
    workbook: dict[str, Any],
    tmp_path: Path,
    enter: Callable[[str], AbstractContextManager[Any]],
    clock: Callable[[datetime], None],
) -> None:
    clock(TODAY)
    with enter("meester-in-nt2"):
        for earlier in workbook.get("after", []):
            brought_in(earlier, tmp_path)
        brought_in(workbook["file"], tmp_path)
        again = brought_in(workbook["file"], tmp_path).plan.counts()
        assert (again["added"], again["changed"]) == (0, 0)
