"""One copy of the key store: its tables, its statements, and the role that may use them.

Rows of keys stand in an order: a later generation comes after an earlier one, and a destroyed key after the key it
was. A row is only ever replaced by one that comes after it, so that no key comes back.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CursorResult, Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from portal.core.db import row_security

TABLES = (
    """create table if not exists school_key (
        school_id uuid primary key,
        wrapped bytea not null,
        code bytea not null)""",
    """create table if not exists person_key (
        school_id uuid not null,
        person_id uuid not null,
        category text not null,
        generation integer not null,
        wrapped bytea,
        code bytea not null,
        primary key (school_id, person_id, category))""",
    """create table if not exists seal_head (
        school_id uuid primary key,
        number bigint not null,
        mac bytea not null)""",
)
_GRANTS = "grant select, insert, update on school_key, person_key, seal_head to"

_SELECT_SCHOOL = text("select wrapped, code from school_key where school_id = :school")
_INSERT_SCHOOL = text(
    "insert into school_key (school_id, wrapped, code) values (:school, :wrapped, :code) on conflict do nothing"
)
_SELECT_KEYS = text(
    "select person_id, category, generation, wrapped, code from person_key where school_id = :school"
    " and person_id = any(cast(:persons as uuid[]))"
    " and (cast(:categories as text[]) is null or category = any(cast(:categories as text[])))"
)
_PUT_KEYS = text("""
insert into person_key (school_id, person_id, category, generation, wrapped, code)
select :school, person_id, category, generation, wrapped, code
from unnest(cast(:persons as uuid[]), cast(:categories as text[]), cast(:generations as integer[]),
    cast(:wrapped as bytea[]), cast(:codes as bytea[])) as given (person_id, category, generation, wrapped, code)
on conflict (school_id, person_id, category) do update
    set generation = excluded.generation, wrapped = excluded.wrapped, code = excluded.code
    where (excluded.generation, excluded.wrapped is null) > (person_key.generation, person_key.wrapped is null)
returning person_id, category
""")
_HEAD = text("select number, mac from seal_head where school_id = :school")
_SET_HEAD = text(
    "insert into seal_head (school_id, number, mac) values (:school, :number, :mac)"
    " on conflict (school_id) do update set number = excluded.number, mac = excluded.mac"
    " where seal_head.number < excluded.number"
)

Pair = tuple[UUID, str]
"""A person and a category."""


class SchoolRow(NamedTuple):
    """The key of a school, wrapped by the master key, with a code over both."""

    wrapped: bytes
    code: bytes


class KeyRow(NamedTuple):
    """The key of a person for a category, wrapped by the school's key; None where it was destroyed."""

    person_id: UUID
    category: str
    generation: int
    wrapped: bytes | None
    code: bytes

    @property
    def pair(self) -> Pair:
        """Whose key it is, and for what."""
        return self.person_id, self.category


class Copy:
    """A database with every key, wrapped."""

    def __init__(self, url: str) -> None:
        self.engine: Engine = create_engine(
            url, isolation_level="AUTOCOMMIT", hide_parameters=True, pool_size=2, max_overflow=8
        )

    def rows(self, statement: Any, **values: Any) -> Sequence[Any]:
        """Run one statement, which may be run twice, and return its rows; a lost connection is made anew once."""
        try:
            return self._run(statement, values)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        return self._run(statement, values)

    def _run(self, statement: Any, values: dict[str, Any]) -> Sequence[Any]:
        with self.engine.connect() as connection:
            result: CursorResult[Any] = connection.execute(statement, values)
            return result.all() if result.returns_rows else []

    def find_school(self, school_id: UUID) -> SchoolRow | None:
        """Return the key of a school, or None."""
        found = self.rows(_SELECT_SCHOOL, school=school_id)
        return SchoolRow(bytes(found[0].wrapped), bytes(found[0].code)) if found else None

    def add_school(self, school_id: UUID, row: SchoolRow) -> None:
        """Add the key of a school; one that is there stays."""
        self.rows(_INSERT_SCHOOL, school=school_id, wrapped=row.wrapped, code=row.code)

    def find_keys(
        self, school_id: UUID, persons: Collection[UUID], categories: Collection[str] | None = None
    ) -> list[KeyRow]:
        """Return what there is of these people in these categories or in all, destroyed keys too, in one statement."""
        wanted = None if categories is None else list(categories)
        found = self.rows(_SELECT_KEYS, school=school_id, persons=list(persons), categories=wanted)
        return [KeyRow(*row) for row in found]

    def put_keys(self, school_id: UUID, rows: Iterable[KeyRow]) -> set[Pair]:
        """Store keys in one statement, but for those that come before what is there; return which were stored."""
        persons, categories, generations, wrapped, codes = ([*each] for each in zip(*rows, strict=True))
        stored = self.rows(
            _PUT_KEYS, school=school_id, persons=persons, categories=categories, generations=generations,
            wrapped=wrapped, codes=codes,
        )  # fmt: skip
        return {(row.person_id, row.category) for row in stored}

    def find_head(self, school_id: UUID) -> tuple[int, bytes] | None:
        """Return number and code of the newest audit seal that this copy knows of."""
        found = self.rows(_HEAD, school=school_id)
        return (found[0].number, bytes(found[0].mac)) if found else None

    def set_head(self, school_id: UUID, number: int, mac: bytes) -> None:
        """Remember the newest audit seal; an older number changes nothing."""
        self.rows(_SET_HEAD, school=school_id, number=number, mac=mac)


def prepare(owner_url: str, application_url: str) -> None:
    """Make the tables in the copy that `application_url` names, as the owner, and let that role use them.

    Safe to repeat. `owner_url` says who the owner is and how she signs in; where, the other one says.
    """
    application = make_url(application_url)
    owner = make_url(owner_url).set(
        host=application.host, port=application.port, database=application.database, query=application.query
    )
    engine = create_engine(owner, hide_parameters=True)
    with engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(20261122)"))
        for statement in TABLES:
            connection.execute(text(statement))
        if application.username and application.username != connection.scalar(text("select current_user")):
            row_security.make_role(connection, row_security.APPLICATION)
            row_security.make_application_login(connection, application.username, application.password)
            connection.execute(text(f'{_GRANTS} "{application.username}"'))
    engine.dispose()
