"""Storing and undoing: all or nothing, once, with sources, under the policy; and taken back where nobody changed it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.core import audit
from portal.core.clock import now, today
from portal.core.crypto import files, keys
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.access import PORTAL, Actor
from portal.core.http.scope import SYSTEM
from portal.core.jobs import cancel, find_open_job
from portal.courses.models import Course, LearnerGroup
from portal.imports.models import ImportPage, ImportRow, ImportRun, Listing, RunState
from portal.imports.queries import get_rows, get_run, list_kept, state_of
from portal.imports.runs.expiry import clear_expired, stop_run
from portal.imports.runs.storage import start_storing, store_workbook
from portal.imports.runs.undo import may_undo, start_undo
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import FieldOrigin, Learner, Source
from portal.learners.record.services import change_learner
from portal.learners.trajectories.models import Act, Trajectory
from portal.organisations.models import Organisation
from portal.progress.models import Level
from portal.schools.queries import SchoolView
from tests.factories.imports import chosen, handed_in, make_office, messy, sheet_bytes, stored
from tests.factories.learners import make_learner, make_trajectory
from tests.jobs import do_jobs

HEADER = ["Nummer", "Voornaam", "Achternaam", "Geboortedatum", "Telefoon", "Groep", "Wet", "BSN"]
ROWS = [
    ["501", "Amina", "van der Berg", "1-9-1990", "0612345678", "A1", "Wi2021", "123456782"],
    ["502", "Bereket", "Tesfay", "2-9-1991", "0612345679", "A1", "Wi2021", None],
]


@pytest.fixture
def office(school: SchoolView) -> Actor:
    """Somebody of administration at Lest Best."""
    return make_office()


def count(model: Any) -> int:
    """Count the rows of a table."""
    return session.scalar(select(func.count()).select_from(model)) or 0


def learner(number: str) -> Learner:
    """Return the learner with this number."""
    session.expire_all()
    return session.scalars(select(Learner).where(Learner.number == number)).one()


@pytest.mark.promise("MN-02", part="fields")
@pytest.mark.promise("MN-02", part="entries")
@pytest.mark.promise("MN-03", part="imported")
def test_values_keep_source_and_date_and_come_with_group_trajectory_and_hours(
    office: Actor, tmp_path: Path, enter: Callable[[str], Any]
) -> None:
    with enter("meester-in-nt2"):
        stored(messy("01-inschrijvingen-september.xlsx", tmp_path), make_office())
        amina = learner("1001")
        assert keys.unseal(amina.id, "learner.bsn", amina.bsn or b"") == "011222335"
        origins = {
            row.field: row for row in session.scalars(select(FieldOrigin).where(FieldOrigin.learner_id == amina.id))
        }
        assert {"learner.phone", "learner.bsn", "learner.birth_date"} <= set(origins)
        phone = origins["learner.phone"]
        assert (phone.source, phone.channel, phone.since_on) == (Source.SCHOOL, "import", today())
        trajectory = session.scalars(select(Trajectory).where(Trajectory.learner_id == amina.id)).one()
        assert (trajectory.act, trajectory.minutes_before, trajectory.reports_to_government) == (Act.WI2021, 2880, True)
        assert (trajectory.source, trajectory.channel, trajectory.since_on) == (Source.SCHOOL, "import", today())
        assert session.scalars(select(Organisation.name)).all() == ["Gemeente Utrecht"]
        enrolment = session.scalars(select(Enrolment).where(Enrolment.learner_id == amina.id)).one()
        assert enrolment.trajectory_id == trajectory.id
        assert set(session.scalars(select(LearnerGroup.name))) == {"A1 ochtend", "A1 avond"}


def test_levels_come_along(office: Actor, tmp_path: Path) -> None:
    stored(messy("07-niveaus.xlsx", tmp_path), office)
    levels = session.scalars(select(Level).where(Level.learner_id == learner("703").id)).all()
    assert {(level.skill.value, level.level.value) for level in levels} == {
        ("reading", "Alfa A"), ("listening", "A1"), ("writing", "Alfa A"), ("speaking", "A1"),
    }  # fmt: skip
    assert {level.entered_by_name for level in levels} == {office.name}


def test_the_file_is_kept_encrypted_and_destroyed_once_stored(office: Actor) -> None:
    run = handed_in(sheet_bytes(HEADER, *ROWS), office)
    assert run.file_id is not None
    kept = files.get_file(run.file_id)
    raw = files._path(kept.name)
    assert b"Tesfay" not in raw.read_bytes()
    run = chosen(run, office)
    sealed = b"".join(session.scalars(select(ImportPage.content)))
    assert b"Tesfay" not in sealed
    start_storing(run.id, by=office)
    do_jobs()
    assert get_run(run.id, SYSTEM).file_id is None
    assert not raw.exists()


def test_stopped_nothing_is_stored(office: Actor) -> None:
    run = chosen(handed_in(sheet_bytes(HEADER, *ROWS), office), office)
    start_storing(run.id, by=office)
    stop_run(run.id, by=office)
    do_jobs()
    run = get_run(run.id, SYSTEM)
    assert count(Learner) == 0
    assert state_of(run) is RunState.READY
    start_storing(run.id, by=office)
    do_jobs()
    assert count(Learner) == 2


def test_stopped_halfway_nothing_is_stored(office: Actor) -> None:
    """The worker looks between parts; what was stored so far goes with the transaction."""
    run = chosen(handed_in(sheet_bytes(HEADER, *ROWS), office), office)
    start_storing(run.id, by=office)
    checkpoint()
    steps: list[tuple[int, int]] = []

    class Stopped(Exception):
        """Somebody stopped it."""

    def step(done: int, total: int) -> None:
        steps.append((done, total))
        if done == total == 2:
            assert count(Learner) == 2
            raise Stopped

    with pytest.raises(Stopped), session.begin_nested():
        store_workbook(run.id, step, by=PORTAL)
    assert steps == [(0, 0), (0, 2), (2, 2)]
    assert (count(Learner), count(ImportRow), count(Trajectory), count(LearnerGroup), count(Course)) == (0, 0, 0, 0, 0)


def test_delivered_twice_it_is_stored_once(office: Actor) -> None:
    run = stored(sheet_bytes(HEADER, *ROWS), office)
    store_workbook(run.id, lambda _done, _total: None, by=PORTAL)
    assert (count(Learner), count(Trajectory), count(Enrolment)) == (2, 2, 2)
    with pytest.raises(Conflict):
        start_storing(run.id, by=office)


def test_it_is_worked_out_anew_when_stored(office: Actor) -> None:
    """What somebody typed between preview and storing isn't made a second time."""
    run = chosen(handed_in(sheet_bytes(HEADER, *ROWS), office), office)
    assert run.counts["added"] == 2
    make_learner("Amina", "Berg", name_prefix="van der", number="501", birth_date=date(1990, 9, 1))
    start_storing(run.id, by=office)
    do_jobs()
    assert count(Learner) == 2
    assert get_run(run.id, SYSTEM).counts["changed"] == 1


def test_an_empty_cell_never_clears_a_value(office: Actor) -> None:
    stored(sheet_bytes(HEADER, *ROWS), office)
    stored(
        sheet_bytes(["Nummer", "Achternaam", "Telefoon"], ["501", "Berg, van der", None], ["502", "Tesfai", None]),
        office,
    )
    assert learner("501").phone == "+31612345678"
    assert learner("502").family_name == "Tesfai"


def test_hours_arent_taken_over_twice(office: Actor, clock: Callable[[datetime], None]) -> None:
    """Once the portal counts a learner's hours itself, a sheet's hours so far would count double."""
    from tests.factories.attendance import make_mark
    from tests.factories.courses import make_lesson

    header = ["Nummer", "Achternaam", "Voornaam", "Wet", "Uren tot nu toe", "Groep"]
    stored(sheet_bytes(header, ["501", "Berg", "Amina", "Wi2021", 10, "A1"]), office)
    group = session.scalars(select(LearnerGroup)).one()
    make_mark(make_lesson(group), learner("501"))
    run = chosen(handed_in(sheet_bytes(header, ["501", "Berg", "Amina", "Wi2021", 60, "A1"]), office), office)
    assert run.counts["unchanged"] == 1
    assert get_rows(run, Listing.UNCHANGED, 1).rows[0]["notes"] == [["", "hours_counted_here", {}]]


@pytest.mark.promise("MN-04")
def test_a_bsn_comes_only_with_a_trajectory_that_reports(office: Actor, enter: Callable[[str], Any]) -> None:
    header = ["Nummer", "Voornaam", "Achternaam", "BSN"]
    data = sheet_bytes(header, ["501", "Amina", "Berg", "123456782"])
    with enter("meester-in-nt2"):
        admin = make_office()
        run = chosen(handed_in(data, admin), admin)
        assert (run.counts["refused"], run.counts["added"]) == (1, 0)
        assert get_rows(run, Listing.REFUSED, 1).rows[0]["problems"][0][1] == "needs_reporting_trajectory"
        run = stored(data, admin, act="wi2021")
        assert run.counts["added"] == 1
        assert learner("501").bsn is not None


@pytest.mark.promise("OP-04")
def test_a_field_that_needs_a_ground_is_refused_without_one(office: Actor, enter: Callable[[str], Any]) -> None:
    data = sheet_bytes(["Nummer", "Voornaam", "Achternaam", "Nationaliteit"], ["501", "Amina", "Berg", "Syrische"])
    with enter("onderwijs-pro"):
        admin = make_office()
        run = chosen(handed_in(data, admin), admin)
        assert get_rows(run, Listing.REFUSED, 1).rows[0]["problems"][0][1] == "needs_ground"
        run = stored(data, admin, grounds={"learner.nationality": "Nodig voor het examen"})
        assert run.counts["added"] == 1
        where = (FieldOrigin.learner_id == learner("501").id, FieldOrigin.field == "learner.nationality")
        assert session.scalars(select(FieldOrigin.ground).where(*where)).one() == "Nodig voor het examen"


def test_undone_nothing_is_left_of_what_was_added(office: Actor) -> None:
    run = stored(sheet_bytes(HEADER, *ROWS), office)
    amina = learner("501").id
    start_undo(run.id, by=office)
    do_jobs()
    run = get_run(run.id, SYSTEM)
    assert (run.state, run.counts["taken_back"], run.counts["kept"]) == (RunState.UNDONE, 2, 0)
    for model in (Learner, Trajectory, Enrolment, LearnerGroup, Course, FieldOrigin, ImportRow):
        assert count(model) == 0, model
    with pytest.raises(keys.KeyDestroyed):
        keys.seal(amina, "learner.bsn", "123456782")


def test_undone_values_stand_as_they_stood(office: Actor) -> None:
    stored(sheet_bytes(HEADER, *ROWS), office)
    before = learner("501")
    phone, version = before.phone, before.version
    changed = [["501", "Amina", "van der Berg", "1-9-1990", "0687654321", "A2", "Wi2021", "234567892"]]
    run = stored(sheet_bytes(HEADER, *changed), office)
    assert learner("501").phone == "+31687654321"
    start_undo(run.id, by=office)
    do_jobs()
    after = learner("501")
    assert (after.phone, after.version) == (phone, version + 2)
    assert keys.unseal(after.id, "learner.bsn", after.bsn or b"") == "123456782"
    assert session.scalars(select(LearnerGroup.name)).all() == ["A1"]
    assert count(Enrolment) == 2


@pytest.mark.promise("MN-02", part="entries")
def test_a_value_that_a_file_changed_in_a_trajectory_is_from_that_file_until_it_is_undone(office: Actor) -> None:
    known = make_learner("A", "B", number="501")
    trajectory = make_trajectory(known, act=Act.WI2021, starts_on=date(2026, 1, 1))
    run = stored(sheet_bytes(["Nummer", "Wet", "Leerroute"], ["501", "Wi2021", "Z"]), office)
    origins = select(FieldOrigin).where(FieldOrigin.entry_id == trajectory.id)
    [origin] = session.scalars(origins)
    assert (origin.field, origin.source, origin.channel) == ("trajectory.route", Source.SCHOOL, "import")
    start_undo(run.id, by=office)
    do_jobs()
    assert session.scalars(origins).all() == []


def test_what_somebody_changed_since_stays_and_is_listed(office: Actor, clock: Callable[[datetime], None]) -> None:
    run = stored(sheet_bytes(HEADER, *ROWS), office)
    clock(now() + timedelta(minutes=5))
    change_learner(learner("501").id, {"learner.city": "Utrecht"}, source=Source.SCHOOL, by=office)
    clock(now() + timedelta(minutes=5))
    start_undo(run.id, by=office)
    do_jobs()
    run = get_run(run.id, SYSTEM)
    assert (run.counts["taken_back"], run.counts["kept"]) == (1, 1)
    assert list_kept(run, SYSTEM) == [(learner("501").id, "Amina van der Berg")]
    assert session.scalars(select(Learner.number)).all() == ["501"]
    assert session.scalars(select(LearnerGroup.name)).all() == ["A1"]


def test_looking_at_a_learner_is_no_change(office: Actor, clock: Callable[[datetime], None]) -> None:
    run = stored(sheet_bytes(HEADER, *ROWS), office)
    clock(now() + timedelta(minutes=5))
    audit.saw([learner("501").id], "learners.record")
    audit.write_views()
    start_undo(run.id, by=office)
    do_jobs()
    assert count(Learner) == 0


def test_after_a_day_it_cant_be_undone_and_what_was_kept_for_it_is_gone(
    office: Actor, clock: Callable[[datetime], None]
) -> None:
    run = stored(sheet_bytes(HEADER, *ROWS, ["503", None, None, None, "0612", None, None, None]), office)
    assert may_undo(run)
    assert (count(ImportRow), count(ImportPage)) == (2, 1)
    clock(now() + timedelta(hours=24, minutes=1))
    with pytest.raises(Conflict):
        start_undo(run.id, by=office)
    assert clear_expired() == 1
    assert (count(ImportRow), count(ImportPage)) == (0, 0)
    assert clear_expired() == 0


def test_a_workbook_nobody_went_on_with_goes_after_a_day(office: Actor, clock: Callable[[datetime], None]) -> None:
    run = chosen(handed_in(sheet_bytes(HEADER, *ROWS), office), office)
    clock(now() + timedelta(hours=24, minutes=1))
    assert clear_expired() == 1
    run = get_run(run.id, SYSTEM)
    assert (run.state, run.file_id, count(ImportPage)) == (RunState.DISCARDED, None, 0)


def test_columns_are_remembered_by_their_header(office: Actor) -> None:
    data = sheet_bytes(["Code", "Achternaam", "Voornaam"], ["501", "Berg", "Amina"])
    run = handed_in(data, office)
    assert run.sheets[0]["targets"] == {"1": "learner.family_name", "2": "learner.given_name"}
    run.sheets = [{**run.sheets[0], "targets": {**run.sheets[0]["targets"], "0": "learner.number"}}]
    checkpoint()
    chosen(get_run(run.id, SYSTEM), office)
    other_order = sheet_bytes(["VOORNAAM", "code", "Achternaam"], ["Amina", "501", "Berg"])
    again = handed_in(other_order, office)
    assert again.sheets[0]["targets"]["1"] == "learner.number"


def test_statements_dont_grow_with_rows(office: Actor, count_statements: Callable[[], Any]) -> None:
    def rows(first: int, number: int) -> list[list[str | None]]:
        """Learners who sound like nobody else: each figure of a number is a sound of its own."""
        sounds = dict(zip("0123456789", ("ba", "da", "fa", "ga", "ka", "la", "ma", "na", "ra", "sa"), strict=True))
        names = {n: "".join(sounds[figure] for figure in str(n)[-4:]) for n in range(first, first + number)}
        return [[str(n), name, name[::-1], "1-1-1990", f"06{n:08}", "A1", "Wi2021", None] for n, name in names.items()]

    seen = []
    for first, number in ((10_000_001, 10), (20_000_001, 400)):
        with count_statements() as statements:
            stored(sheet_bytes(HEADER, *rows(first, number)), office)
        seen.append(len(statements))
    assert seen[1] - seen[0] <= 30  # some for each page of rows, none for a row


def test_the_audit_says_who_brought_what(office: Actor) -> None:
    stored(sheet_bytes(HEADER, *ROWS), office)
    events = session.execute(
        select(audit.AuditEvent.event, audit.AuditEvent.actor_name, audit.AuditEvent.learner_ids)
    ).all()
    by_event = {event: (name, learners) for event, name, learners in events}
    assert by_event["learners.added"][0] == office.name
    assert set(by_event["learners.added"][1]) == set(session.scalars(select(Learner.id)))
    assert {"imports.handed_in", "imports.mapped", "imports.stored", "imports.entries_stored"} <= set(by_event)


def test_one_job_stores_a_run_however_often_it_is_asked(office: Actor) -> None:
    run = chosen(handed_in(sheet_bytes(HEADER, *ROWS), office), office)
    start_storing(run.id, by=office)
    job = find_open_job("imports.store", str(run.id))
    assert job is not None
    cancel(job.id)
    assert get_run(run.id, SYSTEM).job_id == job.id
    assert session.scalars(select(ImportRun)).one().id == run.id
