"""Whose rows of a list are, of names and numbers however they are mixed: never somebody out of reach, never a guess."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from portal.core.db.base import new_id
from portal.core.http.access import PORTAL
from portal.imports.models import Outcome
from portal.imports.plans.likeness import is_named_otherwise, name_parts
from portal.imports.plans.parts import Person, Plan
from portal.imports.plans.snapshot import Snapshot
from portal.imports.results.findings import ForAll, Reader
from portal.imports.results.plan import ResultRules, make_results_plan
from portal.imports.workbooks.records import Record
from portal.progress.models import LevelSource

TODAY = date(2026, 11, 29)
NAMES = st.sampled_from(["Amina", "Omar", "Yusuf", "Lina"])
BORN = st.none() | st.sampled_from([date(1990, 1, 1), date(1985, 6, 5)])
PEOPLE = st.lists(st.tuples(NAMES, NAMES, BORN, st.booleans()), max_size=6)
LEVELS = st.sampled_from(["A1", "A2", "B1"])
ROWS = st.lists(st.tuples(st.none() | st.integers(0, 8), st.none() | NAMES, NAMES, BORN, LEVELS), max_size=8)
LABELS = {"learner.number": "Nummer", "learner.full_name": "Naam", "skill.reading": "Lezen"}


def snapshot_of(people: Sequence[tuple[str, str, date | None, bool]]) -> tuple[Snapshot, frozenset[UUID]]:
    """Return these people as they are known, with who of them is in the group."""
    known, members = Snapshot(), set()
    for number, (given_name, family, born, is_member) in enumerate(people):
        person = Person(new_id(), is_new=False, version=1)
        person.values = {
            "learner.number": str(number),
            "learner.given_name": given_name,
            "learner.name_prefix": None,
            "learner.family_name": family,
            "learner.birth_date": born,
        }
        known.by_number[str(number)] = known.by_id[person.learner_id] = person
        known.by_name[name_parts(person.values)].append(person)
        known.names[person.learner_id] = f"{number} · {person.name}"
        members |= {person.learner_id} if is_member else set()
    return known, frozenset(members)


def record_of(at: int, row: tuple[int | None, str | None, str, date | None, str]) -> Record:
    number, given_name, family, born, level = row
    values: dict[str, object] = {"skill.reading": level}
    if number is not None:
        values["learner.number"] = str(number)
    if given_name is not None:
        values |= {"learner.given_name": given_name, "learner.family_name": family}
    if born is not None:
        values["learner.birth_date"] = born
    return Record("", at + 2, values, [])


def planned(
    people: Sequence[tuple[str, str, date | None, bool]],
    rows: Sequence[tuple[int | None, str | None, str, date | None, str]],
) -> tuple[Snapshot, frozenset[UUID], Plan]:
    known, members = snapshot_of(people)
    rules = ResultRules(PORTAL, datetime(2026, 11, 29, tzinfo=UTC), frozenset({"levels"}), members)
    reader = Reader(LABELS, ForAll(LevelSource.TEST, day=TODAY), TODAY, has_sublevels=False)
    records = [record_of(at, row) for at, row in enumerate(rows)]
    return known, members, make_results_plan(records, known, rules, readers={"": reader})


@given(PEOPLE, ROWS)
def test_a_row_leads_to_one_who_can_be_told_by_it_or_to_nobody(
    people: list[tuple[str, str, date | None, bool]],
    rows: list[tuple[int | None, str | None, str, date | None, str]],
) -> None:
    known, members, plan = planned(people, rows)
    for row in plan.rows:
        values, person = row.record.values, row.person
        if person is None:
            assert row.outcome is Outcome.REFUSED
            continue
        assert known.by_id[person.learner_id] is person
        assert not person.is_new
        born, stored = values.get("learner.birth_date"), person.values["learner.birth_date"]
        assert None in {born, stored} or born == stored
        if "learner.number" in values:
            assert person.values["learner.number"] == values["learner.number"]
            assert not is_named_otherwise(person.values, values)
        else:
            assert name_parts(person.values) == name_parts(values)
            alike = known.by_name[name_parts(values)]
            assert (born is not None and [each for each in alike if each.values["learner.birth_date"] == born]) or [
                each for each in alike if each.learner_id in members
            ]


@given(PEOPLE, ROWS)
def test_nobody_has_two_results_of_one_skill_day_and_test(
    people: list[tuple[str, str, date | None, bool]],
    rows: list[tuple[int | None, str | None, str, date | None, str]],
) -> None:
    _known, _members, plan = planned(people, rows)
    assert all(len(person.of("level")) == 1 for person in plan.people)
    changed = [row for row in plan.rows if row.outcome is Outcome.CHANGED]
    assert len(changed) == len(plan.people) == len({row.person.learner_id for row in changed if row.person})
    assert not any((plan.new_groups, plan.new_courses, plan.new_clients, plan.new_contacts))
    assert sum(plan.counts()[outcome.value] for outcome in Outcome) == len(rows)


@given(PEOPLE, ROWS)
def test_what_isnt_reached_is_told_in_the_same_words_as_what_isnt_there(
    people: list[tuple[str, str, date | None, bool]],
    rows: list[tuple[int | None, str | None, str, date | None, str]],
) -> None:
    _known, _members, plan = planned(people, rows)
    for row in plan.rows:
        for problem in row.problems:
            if problem.code == "not_within_reach":
                assert problem.facts == {}
                assert row.candidates == []
