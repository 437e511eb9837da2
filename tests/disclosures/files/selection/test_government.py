"""Files for DUO and Blik op Werk: exactly the fields that the statement names, of learners under the act alone."""

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.attendance.models import AttendanceMark
from portal.core.clock import now, today
from portal.core.crypto import files
from portal.core.db.session import session
from portal.courses.models import LearnerGroup
from portal.disclosures import queries
from portal.disclosures.files.wanted import Wanted, wanted_for
from portal.disclosures.models import Disclosure
from portal.disclosures.queries import list_learner_ids
from portal.finances.models import InvoiceLine
from portal.hours.figures.models import FigureKind, SchoolFigure
from portal.learners.corrections.models import Correction, CorrectionState
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Act, TargetGroup
from portal.policy.queries import current_policy
from portal.progress.models import ExamPart, ExamResult, LevelSource, Rung
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_mark
from tests.factories.courses import enrol, make_course, make_group, make_lesson
from tests.factories.disclosures import ask, make, make_scene
from tests.factories.learners import make_learner, make_trajectory

Enter = Callable[[str], AbstractContextManager[SchoolView]]
DAY = timedelta(days=1)
BSN = "111222333"
ENROLMENTS = {
    "learner.bsn", "learner.given_name", "learner.name_prefix", "learner.family_name", "learner.birth_date",
    "trajectory.act", "trajectory.starts_on", "trajectory.ends_on",
}  # fmt: skip
CONTRACTS = ENROLMENTS | {"trajectory.contract_number", "trajectory.hours_bought"}
OTHERS = ("duo_enrolments", "duo_contracts", "duo_exams", "duo_invoices")
HOURS = ENROLMENTS | {"attendance_mark.minutes"}


def wanted(template: str) -> Wanted:
    """Return what a file of the last four weeks holds."""
    policy = current_policy()
    return wanted_for(policy, policy.template(template), today() - 28 * DAY, today(), None)


def content(disclosure: Disclosure) -> str:
    """Return the text of a file that was made."""
    assert disclosure.file_id is not None
    return b"".join(files.open_file(disclosure.file_id)).decode()


def in_course(
    name: str, act: Act, group: TargetGroup | None = None, *, reports: bool = True, bsn: str | None = BSN
) -> Learner:
    """Return somebody in a group, with a trajectory under this act that reports to the government or doesn't."""
    learner = make_learner(name, bsn=bsn)
    make_trajectory(
        learner, act=act, target_group=group, reports_to_government=reports, starts_on=today() - 60 * DAY,
        hours_bought=600, contract_number=f"C-{name}",
    )  # fmt: skip
    enrol(learner, make_group(f"Groep {name}"), starts_on=today() - 30 * DAY)
    return learner


@pytest.mark.promise("MN-09")
@pytest.mark.parametrize("template", ["duo_enrolments", "duo_contracts", "duo_hours", "duo_exams", "duo_invoices"])
def test_who_is_not_under_the_act_is_left_out_and_said_so(template: str, enter: Enter) -> None:
    with enter("meester-in-nt2"):
        people = [in_course("Oud", Act.WI2013), in_course("Nieuw", Act.WI2021, TargetGroup.FAMILY, bsn="123456782")]
        people.append(in_course("Vrij", Act.VOLUNTARY, bsn=None))
        people.append(in_course("Stil", Act.WI2021, reports=False, bsn=None))
        for number, learner in enumerate(people):
            add_exam(learner)
            add_invoice(learner, f"F{number}")

        preview = queries.preview(wanted(template))

        assert set(preview.learner_ids) == {people[0].id, people[1].id}
        assert preview.left_out == {"not_reporting": 1, "not_under_act": 1}


@pytest.mark.promise("MN-09")
def test_a_file_for_duo_holds_enrolment_contract_exam_or_invoice_and_nothing_more(enter: Enter, app: Flask) -> None:
    with enter("meester-in-nt2"):
        scene = make_scene()
        learner = in_course("Oud", Act.WI2013)
        add_exam(learner)
        add_exam(learner, taken_on=today() - 90 * DAY)
        add_invoice(learner, "F-77")
        policy = current_policy()
        assert set(policy.template("duo_enrolments").fields) == ENROLMENTS
        assert set(policy.template("duo_contracts").fields) == CONTRACTS
        assert set(policy.template("duo_hours").fields) == HOURS
        for template in OTHERS:
            held = set(policy.categories_in(policy.template(template)))
            assert held <= {"name", "birth", "bsn", "trajectory", "exam", "finance"}, template
        with app.app_context():
            texts = {template: content(make(ask(scene, template))) for template in OTHERS}

    assert all(BSN in text for text in texts.values())
    assert "C-Oud" in texts["duo_contracts"]
    assert "600" in texts["duo_contracts"]
    assert texts["duo_exams"].count("Oud") == 1, "only exams of the period"
    assert "F-77" in texts["duo_invoices"]
    assert "F-77" not in texts["duo_enrolments"] + texts["duo_contracts"] + texts["duo_exams"]
    assert "C-Oud" not in texts["duo_enrolments"] + texts["duo_exams"]


@pytest.mark.promise("MN-09")
@pytest.mark.parametrize(
    ("act", "group", "is_given"),
    [
        (Act.WI2021, TargetGroup.FAMILY, True),
        (Act.WI2021, TargetGroup.OTHER, True),
        (Act.WI2021, TargetGroup.ASYLUM, False),
        (Act.WI2021, None, False),
        (Act.WI2013, TargetGroup.ASYLUM, True),
        (Act.WI2013, TargetGroup.FAMILY, True),
        (Act.WI2013, None, True),
    ],
)
def test_hours_attended_go_to_duo_by_act_and_target_group(
    act: Act, group: TargetGroup | None, is_given: bool, enter: Enter, app: Flask
) -> None:
    with enter("meester-in-nt2"):
        scene = make_scene()
        learner = in_course("Ander", act, group)
        attends(learner, 90)
        add_invoice(learner, "F-Ander")
        with app.app_context():
            disclosure = make(ask(scene, "duo_hours"))
            hours = rows_in(disclosure)
            others = {each: content(make(ask(scene, each))) for each in OTHERS}

        assert list_learner_ids(disclosure) == ([learner.id] if is_given else [])
        assert [row["Minuten les gevolgd"] for row in hours] == (["90"] if is_given else [])
        assert disclosure.left_out.get("not_by_law", 0) == (0 if is_given else 1)
        assert not any("Minuten les gevolgd" in text for text in others.values())
        assert "Ander" in others["duo_enrolments"], "her course is registered all the same"
        assert ("C-Ander" in others["duo_contracts"]) is is_given, "a contract is for a loan"
        assert ("F-Ander" in others["duo_invoices"]) is is_given, "an invoice is for a loan"


@pytest.mark.promise("MN-09")
def test_hours_count_on_days_of_which_duo_hears_within_the_period(enter: Enter, app: Flask) -> None:
    with enter("meester-in-nt2"):
        scene = make_scene()
        learner = make_learner("Ander", bsn=BSN)
        shared = {"act": Act.WI2021, "reports_to_government": True}
        changed_on = today() - 5 * DAY
        make_trajectory(
            learner, target_group=TargetGroup.ASYLUM, ends_on=changed_on - DAY, starts_on=today() - 60 * DAY, **shared
        )
        make_trajectory(learner, target_group=TargetGroup.FAMILY, starts_on=changed_on, **shared)
        enrol(learner, make_group("Groep Ander"), starts_on=today() - 40 * DAY)
        for minutes, ago in ((30, 2), (45, 4), (60, 9), (75, 35)):
            attends(learner, minutes, ago)
        mark = attends(learner, 10, 1)
        with app.app_context():
            assert [row["Minuten les gevolgd"] for row in rows_in(make(ask(scene, "duo_hours")))] == ["85"]
            contests(learner, mark)
            row = rows_in(make(ask(scene, "duo_hours")))[0]

    assert (row["Minuten les gevolgd"], row["Betwist"]) == ("85", "betwist")
    assert row["Begint op"] == changed_on.strftime("%d-%m-%Y") or changed_on.isoformat() in row["Begint op"]


@pytest.mark.promise("MN-10", part="course figures")
def test_figures_of_courses_name_nobody_and_leave_out_small_ones(enter: Enter, app: Flask) -> None:
    month = today().replace(day=1)
    with enter("meester-in-nt2"):
        scene = make_scene()
        big, small = make_course("Groot"), make_course("Klein")
        for course, people in ((big, 5), (small, 4)):
            session.add(
                SchoolFigure(
                    kind=FigureKind.COURSE, month=month, subject=str(course.id), people=people, learners=people,
                    lessons=9, minutes_offered=900, minutes_attended=800, exams=3, exams_passed=2, counted_at=now(),
                )
            )  # fmt: skip
        session.flush()
        with app.app_context():
            disclosure = make(ask(scene, "course_figures"))
            text = content(disclosure)
        assert queries.list_learner_ids(disclosure) == []
        assert disclosure.left_out == {}

    assert "Groot" in text
    assert "Klein" not in text
    for name in ("Amina", "Bereket", "Chen", "Yilmaz"):
        assert name not in text


def test_a_layout_that_was_not_found_is_marked_so(enter: Enter) -> None:
    with enter("meester-in-nt2"):
        policy = current_policy()
        unverified = {each.key for each in policy.templates if not each.is_layout_verified}
        assert unverified == {*OTHERS, "duo_hours", "course_figures"}


def rows_in(disclosure: Disclosure) -> list[dict[str, str]]:
    """Return the rows of a file, each by its headings."""
    return list(csv.DictReader(io.StringIO(content(disclosure).lstrip("\ufeff")), delimiter=";"))


def attends(learner: Learner, minutes: int, ago: int = 1) -> AttendanceMark:
    """Let somebody attend so many minutes of a lesson, so many days ago."""
    group_id = session.scalars(select(Enrolment.group_id).where(Enrolment.learner_id == learner.id)).one()
    group = session.get_one(LearnerGroup, (learner.school_id, group_id))
    mark = make_mark(make_lesson(group, held_on=today() - ago * DAY), learner)
    mark.minutes = minutes
    session.flush()
    return mark


def contests(learner: Learner, mark: AttendanceMark) -> None:
    """Let her say that a mark isn't right."""
    session.add(
        Correction(
            learner_id=learner.id, field="attendance_mark.status", entry_id=mark.id, proposed_at=now(),
            state=CorrectionState.CONTESTED,
        )
    )  # fmt: skip
    session.flush()


def add_exam(learner: Learner, taken_on: date | None = None) -> None:
    """Let somebody sit an exam."""
    session.add(
        ExamResult(
            learner_id=learner.id, part=ExamPart.READING, level=Rung.A2, taken_on=taken_on or today() - DAY,
            source=next(iter(LevelSource)), entered_by_name="Ans", entered_at=now(),
        )
    )  # fmt: skip
    session.flush()


def add_invoice(learner: Learner, number: str) -> None:
    """Write a line of an invoice."""
    session.add(
        InvoiceLine(
            learner_id=learner.id, number=number, issued_on=today() - DAY, description="Cursus", amount_cents=12500
        )
    )
    session.flush()
