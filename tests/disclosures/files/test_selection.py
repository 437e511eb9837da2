"""Which lessons are in the attendance file of a client: those its learners' own pages count, of days that it paid."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.attendance.models import AttendanceMark
from portal.core.clock import now, today
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.disclosures import queries
from portal.disclosures.files import selection
from portal.disclosures.files.wanted import Wanted, wanted_for
from portal.hours.queries import hours_of_learner
from portal.learners.corrections.models import Correction
from portal.learners.corrections.services import propose_correction
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Trajectory
from portal.policy.queries import current_policy
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_mark
from tests.factories.consent import agree, as_learner
from tests.factories.corrections import decide
from tests.factories.courses import enrol, make_course, make_group, make_lesson
from tests.factories.disclosures import Scene, make_scene
from tests.factories.learners import make_learner, make_organisation, make_trajectory

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


@pytest.fixture
def scene(app: Flask, school: SchoolView) -> Scene:
    """The scene at Lest Best, where Amina agreed: one lesson yesterday, in which she was present."""
    scene = make_scene()
    agree(scene.amina, "client_report")
    return scene


@pytest.fixture
def at_meester(app: Flask, enter: Callable[[str], AbstractContextManager[SchoolView]]) -> Iterator[Scene]:
    """The scene at Meester in NT2, which asks no consent for it: Bereket, whom nobody marked, is in it too."""
    with enter("meester-in-nt2"):
        yield make_scene()


def wanted(scene: Scene, **values: Any) -> Wanted:
    policy = current_policy()
    facts = {"starts_on": today() - 28 * DAY, "ends_on": today(), "client_id": scene.client.id, **values}
    return wanted_for(policy, policy.template("attendance_for_client"), **facts)


def totals(scene: Scene, **values: Any) -> list[tuple[int, int, int, int]]:
    """Lessons, those present, those open and minutes, of each learner in the file."""
    session.flush()
    what = wanted(scene, **values)
    rows = session.execute(selection.totals_of(what, selection.included(what))).all()
    found = [(row.lessons, row.present, row.open, row.minutes) for row in rows]
    preview = queries.preview(what)
    assert (preview.row_count, preview.count) == (sum(each[0] for each in found), len(found))
    return found


def only(model: Any, learner: Learner) -> Any:
    return session.scalars(select(model).where(model.learner_id == learner.id)).one()


def test_who_stands_twice_in_a_group_has_each_lesson_once(scene: Scene) -> None:
    enrol(scene.amina, scene.group, starts_on=today() - 20 * DAY)

    assert totals(scene) == [(1, 1, 0, 165)]


def test_a_mark_after_leaving_counts_as_on_her_own_page(scene: Scene) -> None:
    only(Enrolment, scene.amina).ends_on = today() - 5 * DAY

    assert totals(scene) == [(1, 1, 0, 165)]
    assert hours_of_learner(scene.amina.id, SYSTEM).minutes_attended == 165


def test_a_mark_counts_though_she_left_before_the_period(scene: Scene) -> None:
    only(Enrolment, scene.amina).ends_on = today() - 29 * DAY

    assert totals(scene) == [(1, 1, 0, 165)]


def test_the_file_says_what_her_own_page_says(scene: Scene) -> None:
    other = make_group()
    enrol(scene.amina, other, starts_on=today() - 25 * DAY, ends_on=today() - 10 * DAY)
    make_mark(make_lesson(other, held_on=today() - 20 * DAY), scene.amina, late_minutes=15)
    make_mark(make_lesson(other, held_on=today() - 2 * DAY), scene.amina)
    cancelled = make_lesson(scene.group, held_on=today() - 3 * DAY, cancelled_at=now(), cancelled_because="Storm")
    make_mark(cancelled, scene.amina)
    for day in (-4, 0, 3):
        make_lesson(scene.group, held_on=today() + day * DAY)

    hours = hours_of_learner(scene.amina.id, SYSTEM)

    assert totals(scene, ends_on=today() + 14 * DAY) == [
        (hours.lessons_filled + hours.open, hours.present, hours.open, hours.minutes_attended)
    ]
    assert (hours.present, hours.open, hours.minutes_attended) == (3, 2, 165 + 150 + 165)


@pytest.mark.promise("MN-08")
def test_a_client_gets_only_lessons_of_days_that_it_paid(at_meester: Scene) -> None:
    scene = at_meester
    ended = only(Trajectory, scene.amina)
    ended.ends_on = today() - 10 * DAY
    next_client = make_organisation("Gemeente Anders")
    make_trajectory(scene.amina, client_id=next_client.id, starts_on=today() - 9 * DAY)
    make_mark(make_lesson(scene.group, held_on=today() - 10 * DAY), scene.amina)
    make_lesson(scene.group, held_on=today() - 9 * DAY)

    amina, bereket = totals(scene)
    assert (amina, bereket) == ((1, 1, 0, 165), (3, 0, 3, 0))
    assert totals(scene, client_id=next_client.id) == [(2, 1, 1, 165)]


def test_of_two_who_pay_each_gets_the_lessons_of_its_own_trajectory(scene: Scene) -> None:
    first, employer = only(Trajectory, scene.amina), make_organisation("Bakkerij Bos")
    second = make_trajectory(scene.amina, client_id=employer.id, starts_on=today() - 60 * DAY)
    evening = make_group()
    only(Enrolment, scene.amina).trajectory_id = first.id
    enrol(scene.amina, evening, starts_on=today() - 30 * DAY, trajectory_id=second.id)
    make_lesson(evening, held_on=today() - 2 * DAY)

    assert totals(scene) == [(1, 1, 0, 165)]
    assert totals(scene, client_id=employer.id) == [(1, 0, 1, 0)]


def test_an_enrolment_of_a_trajectory_that_ended_is_the_next_clients(scene: Scene) -> None:
    ended = only(Trajectory, scene.amina)
    only(Enrolment, scene.amina).trajectory_id = ended.id
    ended.ends_on = today() - 10 * DAY
    next_client = make_organisation("Gemeente Anders")
    make_trajectory(scene.amina, client_id=next_client.id, starts_on=today() - 9 * DAY)

    assert totals(scene, client_id=next_client.id) == [(1, 1, 0, 165)]


def contest(scene: Scene) -> Correction:
    """Let Amina say that she wasn't there in the one lesson of which the register says so."""
    mark = only(AttendanceMark, scene.amina)
    return propose_correction(
        scene.amina.id, "attendance_mark.status", "absent", entry_id=mark.id, by=as_learner(scene.amina)
    )


def rows_in(wanted: Wanted) -> list[Any]:
    session.flush()
    return list(session.execute(selection.rows_of(wanted, selection.included(wanted))[1]))


def test_a_contested_mark_is_in_no_file_but_for_one_that_a_statute_asks(scene: Scene) -> None:
    said = contest(scene)
    make_mark(make_lesson(scene.group, held_on=today() - 2 * DAY), scene.amina)
    ours = wanted(scene)
    statutory = replace(ours, is_statutory=True)

    assert (len(rows_in(ours)), totals(scene)) == (1, [(1, 1, 0, 165)])
    assert sorted(row[-1] or "" for row in rows_in(statutory)) == ["", "contested"]

    decide(said.id, accept=False, answer="U was er.", by=scene.office)
    assert (len(rows_in(ours)), totals(scene)) == (2, [(2, 2, 0, 330)])
    assert {row[-1] for row in rows_in(statutory)} == {None}


def test_only_who_asks_by_statute_reads_that_a_mark_is_contested(scene: Scene) -> None:
    headings = [column.heading for column in selection.columns_of(wanted(scene))[0]]
    in_statutory = [column.heading for column in selection.columns_of(replace(wanted(scene), is_statutory=True))[0]]

    assert in_statutory == [*headings, "Betwist"]


def test_who_had_no_lesson_that_counts_is_left_out_and_that_is_said(scene: Scene) -> None:
    only(Trajectory, scene.amina).ends_on = today() - 10 * DAY
    session.flush()

    preview = queries.preview(wanted(scene))

    assert (preview.count, preview.row_count) == (0, 0)
    assert preview.left_out == {"no_lessons": 1, "no_consent": 1}


def test_a_file_for_one_course_leaves_out_who_follows_another(
    app: Flask, enter: Callable[[str], AbstractContextManager[SchoolView]]
) -> None:
    with enter("onderwijs-pro"), app.app_context():
        amina, bereket = make_learner("Amina"), make_learner("Bereket")
        enrol(amina, make_group(course=make_course("Flexibele leerroute")))
        enrol(bereket, make_group(course=make_course("Rekenen op het mbo")))
        policy = current_policy()
        wanted = wanted_for(policy, policy.template("test_registration"), today() - 5 * DAY, today(), None)
        found = selection.candidates(wanted)

        reasons = {row.id: row.reason for row in session.execute(select(found.c.id, found.c.reason))}

    assert reasons == {amina.id: None}


def test_a_file_about_children_speaks_of_no_one_else(
    app: Flask, enter: Callable[[str], AbstractContextManager[SchoolView]]
) -> None:
    with enter("leren-leren"), app.app_context():
        child, adult, group = make_learner("Yara", birth_date=today() - 12 * 365 * DAY), make_learner(), make_group()
        enrol(child, group)
        enrol(adult, group)
        policy = current_policy()
        wanted = wanted_for(policy, policy.template("children_for_school"), today() - 5 * DAY, today(), None)
        found = selection.candidates(wanted)

        reasons = {row.id: row.reason for row in session.execute(select(found.c.id, found.c.reason))}

    assert reasons == {child.id: "no_consent"}
