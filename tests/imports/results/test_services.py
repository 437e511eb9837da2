"""A list of results from file to record: whose rows are, what is stored once, asked about, refused, and taken back."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts.actors import actor_of
from portal.core.audit import AuditEvent, whom
from portal.core.clock import now
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.courses.models import LearnerGroup
from portal.imports.mappings.services import decide_result, decide_row
from portal.imports.models import ImportRun, Listing, RunState
from portal.imports.queries import get_rows, get_run, get_run_for
from portal.imports.runs.storage import start_storing
from portal.imports.runs.undo import start_undo
from portal.learners.record.models import Learner, Source
from portal.learners.record.services import change_learner
from portal.progress.levels.services import NewLevel, record_levels
from portal.progress.models import ExamPart, ExamResult, Level, LevelSource, Rung, Skill
from portal.schools.queries import SchoolView
from tests.factories.courses import enrol, make_group, make_teacher_of
from tests.factories.imports import make_office, results_checked, results_in, results_stored, sheet_bytes
from tests.factories.learners import make_learner
from tests.jobs import do_jobs
from tests.signing_in import make_account

DAY = "3-11-2026"
ON = date(2026, 11, 3)
WIDE = ["Nummer", "Naam", "Lezen", "Luisteren", "KNM", "Datum"]


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    """A group of two."""
    group = make_group("A2 ochtend")
    for number, given, family in (("101", "Amina", "Yusuf"), ("102", "Omar", "Haddad")):
        enrol(make_learner(given, family, number=number, birth_date=date(1990, 5, 1)), group)
    return group


@pytest.fixture
def teacher(group: LearnerGroup) -> Actor:
    """Its teacher."""
    account = make_account("Tess Bakker", "teacher")
    actor = actor_of(account.id, account.name, frozenset({"teacher"}))
    make_teacher_of(group, actor)
    checkpoint()
    return actor


def learner(number: str) -> Learner:
    return session.scalars(select(Learner).where(Learner.number == number)).one()


def levels() -> list[tuple[str, str, str, date]]:
    session.expire_all()
    found = session.scalars(select(Level).order_by(Level.skill, Level.found_on, Level.id))
    return [(each.skill.value, each.level.value, each.source.value, each.found_on) for each in found]


def problems(run: ImportRun) -> list[tuple[str, str]]:
    return [(column, code) for row in get_rows(run, Listing.REFUSED, 1).rows for column, code, _ in row["problems"]]


def told(number: str) -> set[str]:
    links = whom([learner(number).id])
    return set(session.scalars(select(AuditEvent.event).join(links, links.c.event_id == AuditEvent.id)))


def test_a_wide_list_is_stored_as_levels_and_results_of_that_day(teacher: Actor, group: LearnerGroup) -> None:
    run = results_stored(
        sheet_bytes(
            WIDE, ["101", "Amina Yusuf", "A2", "A1", "geslaagd", DAY], [None, "Omar Haddad", "B1", None, None, DAY]
        ),
        teacher,
        group.id,
    )
    assert (run.state, run.counts["changed"], run.counts["refused"]) == (RunState.STORED, 2, 0)
    assert levels() == [
        ("listening", "A1", "test", ON),
        ("reading", "A2", "test", ON),
        ("reading", "B1", "test", ON),
    ]
    result = session.scalars(select(ExamResult)).one()
    assert (result.part, result.is_passed, result.taken_on, result.entered_by) == (
        ExamPart.KNM,
        True,
        ON,
        teacher.account_id,
    )
    assert "imports.results_stored" in told("101")
    assert run.file_id is None


def test_a_list_with_a_row_a_skill(teacher: Actor, group: LearnerGroup) -> None:
    header = ["Cursistnummer", "Vaardigheid", "Uitslag", "Score", "Toets", "Datum"]
    results_stored(
        sheet_bytes(
            header,
            ["101", "Lezen", "A2", None, "voortgangstoets", DAY],
            ["101", "schrijven", "gezakt", "41", "examen", DAY],
            ["102", "KNM", "geslaagd", None, "DUO", DAY],
        ),
        teacher,
    )
    assert levels() == [("reading", "A2", "test", ON)]
    found = session.scalars(select(ExamResult).order_by(ExamResult.part)).all()
    assert {(each.part.value, each.is_passed, each.score, each.source.value) for each in found} == {
        ("writing", False, "41", "exam"),
        ("knm", True, None, "exam"),
    }


def test_what_a_list_doesnt_say_is_chosen_for_all_rows(teacher: Actor, group: LearnerGroup) -> None:
    run = results_in(sheet_bytes(["Naam", "Niveau"], ["Amina Yusuf", "A2"]), teacher, group.id)
    results_checked(run, teacher, test="intake", skill="skill.speaking", day=ON)
    start_storing(run.id, by=teacher)
    do_jobs("imports.store")
    assert levels() == [("speaking", "A2", "intake", ON)]


def test_sent_twice_is_stored_once(teacher: Actor, group: LearnerGroup) -> None:
    data = sheet_bytes(WIDE, ["101", "Amina Yusuf", "A2", None, "gezakt", DAY])
    results_stored(data, teacher)
    again = results_checked(results_in(data, teacher), teacher)
    assert (again.counts["changed"], again.counts["unchanged"]) == (0, 1)
    with pytest.raises(Conflict, match="nothing_to_store"):
        start_storing(again.id, by=teacher)
    assert len(levels()) == 1
    assert session.scalar(select(func.count()).select_from(ExamResult)) == 1


def test_whom_she_doesnt_reach_is_as_one_unknown(teacher: Actor, group: LearnerGroup) -> None:
    enrol(make_learner("Samira", "Bakir", number="301"), make_group("Van een ander"))
    checkpoint()
    rows = [["301", "Samira Bakir", "A2", None, None, DAY], ["999", "Nie Mand", "A2", None, None, DAY]]
    rows += [[None, "Samira Bakir", "A2", None, None, DAY], [None, "Nie Mand", "A2", None, None, DAY]]
    run = results_checked(results_in(sheet_bytes(WIDE, *rows), teacher, group.id), teacher)
    refused = get_rows(run, Listing.REFUSED, 1).rows
    told_of = [{**row, "row": 0, "who": "", "number": "", "cells": []} for row in refused]
    assert [told_of[0], told_of[2]] == [told_of[1], told_of[3]]
    assert problems(run) == [
        ("Nummer", "not_within_reach"),
        ("Nummer", "not_within_reach"),
        ("Naam", "not_within_reach"),
        ("Naam", "not_within_reach"),
    ]
    assert session.scalar(select(func.count()).select_from(Learner)) == 3


def test_the_office_reaches_everyone_of_the_school(school: SchoolView, group: LearnerGroup) -> None:
    results_stored(sheet_bytes(["Nummer", "Lezen", "Datum"], ["101", "A2", DAY]), make_office())
    assert levels() == [("reading", "A2", "test", ON)]


@pytest.mark.usefixtures("group")
def test_a_birth_date_tells_who_it_is_only_to_who_sees_it(teacher: Actor) -> None:
    data = sheet_bytes(["Naam", "Geboortedatum", "Lezen", "Datum"], ["Amina Yusuf", "2-2-1970", "A2", DAY])
    assert problems(results_checked(results_in(data, teacher), teacher)) == [("", "needs_decision")]
    office = make_office()
    assert problems(results_checked(results_in(data, office), office)) == [("Naam", "not_within_reach")]
    right = sheet_bytes(["Naam", "Geboortedatum", "Lezen", "Datum"], ["Amina Yusuf", "1-5-1990", "A2", DAY])
    assert results_checked(results_in(right, office), office).counts["changed"] == 1


def test_of_two_with_one_name_a_person_says_which(teacher: Actor, group: LearnerGroup) -> None:
    enrol(make_learner("Amina", "Yusuf", number="103"), group)
    checkpoint()
    run = results_in(sheet_bytes(["Naam", "Lezen", "Datum"], ["Amina Yusuf", "A2", DAY]), teacher, group.id)
    run = results_checked(run, teacher)
    row = get_rows(run, Listing.REFUSED, 1).rows[0]
    assert (row["problems"][0][1], row["problems"][0][2]["why"]) == ("needs_decision", "several")
    assert {name[:3] for _key, name in row["candidates"]} == {"101", "103"}
    decide_row(run.id, f"{row['sheet']}!{row['row']}", str(learner("103").id), by=teacher)
    do_jobs("imports.check")
    start_storing(run.id, by=teacher)
    do_jobs("imports.store")
    session.expire_all()
    assert session.scalars(select(Level.learner_id)).all() == [learner("103").id]


def make_level(by: Actor, level: Rung = Rung.A1, source: LevelSource = LevelSource.TEST) -> None:
    record_levels([NewLevel(learner("101").id, Skill.READING, level)], found_on=ON, source=source, by=by)
    checkpoint()


@pytest.mark.parametrize(("decision", "left"), [("replace", "A2"), ("keep", "A1")])
def test_a_result_that_stands_otherwise_is_asked_about(
    teacher: Actor, group: LearnerGroup, decision: str, left: str
) -> None:
    make_level(teacher)
    run = results_checked(results_in(sheet_bytes(WIDE, ["101", None, "A2", "A2", None, DAY]), teacher), teacher)
    assert problems(run) == [("Lezen", "result_differs")]
    decide_result(run.id, "Blad1!2", decision, by=teacher)
    do_jobs("imports.check")
    start_storing(run.id, by=teacher)
    do_jobs("imports.store")
    assert levels() == [("listening", "A2", "test", ON), ("reading", left, "test", ON)]
    start_undo(run.id, by=teacher)
    do_jobs("imports.undo")
    assert levels() == [("reading", "A1", "test", ON)]


def test_one_of_another_test_stands_beside_it(teacher: Actor, group: LearnerGroup) -> None:
    make_level(teacher, source=LevelSource.TEACHER)
    results_stored(sheet_bytes(WIDE, ["101", None, "A2", None, None, DAY]), teacher)
    assert {each[1:3] for each in levels()} == {("A1", "teacher"), ("A2", "test")}


def test_two_rows_that_contradict_each_other(teacher: Actor, group: LearnerGroup) -> None:
    rows = [
        ["101", None, "A2", None, None, DAY],
        ["101", None, "A2", None, None, DAY],
        ["101", None, "B1", None, None, DAY],
    ]
    run = results_checked(results_in(sheet_bytes(WIDE, *rows), teacher), teacher)
    assert problems(run) == [("Lezen", "duplicate_row"), ("Lezen", "conflicts_with_row")]
    assert run.counts["changed"] == 1


def test_what_was_entered_since_stays_when_it_is_taken_back(
    teacher: Actor, group: LearnerGroup, clock: Callable[[datetime], None]
) -> None:
    data = sheet_bytes(WIDE, ["101", None, "A2", None, None, DAY], ["102", None, "B1", None, None, DAY])
    run = results_stored(data, teacher)
    clock(now() + timedelta(minutes=5))
    make_level(teacher, Rung.B2, LevelSource.TEACHER)
    change_learner(learner("102").id, {"learner.city": "Utrecht"}, source=Source.SCHOOL, by=make_office())
    start_undo(run.id, by=teacher)
    do_jobs("imports.undo")
    run = get_run(run.id, SYSTEM)
    assert (run.state, run.counts["taken_back"], run.counts["kept"]) == (RunState.UNDONE, 1, 1)
    assert {each[1] for each in levels()} == {"A2", "B2"}
    assert "imports.results_undone" in told("102")


def test_after_a_day_it_cant_be_taken_back(
    teacher: Actor, group: LearnerGroup, clock: Callable[[datetime], None]
) -> None:
    run = results_stored(sheet_bytes(WIDE, ["101", None, "A2", None, None, DAY]), teacher)
    clock(now() + timedelta(hours=25))
    with pytest.raises(Conflict, match="undo_over"):
        start_undo(run.id, by=teacher)


def test_another_teachers_list_isnt_there(teacher: Actor, group: LearnerGroup) -> None:
    run = results_in(sheet_bytes(WIDE, ["101", None, "A2", None, None, DAY]), teacher)
    account = make_account("Ilse Brouwer", "teacher")
    other = actor_of(account.id, account.name, frozenset({"teacher"}))
    with pytest.raises(NotFound):
        get_run_for(other, run.id)
    with pytest.raises(NotAllowed):
        get_run_for(actor_of(account.id, account.name, frozenset({"management"})), run.id)
    assert get_run_for(make_office(), run.id).id == run.id


def test_who_no_longer_teaches_the_group_stores_nothing(teacher: Actor, group: LearnerGroup) -> None:
    run = results_checked(results_in(sheet_bytes(WIDE, ["101", None, "A2", None, None, DAY]), teacher), teacher)
    start_storing(run.id, by=teacher)
    end_teaching(group)
    do_jobs("imports.store")
    assert levels() == []
    assert problems(get_run(run.id, SYSTEM)) == [("Nummer", "not_within_reach")]


def end_teaching(group: LearnerGroup) -> None:
    from portal.courses.models import GroupTeacher

    for row in session.scalars(select(GroupTeacher).where(GroupTeacher.group_id == group.id)):
        row.ends_on = date(2026, 2, 1)
    session.flush()
    checkpoint()


REFUSED: list[tuple[list[Any], tuple[str, str]]] = [
    (["101", None, "B7", None, None, DAY], ("Lezen", "result_unreadable")),
    (["101", None, "A2-", None, None, DAY], ("Lezen", "level_unknown")),
    (["101", None, "A2", None, None, None], ("Datum", "no_day")),
    (["101", None, "A2", None, None, "3-11-2099"], ("Datum", "date_in_future")),
    (["101", None, "A2", None, None, "1-1-1950"], ("Datum", "day_too_long_ago")),
    (["101", None, None, None, None, DAY], ("", "no_result")),
    ([None, None, "A2", None, None, DAY], ("Naam", "nobody_in_row")),
    (["101", None, "a\0" * 400, None, None, DAY], ("Lezen", "result_unreadable")),
]


@pytest.mark.parametrize(("row", "why"), REFUSED)
def test_what_is_wrong_is_told_beside_its_column(
    teacher: Actor, group: LearnerGroup, row: list[Any], why: tuple[str, str]
) -> None:
    good = ["102", None, "A2", None, None, DAY]
    run = results_checked(results_in(sheet_bytes(WIDE, row, good), teacher), teacher)
    assert problems(run) == [why]
    assert run.counts["changed"] == 1
