"""Reads, checks and stores one file in a process of its own, and prints what it took of memory, in kB above base."""

import io
import re
import sys
from pathlib import Path

from portal.app import create_app
from portal.core.db.scope import in_school
from portal.core.http.scope import SYSTEM
from portal.core.jobs import execution
from portal.imports.mappings.services import choose_columns, sheets_of
from portal.imports.queries import get_run
from portal.imports.runs.storage import start_storing
from portal.imports.runs.uploads import hand_in_workbook
from portal.policy.queries import current_policy
from tests.conftest import school_id
from tests.factories.imports import make_office
from tests.journeys.people import work


def peak() -> int:
    return int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1])


def main(path: Path, slug: str) -> None:
    app = create_app()
    execution.job_context = app.app_context
    here = school_id(slug)
    with in_school(here):
        by = make_office()
        current_policy()
    base = peak()
    with in_school(here):
        run_id = hand_in_workbook(io.BytesIO(path.read_bytes()), path.name, by=by).id
    work(slug)
    with in_school(here):
        sheets = sheets_of(get_run(run_id, SYSTEM))
        targets = [sheet.targets for sheet in sheets]
        choose_columns(run_id, targets, used=[True], options={"act": None, "grounds": {}}, by=by)
    work(slug)
    with in_school(here):
        start_storing(run_id, by=by)
    work(slug)
    with in_school(here):
        run = get_run(run_id, SYSTEM)
        print(run.state.value, run.counts["added"], peak() - base)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
