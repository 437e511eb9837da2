"""Every column says whether it holds something of a person, every table how its rows reach one, and it is so."""

import pytest
from sqlalchemy import Table, select

from portal.core.db.base import Base
from portal.core.db.session import session
from portal.core.personal_data import (
    OWN_TABLE,
    Path,
    PersonKind,
    derived_from,
    fields_of,
    is_declared,
    is_signature,
    kinds_of,
    people_of,
    registry,
    rows_of,
)
from portal.learners.search.sounds import SOUND_COLUMNS
from tests.house.people import MadePerson
from tests.house.rows import TABLES

NAMES = {"name", "given_name", "family_name", "full_name", "email", "new_email", "phone", "phone_other", "actor_name"}
ORGANISATIONS = {"organisation", "school", "course", "learner_group", "holiday", "stored_file"}  # and what is no person


def paths_of(table: Table) -> list[tuple[PersonKind, Path]]:
    return [(kind, path) for kind, paths in people_of(table).paths.items() for path in paths]


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_column_is_declared_personal_or_not(name: str) -> None:
    assert not [column.name for column in TABLES[name].columns if not is_declared(column)]


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_says_of_each_kind_of_person_how_it_reaches_her_or_that_it_does_not(name: str) -> None:
    table, people = TABLES[name], people_of(TABLES[name])

    assert set(people.paths) == set(PersonKind)
    assert bool(people.why) is not bool(paths_of(table))
    for _kind, path in paths_of(table):
        assert path.column in table.columns
        assert path.target is None or path.target in TABLES
        if path.held_in is not None:
            holder, _, column = path.held_in.partition(".")
            assert column in TABLES[holder].columns


@pytest.mark.parametrize("name", sorted(TABLES))
def test_what_points_to_a_person_or_says_who_did_something_is_a_way_to_reach_her(name: str) -> None:
    table = TABLES[name]
    ways = {path.column for _kind, path in paths_of(table)}
    own = [each.name for each in table.columns if each.info.get("references") in OWN_TABLE.values()]
    signed = [each.name for each in table.columns if each.name.endswith("_by") and each.type.python_type is not str]

    assert not [column for column in [*own, *signed] if column not in ways | {"account_id", "merged_into_id"}]
    assert not [path.column for _kind, path in paths_of(table) if path.column != "id" and not path.held_in
                and table.columns[path.column].info["personal"] is None and not path.is_shared]  # fmt: skip


@pytest.mark.parametrize("name", sorted(TABLES))
def test_what_a_column_holds_is_of_somebody_whom_the_row_reaches(name: str) -> None:
    table = TABLES[name]
    ways = {path.column for _kind, path in paths_of(table)}
    held = [column for column in table.columns if column.info["personal"] is not None]

    assert not [column.name for column in held if not set(column.info.get("of", ())) <= ways]
    shared = {path.column for _kind, path in paths_of(table) if path.is_shared}
    assert not [column.name for column in held if not kinds_of(column) and not shared]


def test_names_and_addresses_identify_by_themselves_and_every_person_has_some() -> None:
    known = registry(Base.metadata)
    plain = [key for key, field in known.items()
             if (field.column in NAMES or field.column.endswith("_by_name")) and not field.identifies
             and field.table not in ORGANISATIONS]  # fmt: skip

    assert plain == []
    for kind in PersonKind:
        assert [each for each in fields_of(TABLES[OWN_TABLE[kind]], kind) if each.identifies], kind


def test_what_is_derived_says_from_which_columns_of_its_row() -> None:
    derived = {f"{table.name}.{column.name}": derived_from(column) for table in TABLES.values() for column in table.c}
    derived = {key: sources for key, sources in derived.items() if sources}

    assert set(derived) == {
        "learner.bsn_digest", "learner.sort_name", "learner.search_text",
        *(f"learner.{column}" for column in SOUND_COLUMNS),
    }  # fmt: skip
    for key, sources in derived.items():
        assert {f"{key.partition('.')[0]}.{source}" for source in sources} <= set(registry(Base.metadata))


@pytest.mark.parametrize("kind", PersonKind)
@pytest.mark.usefixtures("school")
def test_every_value_of_a_person_is_found_by_the_registry_and_of_nobody_else(kind: PersonKind) -> None:
    person, other = MadePerson(kind), MadePerson(kind)
    person.reach_everywhere()
    looked_at = set()

    for table in TABLES.values():
        found = session.execute(select(table).where(rows_of(table, kind, [person.id]))).mappings().all()
        theirs = session.execute(select(table).where(rows_of(table, kind, [other.id]))).mappings().all()
        for field in fields_of(table, kind):
            looked_at.add(field.key)
            assert any(row[field.column] is not None for row in found), field.key
        assert not {row.get("id") for row in found} & {row.get("id") for row in theirs}, table.name
        assert not [row for row in theirs if table.name not in {"account", OWN_TABLE[kind]}], table.name

    assert looked_at == set(registry(Base.metadata, kind))


@pytest.mark.usefixtures("school")
def test_a_row_that_was_only_signed_is_not_about_who_signed_it() -> None:
    mark = TABLES["attendance_mark"]

    assert is_signature(mark.c.marked_by)
    assert kinds_of(mark.c.status) == {PersonKind.LEARNER}
    assert kinds_of(mark.c.marked_by_name) == {PersonKind.STAFF}
