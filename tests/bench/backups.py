"""A backup, and a restore with erasures applied again, beside pg_dump and pg_restore of the same database."""

import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from uuid import UUID

from sqlalchemy import NullPool, create_engine, make_url, select, text

from portal.config import settings
from portal.core.backups import programs
from portal.core.clock import now, today
from portal.core.crypto import key_store
from portal.core.crypto.ledger import Ending, digest_of_ending
from portal.core.crypto.store_tables import ENDING
from portal.core.db.base import new_id
from portal.core.db.scope import in_school, restart
from portal.core.db.session import session
from portal.core.garbage import pass_over_what_stays
from portal.learners.record.models import Learner
from tests.bench.rows import Line
from tests.bench.setting import Setting
from tests.core.backups.hosting import Hosting, hosting
from tests.factories.courses import make_group, make_lesson
from tests.factories.learners import make_learner
from tests.seed import SCHOOLS

BAR = 2.0
LEARNERS = int(os.environ.get("INZAGE_BENCH_LEARNERS", "30000"))
"""300,000 are the size of the bar, which takes an hour on a small machine."""
ERASED = LEARNERS // 3
_PAGE = 5_000
_SCHOOL = SCHOOLS[0].id


def lines(_setting: Setting) -> Iterator[Line]:
    """Measure both on a hosting of its own: learners with ten marks each, a third of them erased since the backup."""
    with TemporaryDirectory(dir="/tmp") as folder, hosting(Path(folder)) as host:
        fill(host)
        pass_over_what_stays()  # as the command does
        plain, deletes = _plainly(host, Path(folder)), _deletes()
        taken = _taken(host.backup)
        _erase_in_ledger()
        with host.empty_place():
            taken += _taken(host.restore)
            with in_school(_SCHOOL):
                left = session.scalar(select(text("count(*)")).select_from(Learner))
        assert left == LEARNERS + 1 - ERASED
    yield Line(
        "backup and restore, erasures applied again", taken / plain, BAR,
        note=f"of {LEARNERS} learners with 10 marks {ERASED} erased: {taken:.0f} s against {plain:.0f} s;"
        f" {taken / (plain + deletes):.1f} times dump, restore and the deletes alone ({deletes:.0f} s)",
    )  # fmt: skip


def _taken(command: Callable[[], Any]) -> float:
    began = perf_counter()
    result = command()
    assert result.exit_code == 0, result.output
    return perf_counter() - began


def fill(host: Hosting) -> None:
    """Make learners with ten marks each: copies of one row, past keys and triggers, for their number alone counts."""
    with in_school(_SCHOOL):
        first, group = make_learner("Eerste"), make_group("Groep")
        lessons = [make_lesson(group, held_on=today() - timedelta(days=day)) for day in range(10)]
        columns = [each.name for each in Learner.__table__.columns if each.name not in {"id", "number", "account_id"}]
        named = ", ".join(f'"{each}"' for each in columns)
        ids = [str(each.id) for each in lessons]
    engine = create_engine(make_url(host.database.owner_url).set(username="postgres"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("set session_replication_role = replica"))
        connection.execute(
            text(
                f"insert into learner (id, number, {named}) select gen_random_uuid(), 'B' || n, {named}"
                " from learner, generate_series(1, :learners) n where id = :first"
            ),
            {"learners": LEARNERS, "first": first.id},
        )
        connection.execute(
            text(
                "insert into attendance_mark (school_id, id, lesson_id, learner_id, status, late_minutes,"
                " early_minutes, minutes, version, source, marked_by_name, marked_at)"
                " select school_id, gen_random_uuid(), unnest(cast(:lessons as uuid[])), id, 'present', 0, 0, 180, 1,"
                " 'school', 'bench', now() from learner where school_id = :school"
            ),
            {"lessons": ids, "school": _SCHOOL},
        )
    host.as_owner("analyze")


def _plainly(host: Hosting, folder: Path) -> float:
    """Dump and restore with PostgreSQL's own programs, and return how long that took."""
    url = make_url(host.database.owner_url).set(username="postgres")
    other = url.set(database=f"{url.database}_plain")
    host.as_owner(f"create database {other.database}")
    found = settings().pg_programs or Path()
    began = perf_counter()
    for program, of in (("pg_dump", url), ("pg_restore", other)):
        address, environment = programs.address_of(of.render_as_string(hide_password=False))
        what = ["-Fc", "-f", folder / "plain"] if program == "pg_dump" else [folder / "plain"]
        subprocess.run([found / program, "-d", address, *what], env=environment, check=True)
    taken = perf_counter() - began
    engine = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"drop database {other.database} with (force)"))
    return taken


def _deletes() -> float:
    """Delete a third of the learners and their marks by two statements, take it back, and return how long that took."""
    with in_school(_SCHOOL):
        gone = {"ids": [str(each) for each in _to_erase()]}
        began = perf_counter()
        for statement in ("attendance_mark where learner_id", "learner where id"):
            session.execute(text(f"delete from {statement} = any(cast(:ids as uuid[]))"), gone)
        taken = perf_counter() - began
        restart()
    return taken


def _to_erase() -> list[UUID]:
    return list(session.scalars(select(Learner.id).where(Learner.number.like("B%")).limit(ERASED)))


def _erase_in_ledger() -> None:
    """Say in the ledger that a third of the learners was erased, as their erasures would have."""
    mirror, moment = key_store.store().mirror, now()
    with in_school(_SCHOOL):
        ids = _to_erase()
        rows = [
            mirror.sign(ENDING, _SCHOOL, new_id(), Ending.ERASURE.value, digest_of_ending(Ending.ERASURE, each), moment)
            for each in ids
        ]
    for copy in mirror.copies:
        for start in range(0, len(rows), _PAGE):
            copy.put(ENDING, _SCHOOL, rows[start : start + _PAGE])
