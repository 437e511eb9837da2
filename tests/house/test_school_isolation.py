"""Every table of a school has all that keeps it apart, and nobody reaches across, whatever she tries."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Row, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from portal.core.db.row_security import APPLICATION
from portal.core.db.scope import in_school
from portal.core.db.session import session
from tests.house.rows import OWNED, TABLES, make_row, targets
from tests.seed import SCHOOLS

HERE, THERE = SCHOOLS[0].id, SCHOOLS[1].id


@contextmanager
def refused(*errors: type[DBAPIError]) -> Iterator[None]:
    """The database itself refuses what happens inside."""
    with pytest.raises(errors), session.begin_nested():
        yield


def test_every_table_says_whose_it_is() -> None:
    assert {name for name, table in TABLES.items() if not table.info.get("school_owned")} == {"school"}


KEYS = """
select t.relname as of_table, i.relname as name, x.indisprimary as is_primary,
    array(select a.attname::text from unnest(x.indkey) with ordinality k (number, place)
        left join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number order by k.place) as columns
from pg_index x join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
where t.relnamespace = 'public'::regnamespace and (x.indisunique or x.indisexclusion)
"""
REFERENCES = """
select c.conname as name, c.conrelid::regclass::text as of_table, c.confrelid::regclass::text as target,
    (select attname from pg_attribute where attrelid = c.conrelid and attnum = c.conkey[1]) as own,
    (select attname from pg_attribute where attrelid = c.confrelid and attnum = c.confkey[1]) as theirs
from pg_constraint c where c.contype = 'f' and c.connamespace = 'public'::regnamespace
"""
KNOWS_ALL_SCHOOLS = {"uq_school_slug", "uq_school_host_host"}


def in_catalogue(asked: str, **values: str) -> Sequence[Row[Any]]:
    with in_school(None):
        return session.execute(text(asked), values).all()


@pytest.mark.usefixtures("database")
def test_the_database_holds_the_tables_that_the_code_knows() -> None:
    asked = (
        "select relname from pg_class where relkind in ('r', 'p', 'v', 'm') and relnamespace = 'public'::regnamespace"
    )
    assert {row.relname for row in in_catalogue(asked)} == set(TABLES) | {"alembic_version"}


@pytest.mark.usefixtures("database")
def test_the_school_comes_first_in_every_key() -> None:
    keys = [row for row in in_catalogue(KEYS) if row.of_table not in {"school", "alembic_version"}]
    assert {row.of_table for row in keys if row.is_primary} == set(OWNED)
    first = {row.name: row.columns[0] for row in keys if row.name not in KNOWS_ALL_SCHOOLS}
    assert {name: column for name, column in first.items() if column != "school_id"} == {}
    assert [row.name for row in keys if row.is_primary and len(row.columns) < 2] == []


@pytest.mark.usefixtures("database")
def test_every_reference_stays_in_the_school() -> None:
    wanted, references = {"school": "id"}, in_catalogue(REFERENCES)
    assert {row.of_table for row in references} >= set(OWNED)
    odd = [
        row.name
        for row in references
        if row.own != wanted.get(row.of_table, "school_id") or row.theirs != wanted.get(row.target, "school_id")
    ]
    assert odd == []


@pytest.mark.usefixtures("database")
def test_row_level_security_is_forced_and_no_table_our_own() -> None:
    asked = """
        select relname, relrowsecurity as has, relforcerowsecurity as forced,
            pg_has_role(current_user, relowner, 'USAGE') as own
        from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"""
    odd = [row.relname for row in in_catalogue(asked) if not (row.has and row.forced) or row.own]
    assert odd == ["alembic_version"]


@pytest.mark.parametrize("name", sorted(TABLES))
@pytest.mark.usefixtures("database")
def test_the_policy_for_the_application_asks_for_the_own_school(name: str) -> None:
    asked = "select cmd, qual, with_check from pg_policies where tablename = :name and :role = any(roles)"
    asked += " and permissive = 'PERMISSIVE'"  # a restrictive one only takes away (tests/core/db/test_restrictions.py)
    policies = in_catalogue(asked, name=name, role=APPLICATION)
    column = "id" if name == "school" else "school_id"
    wanted = f"({column} = current_school())"
    assert [(row.cmd, row.qual, row.with_check) for row in policies] == [("ALL", wanted, wanted)]


@pytest.mark.usefixtures("database")
def test_the_application_has_no_power_of_its_own() -> None:
    asked = "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user"
    assert not any(in_catalogue(asked)[0])


@pytest.mark.parametrize("name", OWNED)
@pytest.mark.usefixtures("database")
def test_another_school_reads_and_changes_nothing(name: str) -> None:
    table = TABLES[name]
    with in_school(THERE):
        make_row(name)
        assert session.scalar(select(func.count()).select_from(table))
    with in_school(HERE):
        assert not session.scalar(select(func.count()).select_from(table).where(table.c.school_id == THERE))
        for statement in (delete(table), update(table).values(school_id=table.c.school_id)):
            try:
                with session.begin_nested():
                    reached = session.connection().execute(statement.where(table.c.school_id == THERE)).rowcount
            except ProgrammingError:
                reached = 0
            assert reached == 0


@pytest.mark.parametrize("name", OWNED)
@pytest.mark.usefixtures("database")
def test_another_school_adds_nothing(name: str) -> None:
    table = TABLES[name]
    with in_school(THERE):
        row = make_row(name)
    with in_school(HERE), refused(ProgrammingError):
        session.execute(insert(table).values(row))


@pytest.mark.parametrize("name", OWNED)
@pytest.mark.usefixtures("database")
def test_no_row_moves_to_another_school(name: str) -> None:
    table = TABLES[name]
    with in_school(HERE):
        make_row(name)
        with refused(ProgrammingError):
            session.execute(update(table).values(school_id=THERE))


@pytest.mark.parametrize(("name", "column"), [(name, column) for name in OWNED for column in targets(TABLES[name])])
@pytest.mark.usefixtures("database")
def test_no_row_points_into_another_school(name: str, column: str) -> None:
    with in_school(THERE):
        there = make_row(targets(TABLES[name])[column])
    with in_school(HERE), refused(IntegrityError):
        make_row(name, **{column: there["id"]})


@pytest.mark.parametrize("name", OWNED)
@pytest.mark.usefixtures("database")
def test_without_a_school_there_is_nothing(name: str) -> None:
    table = TABLES[name]
    with in_school(THERE):
        row = make_row(name)
    with in_school(None):
        assert not session.scalar(select(func.count()).select_from(table))
        with refused(ProgrammingError, IntegrityError):
            session.execute(insert(table).values(row))
