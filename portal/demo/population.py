"""Bringing the demo's databases up to date and filling its schools: each in one transaction, whole or not at all."""

import os
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from psycopg.errors import (
    DuplicateColumn,
    DuplicateObject,
    DuplicateTable,
    InsufficientPrivilege,
    UndefinedColumn,
    UndefinedObject,
    UndefinedTable,
)
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from portal.config import settings
from portal.core.clock import now, today
from portal.core.crypto import keys
from portal.core.crypto.copies import prepare_copy
from portal.core.db import migrations
from portal.core.db import session as database
from portal.core.db.base import new_id
from portal.core.db.engine import make_engine
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.demo.databases import Databases, let_in
from portal.demo.processes import StartError, collect, end, is_alive, last_line, start, wait_until
from portal.demo.world.plan import PLANS, SchoolPlan
from portal.demo.world.school import fill_school
from portal.policy.impact_assessments.models import Adviser, ImpactAssessment
from portal.policy.services import publish_shipped_policy
from portal.schools.services import add_school
from portal.wiring import connect

_FILL_SECONDS = 900
_OF_ANOTHER_VERSION = (
    UndefinedTable,
    UndefinedColumn,
    UndefinedObject,
    DuplicateTable,
    DuplicateColumn,
    DuplicateObject,
)
_ANOTHER_VERSION = "the demo's data is of another version: make demo RESET=1 starts afresh"


def migrate(databases: Databases, password: str) -> None:
    """Bring tables, roles, policies and the keys' store to this version; raises StartError for data of another one."""
    try:
        migrations.migrate(databases.owner, databases.application)
        for url in (databases.keys, databases.keys_copy):
            prepare_copy(databases.keys_owner, url)
        let_in(databases, password)
    except ProgrammingError as error:
        if isinstance(error.orig, InsufficientPrivilege):
            why = str(error.orig).splitlines()[0]
            raise StartError(f"DATABASE_URL: a role that may make databases and roles is wanted: {why}") from None
        if isinstance(error.orig, _OF_ANOTHER_VERSION):
            raise StartError(_ANOTHER_VERSION) from None
        raise
    except Exception as error:
        if "Can't locate revision" in str(error):
            raise StartError(_ANOTHER_VERSION) from None
        raise


def fill(folder: Path, say: Callable[[str], None]) -> None:
    """Fill the schools that aren't there yet, by as many processes as there are processors."""
    missing = [plan for plan in PLANS if plan.slug not in _there()]
    if not missing:
        return
    schools = "1 school" if len(missing) == 1 else f"{len(missing)} schools"
    say(f"filling {schools} with made-up learners; this takes a minute, once")
    runs: list[tuple[int, Path]] = []
    try:
        for number, share in enumerate(_shared_out(missing, os.cpu_count() or 1)):
            log = folder / f"filling-{number}.log"
            runs.append((start([sys.executable, "-m", "portal.demo.population", *share], log=log), log))
        wait_until(lambda: not any(is_alive(pid) for pid, _ in runs), seconds=_FILL_SECONDS)
    finally:
        unfinished = [pid for pid, _ in runs if is_alive(pid)]
        end(unfinished, seconds=5)
    for pid, log in runs:
        if collect(pid) or pid in unfinished:
            raise StartError(f"a school can't be filled: {last_line(log)} (more in {log})")


def _there() -> set[str]:
    """The schools that are filled: a school's row is stored with all that belongs to it."""
    engine = make_engine(settings().database_url)
    with engine.connect() as connection:
        found = set(connection.scalars(text("select slug from list_schools()")))
    engine.dispose()
    return found


def _shared_out(plans: list[SchoolPlan], processes: int) -> list[list[str]]:
    """Share the schools out so that the processes end at about the same time."""
    shares: list[tuple[int, list[str]]] = [(0, []) for _ in range(min(processes, len(plans)))]
    for plan in sorted(plans, key=lambda each: -each.learners):
        at = min(range(len(shares)), key=lambda number: shares[number][0])
        shares[at] = (shares[at][0] + plan.learners, [*shares[at][1], plan.slug])
    return [slugs for _, slugs in shares]


def make_school(plan: SchoolPlan) -> None:
    """Add a school, publish its policy, and fill it: one transaction."""
    school_id = new_id()
    keys.add_school(school_id)
    with in_school(school_id):
        row = add_school(plan.slug, plan.name, hosts=[plan.host], by=PORTAL)
        row.hue, row.chroma = plan.hue, plan.chroma
        row.second_factor_roles = sorted(role.value for role in plan.second_factor)
        version = publish_shipped_policy(plan.slug)
        session.add(
            ImpactAssessment(
                decided_on=today() - timedelta(days=90), adviser=Adviser.OFFICER, recorded_at=now(),
                recorded_by_name="Inzage",
            )
        )  # fmt: skip
        fill_school(plan, version.id)


def main() -> int:
    """Fill the schools that are named, on the databases of the environment."""
    connect()  # a policy names tables of every feature, and storing goes through the ports
    database.bind(make_engine(settings().database_url))
    for plan in PLANS:
        if plan.slug in sys.argv[1:]:
            make_school(plan)
    return 0


if __name__ == "__main__":
    sys.exit(main())
