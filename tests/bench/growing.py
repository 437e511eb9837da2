"""A hosting of 200 schools, 200,000 learners and 10 million marks: one school is filled, then copied in the database.

Every key begins with the school, so a school is copied by giving its rows another school and ids of their own. The
copies of a row lie beside each other on the disk, as rows of many schools do that came in at the same time.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection, sql
from sqlalchemy import ARRAY, Column, Table, Uuid, make_url

from portal.accounts.models import Account, AccountSession, Membership
from portal.core.audit.models import AuditEvent, AuditLearner
from portal.core.audit.seals import seal_entries
from portal.core.clock import now, today
from portal.core.db.base import Base, new_id
from portal.core.db.scope import in_school
from portal.demo.bulk import store
from portal.hours.figures.services import count_all
from portal.learners.record.models import FieldOrigin, Source
from portal.permissions import Role
from tests.bench.setting import store_caseload, store_groups, store_learners
from tests.conftest import school_id
from tests.database import TestDatabase
from tests.signing_in import make_account

COPIES = 195
LEARNERS, GROUPS, WEEKS = 900, 36, 19  # with the other schools of the bench: 201,400 learners, 10.1 million marks
PATTERN = "meester-in-nt2"
FIELDS = ("learner.given_name", "learner.family_name", "learner.email", "learner.birth_date")
VIEWS = 8
CASELOAD = 40
LARGEST = "attendance_mark"
BEFORE_COPYING = """
set session_replication_role = replica;
create function pg_temp.moved(key uuid, tail text) returns uuid language sql immutable as
$$ select (left(key::text, 32) || tail)::uuid $$;
create temporary table other as
select place, lpad(to_hex(place), 4, '0') as tail,
  ('0190aaaa-0000-7000-8000-' || lpad(place::text, 12, '0'))::uuid as id
from generate_series(1, {copies}) as place;
analyze other
"""
SCHOOLS = """
insert into school (id, slug, name, hue, chroma, look_version, idle_minutes, policy_version_id)
select o.id, 'school-' || o.place, 'School ' || o.place, s.hue, s.chroma, 1, s.idle_minutes,
  pg_temp.moved(s.policy_version_id, o.tail)
from school s cross join other o where s.slug = {pattern};
insert into school_host (school_id, id, host, is_primary)
select o.id, gen_random_uuid(), 'school-' || o.place || '.localhost', true from other o
"""
KEYS = """
insert into person_key (school_id, person_id, category, generation, wrapped, code)
select ('0190aaaa-0000-7000-8000-' || lpad((1 + n % {copies})::text, 12, '0'))::uuid, person, category, 1,
  decode(repeat('5a', 61), 'hex'), decode(repeat('5a', 32), 'hex')
from (select n, gen_random_uuid() as person from generate_series(1, {learners}) as n) as people
cross join unnest(array['bsn', 'name']) as category
"""
INDEXES = """
select case when c.oid is null then format('drop index %%I', i.indexrelid::regclass)
    else format('alter table %%I drop constraint %%I', c.conrelid::regclass, c.conname) end,
  case when c.oid is null then pg_get_indexdef(i.indexrelid)
    else format('alter table %%I add constraint %%I ', c.conrelid::regclass, c.conname) || pg_get_constraintdef(c.oid)
  end
from pg_index i left join pg_constraint c on c.conindid = i.indexrelid and c.contype in ('p', 'u')
where i.indrelid = cast(%s as regclass)
"""


def grow(made: TestDatabase) -> None:
    """Fill a usual school and copy it, with all that its learners have, until the hosting is full."""
    with in_school(school_id(PATTERN)):
        _fill()
    numbers = {"copies": sql.Literal(COPIES), "learners": sql.Literal(COPIES * LEARNERS)}
    with _connected(made.owner_url) as connection:
        connection.execute(sql.SQL(SCHOOLS).format(pattern=sql.Literal(PATTERN)))
    for url in (made.keys_owner_url, made.keys_copy_url):
        with _connected(url) as connection:
            connection.execute(sql.SQL(KEYS).format(**numbers))
    tables = [table for table in Base.metadata.sorted_tables if table.info.get("school_owned")]
    marks = [table for table in tables if table.name == LARGEST]
    rest = [table for table in tables if table.name not in {LARGEST, "school_host"}]
    _at_once(made.owner_url, marks, rest)


class _Copying(threading.Thread):
    """Copies some tables beside others; `met` is the error it met."""

    def __init__(self, url: str, tables: list[Table]) -> None:
        super().__init__()
        self.url, self.tables = url, tables
        self.connection: Connection[Any] | None = None
        self.met: Exception | None = None

    def run(self) -> None:
        try:
            with _connected(self.url) as self.connection:
                for table in self.tables:
                    with _without_indexes(self.connection, table.name):
                        _copy(self.connection, table)
        except Exception as error:  # noqa: BLE001 - raised in the thread that waits
            self.met = error

    def stop(self) -> None:
        """Break off: what is in hand now, and what would come after it."""
        self.tables.clear()
        if self.connection is not None:
            self.connection.cancel_safe()
        self.join()


def _at_once(url: str, *parts: list[Table]) -> None:
    """Copy some tables beside others; raises what either met. Where this is broken off, so is the copying."""
    together = [_Copying(url, tables) for tables in parts]
    for each in together:
        each.start()
    try:
        for each in together:
            each.join()
    except BaseException:
        for each in together:
            each.stop()
        time.sleep(2)  # PostgreSQL lets go of them after we do, and the owner may not end a superuser's session
        raise
    for each in together:
        if each.met is not None:
            raise each.met


@contextmanager
def _connected(url: str) -> Iterator[Connection[Any]]:
    """A connection past row-level security and without checking keys: what is copied was checked where it stands."""
    address = make_url(url).set(drivername="postgresql", username="postgres").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        connection.execute(sql.SQL(BEFORE_COPYING).format(copies=sql.Literal(COPIES)))
        yield connection


@contextmanager
def _without_indexes(connection: Connection[Any], table: str) -> Iterator[None]:
    """Take the indexes of the largest table away and make them anew after the block: a third of the time."""
    made = connection.execute(INDEXES, [table]).fetchall() if table == LARGEST else []
    for drop, _ in made:
        connection.execute(drop)
    yield
    for _, create in made:
        connection.execute(create)


def _copy(connection: Connection[Any], table: Table) -> None:
    name = sql.Identifier(table.name)
    columns = [column for column in table.columns if column.computed is None]
    statement = sql.SQL(
        "insert into {} ({}) select {} from {} t cross join other o where t.school_id = {} order by t.id, o.place"
    ).format(
        name,
        sql.SQL(", ").join(sql.Identifier(column.name) for column in columns),
        sql.SQL(", ").join(map(_moved, columns)),
        name,
        sql.Literal(school_id(PATTERN)),
    )
    connection.execute(statement)


def _moved(column: Column[Any]) -> sql.Composable:
    name = sql.Identifier(column.name)
    if column.name == "school_id":
        return sql.SQL("o.id")
    if isinstance(column.type, Uuid):
        return sql.SQL("pg_temp.moved(t.{}, o.tail)").format(name)
    if isinstance(column.type, ARRAY) and isinstance(column.type.item_type, Uuid):
        return sql.SQL("array(select pg_temp.moved(key, o.tail) from unnest(t.{}) as key)").format(name)
    return sql.SQL("t.{}").format(name)


def _fill() -> None:
    """Fill the school in scope: learners with sign-ins, groups with marks, coaches, levels, sources, and who looked."""
    teacher = make_account("Pattern", "teacher")
    learners = store_learners(LEARNERS)
    store_groups(learners, teacher.id, count=GROUPS, weeks=WEEKS)
    _store_accounts(learners)
    for at in range(0, LEARNERS, CASELOAD):
        store_caseload(make_account(f"Coach {at}", "coach").id, learners[at : at + CASELOAD])
    store(
        FieldOrigin,
        [
            {"learner_id": key, "field": field, "source": Source.SCHOOL, "since_on": today()}
            for key in learners
            for field in FIELDS
        ],
    )
    count_all()
    _store_views(learners, teacher.id)
    while seal_entries():  # as the worker does within a minute: it would have all schools' entries to seal at once
        pass


def _store_accounts(learners: list[UUID]) -> None:
    accounts = [new_id() for _ in learners]
    store(Account, [{"id": key, "name": "Bench", "email": f"{key.hex}@example.org"} for key in accounts])
    store(Membership, [{"account_id": key, "role": Role.LEARNER, "starts_on": today()} for key in accounts])
    times = {"authenticated_at": now(), "expires_at": now() + timedelta(days=30)}
    store(AccountSession, [{**times, "account_id": key, "token_digest": key.bytes * 2} for key in accounts])


def _store_views(learners: list[UUID], teacher: UUID) -> None:
    entries = [
        {
            "id": new_id(),
            "at": now() - timedelta(days=days, seconds=at),
            "event": "learners.seen",
            "actor_kind": "staff",
            "actor_id": teacher,
            "actor_name": "Bench",
            "actor_roles": ["teacher"],
            "learner_ids": [key],
            "facts": {},
        }
        for days in range(VIEWS, 0, -1)
        for at, key in enumerate(learners)
    ]
    store(AuditEvent, entries)
    store(AuditLearner, [{"learner_id": row["learner_ids"][0], "event_id": row["id"]} for row in entries])
