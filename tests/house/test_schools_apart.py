"""Every table of a school has all that keeps it apart, and nobody reaches across, whatever she tries."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import ForeignKeyConstraint, Row, UniqueConstraint, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from portal.core.database import in_school, session
from portal.core.personal_data import Reach, declared
from portal.core.row_security import APPLICATION
from tests.house.rows import OWNED, TABLES, make_row, targets
from tests.seed import SCHOOLS

HERE, THERE = SCHOOLS[0].id, SCHOOLS[1].id
ACROSS_SCHOOLS = {"school", "school_host"}


@contextmanager
def refused(*errors: type[DBAPIError]) -> Iterator[None]:
    """The database itself refuses what happens inside."""
    with pytest.raises(errors), session.begin_nested():
        yield


def test_every_table_says_whose_it_is() -> None:
    assert {name for name, table in TABLES.items() if not table.info.get("school_owned")} == {"school"}


@pytest.mark.parametrize("name", OWNED)
def test_the_school_comes_first_in_every_key(name: str) -> None:
    table = TABLES[name]
    assert next(iter(table.primary_key.columns)).name == "school_id"
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and name not in ACROSS_SCHOOLS:
            assert next(iter(constraint.columns)).name == "school_id", constraint.name
        if isinstance(constraint, ForeignKeyConstraint):
            assert next(iter(constraint.columns)).name == "school_id", constraint.name
    for index in table.indexes:
        if index.unique:
            assert next(iter(index.columns)).name == "school_id", index.name


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_column_is_declared_personal_or_not(name: str) -> None:
    assert not [column.name for column in TABLES[name].columns if not declared(column)]


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_says_how_its_rows_reach_a_person(name: str) -> None:
    reach = TABLES[name].info.get("person")
    assert isinstance(reach, Reach)
    assert reach.why if reach.column is None else reach.column in TABLES[name].columns
    if reach.through:
        through, column = reach.through.split(".")
        assert column in TABLES[through].columns


def catalogue(name: str) -> Row[tuple[bool, bool, bool]]:
    asked = text(
        "select c.relrowsecurity as has, c.relforcerowsecurity as forced, pg_get_userbyid(c.relowner) = current_user "
        "as own from pg_class c where c.oid = cast(:name as regclass)"
    )
    return session.execute(asked, {"name": name}).one()


@pytest.mark.parametrize("name", sorted(TABLES))
@pytest.mark.usefixtures("database")
def test_row_level_security_is_forced_and_the_table_not_our_own(name: str) -> None:
    found = catalogue(name)
    assert found.has
    assert found.forced
    assert not found.own


@pytest.mark.parametrize("name", sorted(TABLES))
@pytest.mark.usefixtures("database")
def test_the_policy_for_the_application_asks_for_the_own_school(name: str) -> None:
    asked = text("select cmd, qual, with_check from pg_policies where tablename = :name and :role = any(roles)")
    policies = session.execute(asked, {"name": name, "role": APPLICATION}).all()
    column = "id" if name == "school" else "school_id"
    wanted = f"({column} = current_school())"
    assert [(row.cmd, row.qual, row.with_check) for row in policies] == [("ALL", wanted, wanted)]


@pytest.mark.usefixtures("database")
def test_the_application_has_no_power_of_its_own() -> None:
    asked = text("select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user")
    assert not any(session.execute(asked).one())


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
