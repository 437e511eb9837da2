"""The nightly run beside the deletes alone of as many people, in a school of many; and what the process holds then."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from uuid import UUID

import psutil
from sqlalchemy import delete, func, select, text

from portal.core.db.base import Base
from portal.core.db.scope import checkpoint, in_school, reveal
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.personal_data import PersonKind, rows_of
from portal.learners.record.models import Learner
from portal.retention.runs.services import BATCH, carry_out_run
from portal.schools.queries import get_school
from tests.bench.backups import LEARNERS, fill
from tests.bench.rows import Line
from tests.bench.setting import Setting
from tests.core.backups.hosting import Hosting, hosting
from tests.retention.people import make_earlier_night
from tests.seed import SCHOOLS

BAR, GROWTH = 5.0, 20.0
DUE = max(1_000, LEARNERS // 60)
"""5,000 of 300,000 are due, as the bar has it."""
_SCHOOL = SCHOOLS[0].id


def lines(_setting: Setting) -> Iterator[Line]:
    """Let as many people be past their term twice: half of them go by deletes alone, the others by the run."""
    with TemporaryDirectory(dir="/tmp") as folder, hosting(Path(folder)) as host:
        fill(host)
        plain = _plainly(host)
        taken, grown = _by_the_run()
    note = f"{DUE} of {LEARNERS} learners with 10 marks due: {taken:.1f} s against {plain:.1f} s"
    yield Line("nightly retention run beside the deletes", taken / plain, BAR, note=note)
    yield Line("nightly retention run, growth of the process", grown, GROWTH, "MB")


def _plainly(host: Hosting) -> float:
    """Delete people and the rows about them, in batches, and nothing else."""
    with in_school(_SCHOOL):
        ids = _age(DUE)
    host.as_owner("analyze")
    tables = [each for each in reversed(Base.metadata.sorted_tables) if "learner_id" in each.columns]
    began = perf_counter()
    with in_school(_SCHOOL):
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            for table in tables:
                if "school_id" in table.columns and table.name != "audit_learner":
                    session.execute(delete(table).where(rows_of(table, PersonKind.LEARNER, some)))
            session.execute(delete(Learner.__table__).where(Learner.id.in_(some)))
            checkpoint()
    return perf_counter() - began


def _by_the_run() -> tuple[float, float]:
    process, held = psutil.Process(), 0.0
    with in_school(_SCHOOL):
        get_school().retention_cap_people = 10_000
        ids = _age(DUE)
        checkpoint()
        batches = 0

        def end_batch() -> None:
            nonlocal batches, held
            checkpoint()
            batches += 1
            if batches == 2:
                held = process.memory_info().rss / 2**20

        reveal()
        make_earlier_night()
        began = perf_counter()
        run = carry_out_run(checkpoint=end_batch, by=PORTAL)
        taken = perf_counter() - began
        assert run is not None
        assert run.erased >= DUE
        assert session.scalar(select(func.count()).where(Learner.id.in_(ids))) == 0
    return taken, process.memory_info().rss / 2**20 - held


def _age(number: int) -> list[UUID]:
    """Let so many learners have left long ago, and return who."""
    ids = list(session.scalars(select(Learner.id).where(Learner.number.like("B%")).limit(number)))
    session.execute(
        text("update learner set last_contact_on = :day where id = any(:ids)"), {"day": date(2010, 1, 1), "ids": ids}
    )
    return ids
