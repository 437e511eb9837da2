"""Whose a row is, and what it brings, where two answers are near each other."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.courses.models import Course, CourseKind, LearnerGroup
from portal.imports.mappings.services import decide_row
from portal.imports.models import Listing, Outcome
from portal.imports.queries import get_rows, get_run
from portal.imports.runs.batch import BroughtIn, bring_in
from portal.imports.runs.storage import start_storing
from portal.learners.enrolments.models import Enrolment
from portal.learners.merges.services import merge_learners
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Act, Trajectory
from portal.organisations.models import ContactPerson, Organisation
from portal.progress.models import ExamPart, ExamResult
from portal.schools.queries import SchoolView
from tests.factories.courses import enrol, make_group
from tests.factories.imports import chosen, handed_in, make_office, sheet_bytes
from tests.factories.learners import make_learner, make_trajectory
from tests.jobs import do_jobs

pytestmark = pytest.mark.usefixtures("school")


def bring(header: Sequence[str], *rows: Sequence[Any], act: Act | None = None) -> BroughtIn:
    """Store a sheet."""
    data = sheet_bytes(header, *rows)
    return bring_in(data, "lijst.xlsx", act=act, grounds={}, is_trial=False, by=PORTAL)


def codes(done: BroughtIn) -> list[str]:
    """Return why rows were refused."""
    return [problem.code for row in done.plan.rows for problem in row.problems]


NAMES = ("Nummer", "Voornaam", "Achternaam", "Geboortedatum")


def test_a_number_given_to_somebody_else_is_refused() -> None:
    make_learner("Amina", "Berg", number="501", birth_date=date(1990, 9, 1))
    assert codes(bring(NAMES, ["501", "Bereket", "Tesfay", "2-9-1991"])) == ["number_of_other"]
    married = bring(NAMES, ["501", "Amina", "Tesfay", "1-9-1990"])
    assert married.plan.counts()["changed"] == 1


def test_a_number_of_somebody_with_another_name_is_a_persons_decision() -> None:
    make_learner("Anna", "Jansen", number="501")
    done = bring(("Nummer", "Voornaam", "Achternaam"), ["501", "Omar", "Haddad"])
    assert codes(done) == ["needs_decision"]
    assert [row.candidates for row in done.plan.rows] == [[session.scalars(select(Learner.id)).one()]]
    assert session.scalars(select(Learner.family_name)).all() == ["Jansen"]


def test_who_is_decided_to_be_somebody_else_gets_a_number_of_her_own() -> None:
    make_learner("Anna", "Jansen", number="501")
    checkpoint()
    office = make_office()
    run = chosen(
        handed_in(sheet_bytes(("Nummer", "Voornaam", "Achternaam"), ["501", "Omar", "Haddad"]), office), office
    )
    decide_row(run.id, "Blad1!2", "new", by=office)
    do_jobs("imports.check")
    start_storing(run.id, by=office)
    do_jobs("imports.store")
    assert get_run(run.id, SYSTEM).counts["added"] == 1
    assert get_rows(get_run(run.id, SYSTEM), Listing.NOTED, 1).rows[0]["notes"][0][1] == "number_dropped"
    found = {learner.family_name: learner.number for learner in session.scalars(select(Learner))}
    assert found["Jansen"] == "501"
    assert found["Haddad"] != "501"


def test_a_new_number_for_a_known_name_asks() -> None:
    make_learner("Nul", "Zondergeb", number="00778")
    assert codes(bring(("Nummer", "Voornaam", "Achternaam"), ["778", "Nul", "Zondergeb"])) == ["needs_decision"]


def test_a_name_split_in_another_way_is_the_same() -> None:
    make_learner("Omar", "al Ahmad", number="501")
    assert codes(bring(("Naam", "Telefoon"), ["Omar al Ahmad", "0612345678"])) == ["needs_decision"]


def test_the_same_in_capitals_is_merged() -> None:
    header = ("Voornaam", "Achternaam", "Geboortedatum", "Telefoon")
    done = bring(header, ["Anna", "Jansen", "1-1-1990", None], ["ANNA", "JANSEN", "1-1-1990", "0612345678"])
    assert [row.outcome for row in done.plan.rows] == [Outcome.ADDED, Outcome.CHANGED]
    assert session.scalars(select(Learner.family_name)).all() == ["Jansen"]
    again = bring(header, ["ANNA", "JANSEN", "1-1-1990", "0612345678"])
    assert codes(again) == ["needs_decision"]


def test_a_name_beside_one_with_a_birth_date_asks_for_it() -> None:
    header = ("Voornaam", "Achternaam", "Geboortedatum")
    assert codes(bring(header, ["Anna", "Jansen", "1-1-1990"], ["Anna", "Jansen", None])) == ["same_name_as_row"]


def test_somebody_with_one_name_comes_in_with_a_dash() -> None:
    header = ("Voornaam", "Achternaam")
    done = bring(header, ["Suharto", "-"], ["-", "Sukarno"], ["-", "-"], ["Anna", None])
    assert [row.outcome for row in done.plan.rows[:2]] == [Outcome.ADDED] * 2
    assert codes(done) == ["no_name", "no_name"]
    assert sorted(learner.full_name for learner in session.scalars(select(Learner))) == ["Suharto", "Sukarno"]


def test_only_headings_are_refused() -> None:
    with pytest.raises(Invalid) as refused:
        bring(("Voornaam", "Achternaam"))
    assert refused.value.code == "no_rows"


@pytest.mark.parametrize("name", ["=A2", "Ali:", "ali@x.nl", "<b>Ali</b>", "Ali|Sara", "#1"])
def test_a_sign_that_no_name_has_makes_it_none(name: str) -> None:
    assert codes(bring(("Voornaam", "Achternaam"), ["Ahmed", name], [name, "Ali"])) == ["not_a_name"] * 2


def test_several_groups_in_a_cell_are_asked_apart() -> None:
    header = ("Voornaam", "Achternaam", "Groep")
    assert codes(bring(header, ["Jan", "Smit", "A1; B1"], ["Eva", "Bos", "A1/A2 avond"])) == ["several_groups"]


def test_what_a_formula_left_is_no_name() -> None:
    done = bring(["Nummer", "Voornaam", "Achternaam"], ["501", "Ahmed", "0"], ["502", "Sara 2", "Ali"])
    assert codes(done) == ["not_a_name"]


def test_a_bsn_of_another_number_is_refused() -> None:
    known = make_learner("Amina", "Berg", number="501", bsn="123456782")
    make_trajectory(known, reports_to_government=True)
    make_learner("Bereket", "Tesfay", number="502")
    done = bring(("Nummer", "BSN", "Achternaam", "Voornaam"), ["502", "123456782", "Tesfay", "Bereket"])
    assert codes(done) == ["bsn_of_other"]


def test_a_new_number_on_a_known_bsn_is_a_change() -> None:
    known = make_learner("Amina", "Berg", number="501", bsn="123456782", birth_date=date(1990, 9, 1))
    make_trajectory(known, reports_to_government=True)
    done = bring((*NAMES, "BSN"), ["601", "Amina", "Berg", "1-9-1990", "123456782"])
    assert done.plan.counts()["changed"] == 1
    session.expire_all()
    assert session.scalars(select(Learner.number)).all() == ["601"]


def test_a_number_that_was_merged_away_is_refused() -> None:
    kept, gone = make_learner("Amina", "Berg", number="501"), make_learner("Amina", "Berg", number="502")
    checkpoint()
    merge_learners(kept.id, gone.id, by=make_office(), take={})
    number = session.scalars(select(Learner.number).where(Learner.merged_into_id.is_not(None))).one()
    assert codes(bring(NAMES, [number, "Amina", "Berg", "4-5-1990"])) == ["number_of_other"]


def test_a_namesake_asks_and_another_birth_date_doesnt() -> None:
    make_learner("Amina", "Berg", number="501", birth_date=date(1990, 9, 1))
    header = ("Voornaam", "Achternaam", "Geboortedatum")
    done = bring(header, ["AMINA", "Bérg", "1-9-1990"], ["Amina", "Berg", "2-9-1990"], ["Amina", "Berg", None])
    assert [row.outcome for row in done.plan.rows] == [Outcome.REFUSED, Outcome.ADDED, Outcome.REFUSED]
    assert codes(done) == ["needs_decision", "needs_decision"]


@pytest.mark.parametrize(
    ("row", "asked"),
    [
        (["901", "Fatma", "Darwisch", None], ["needs_decision"]),
        ([None, "Fatima", "Darwiesh", "1-9-1990"], ["needs_decision"]),
        (["901", "Fatma", "Darwisch", "2-9-1990"], []),
        (["901", "Karel", "Darwisch", None], []),
    ],
)
def test_a_name_that_sounds_like_one_that_is_there_asks(row: list[Any], asked: list[str]) -> None:
    there = make_learner("Fatima", "Darwish", number="501", birth_date=date(1990, 9, 1))
    there_id = str(there.id)
    done = bring(NAMES, row)
    assert codes(done) == asked
    if asked:
        [problem] = done.plan.rows[0].problems
        assert problem.facts == {"who": "501 · Fatima Darwish", "why": "sound"}
        assert [str(each) for each in done.plan.rows[0].candidates] == [there_id]


def test_rows_without_number_get_the_next_of_the_school_and_the_file() -> None:
    make_learner("Amina", "Berg", number="20000")
    bring(NAMES, ["30000", "Bereket", "Tesfay", None], [None, "Chen", "Li", None], [None, "Dina", "Ali", None])
    assert sorted(session.scalars(select(Learner.number))) == ["20000", "30000", "30001", "30002"]


def test_one_learner_in_two_groups_stands_on_two_rows() -> None:
    done = bring((*NAMES, "Groep"), ["501", "A", "B", None, "Alfa 1"], ["501", "A", "B", None, "Avond"])
    assert [row.outcome for row in done.plan.rows] == [Outcome.ADDED, Outcome.CHANGED]
    assert len(session.scalars(select(Enrolment)).all()) == 2


def test_groups_are_found_whatever_their_capitals_and_follow_the_course_named() -> None:
    header = (*NAMES, "Groep", "Cursus", "Startdatum")
    bring(
        header,
        ["501", "A", "B", None, "Alfa  1", "Alfabetisering", "7-9-2026"],
        ["502", "C", "D", None, "alfa 1", None, "1-9-2026"],
    )
    group = session.scalars(select(LearnerGroup)).one()
    course = session.scalars(select(Course)).one()
    assert (group.name, group.starts_on) == ("Alfa 1", date(2026, 9, 1))
    assert (course.name, course.kind, group.course_id) == ("Alfabetisering", CourseKind.LITERACY, course.id)


def test_a_client_manager_needs_her_client() -> None:
    done = bring((*NAMES, "Klantmanager"), ["501", "A", "B", None, "Kim de Boer"])
    assert codes(done) == ["manager_needs_client"]
    header = (*NAMES, "Opdrachtgever", "Klantmanager")
    bring(
        header,
        ["501", "A", "B", None, "Gemeente Zeist", "Kim de Boer"],
        ["502", "C", "D", None, "gemeente zeist", "kim de boer"],
    )
    assert session.scalars(select(Organisation.name)).all() == ["Gemeente Zeist"]
    contact = session.scalars(select(ContactPerson)).one()
    assert set(session.scalars(select(Trajectory.client_manager_id))) == {contact.id}


def test_a_trajectory_that_is_open_is_changed_and_another_act_is_another() -> None:
    known = make_learner("A", "B", number="501")
    make_trajectory(known, act=Act.WI2021, starts_on=date(2026, 1, 1))
    header = ("Nummer", "Wet", "Leerroute", "Start traject")
    assert bring(header, ["501", "Wi2021", "Z", "1-2-2026"]).plan.counts()["trajectories"] == 0
    session.expire_all()
    trajectory = session.scalars(select(Trajectory)).one()
    assert (trajectory.route, trajectory.starts_on) == ("z", date(2026, 2, 1))
    assert bring(header, ["501", "Wi2013", None, "1-2-2026"]).plan.counts()["trajectories"] == 1


def test_results_come_once_with_their_date() -> None:
    header = ("Nummer", "Voornaam", "Achternaam", "KNM", "ONA")
    assert codes(bring(header, ["501", "A", "B", "geslaagd", None])) == ["exam_needs_date"]
    for _ in range(2):
        bring(header, ["501", "A", "B", "geslaagd 1-9-2026", "nog niet"])
    result = session.scalars(select(ExamResult)).one()
    assert (result.part, result.is_passed, result.taken_on) == (ExamPart.KNM, True, date(2026, 9, 1))


def test_a_row_is_refused_whole_with_every_reason() -> None:
    done = bring((*NAMES, "Telefoon", "E-mail"), ["501", "A", "B", "31-2-1990", "0612", "a(at)b"])
    assert codes(done) == ["date_impossible", "phone_invalid", "email_invalid"]
    assert session.scalars(select(Learner)).all() == []


def test_a_name_that_is_missing_or_half_is_refused(school: SchoolView) -> None:
    assert codes(bring(("Nummer", "Voornaam", "Achternaam"), ["501", "A", None], ["502", None, "B"])) == [
        "no_name", "no_given_name",
    ]  # fmt: skip
    assert codes(bring(("Nummer", "Groep"), ["503", "A1"])) == ["unknown_learner"]


STAYS = ("Nummer", "Voornaam", "Achternaam", "Groep", "Startdatum", "Einddatum")


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, None, [("2026-01-05", "2026-06-30"), ("2026-11-20", None)]),
        ("5-1-2026", None, [("2026-01-05", "2026-06-30")]),
        ("1-5-2026", "31-7-2026", [("2026-01-05", "2026-07-31")]),
        ("1-9-2026", None, [("2026-01-05", "2026-06-30"), ("2026-09-01", None)]),
        (None, "15-6-2026", [("2026-01-05", "2026-06-15")]),
        ("1-9-2025", "19-12-2025", [("2025-09-01", "2025-12-19"), ("2026-01-05", "2026-06-30")]),
    ],
)
def test_a_row_never_puts_somebody_in_a_group_twice_at_once(
    clock: Callable[[datetime], None], first: str | None, last: str | None, expected: list[tuple[str, str | None]]
) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    learner, group = make_learner("Amina", "Berg", number="501"), make_group("A2 ochtend")
    make_trajectory(learner, starts_on=date(2026, 1, 5))
    enrol(learner, group, starts_on=date(2026, 1, 5), ends_on=date(2026, 6, 30))

    bring(STAYS, ["501", "Amina", "Berg", "A2 ochtend", first, last])

    session.expire_all()
    rows = session.scalars(select(Enrolment).order_by(Enrolment.starts_on))
    assert [(str(row.starts_on), row.ends_on and str(row.ends_on)) for row in rows] == expected


def test_an_end_in_a_sheet_does_not_run_into_her_next_time_in_the_group(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    learner, group = make_learner("Amina", "Berg", number="501"), make_group("A2 ochtend")
    enrol(learner, group, starts_on=date(2026, 1, 5), ends_on=date(2026, 12, 1))
    enrol(learner, group, starts_on=date(2027, 1, 4))

    bring(STAYS, ["501", "Amina", "Berg", "A2 ochtend", None, "5-2-2027"])

    session.expire_all()
    rows = session.scalars(select(Enrolment).order_by(Enrolment.starts_on))
    assert [str(row.ends_on) for row in rows] == ["2026-12-01", "2027-02-05"]


def test_who_left_a_group_and_stands_in_a_sheet_again_is_back_today(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    learner, group = make_learner("Amina", "Berg", number="501"), make_group("A2 ochtend")
    enrol(learner, group, starts_on=date(2026, 1, 5), ends_on=date(2026, 6, 30))

    bring((*STAYS[:4], "Start traject", "Wet"), ["501", "Amina", "Berg", "A2 ochtend", "5-1-2026", "Wi2021"])

    session.expire_all()
    rows = session.scalars(select(Enrolment).order_by(Enrolment.starts_on))
    assert [str(row.starts_on) for row in rows] == ["2026-01-05", "2026-11-20"]
