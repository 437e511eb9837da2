"""Files for DUO and Blik op Werk: exactly the fields that the statement names, of learners under the act alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from flask import Flask

from portal.core.clock import now, today
from portal.core.crypto import files
from portal.core.db.session import session
from portal.disclosures import queries
from portal.disclosures.files.wanted import Wanted, wanted_for
from portal.disclosures.models import Disclosure
from portal.finances.models import InvoiceLine
from portal.hours.figures.models import FigureKind, SchoolFigure
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Act
from portal.policy.queries import current_policy
from portal.progress.models import ExamPart, ExamResult, LevelSource, Rung
from portal.schools.queries import SchoolView
from tests.factories.courses import enrol, make_course, make_group
from tests.factories.disclosures import ask, make, make_scene
from tests.factories.learners import make_learner, make_trajectory

Enter = Callable[[str], AbstractContextManager[SchoolView]]
DAY = timedelta(days=1)
BSN = "111222333"
CONTRACTS = {
    "learner.bsn", "learner.given_name", "learner.name_prefix", "learner.family_name", "learner.birth_date",
    "trajectory.act", "trajectory.starts_on", "trajectory.ends_on", "trajectory.contract_number",
    "trajectory.hours_bought",
}  # fmt: skip


def wanted(template: str) -> Wanted:
    """Return what a file of the last four weeks holds."""
    policy = current_policy()
    return wanted_for(policy, policy.template(template), today() - 28 * DAY, today(), None)


def content(disclosure: Disclosure) -> str:
    """Return the text of a file that was made."""
    assert disclosure.file_id is not None
    return b"".join(files.open_file(disclosure.file_id)).decode()


def in_course(name: str, act: Act, *, reports: bool = True, bsn: str | None = BSN) -> Learner:
    """Return somebody in a group, with a trajectory under this act that reports to the government or doesn't."""
    learner = make_learner(name, bsn=bsn)
    make_trajectory(
        learner, act=act, reports_to_government=reports, starts_on=today() - 60 * DAY, hours_bought=600,
        contract_number=f"C-{name}",
    )  # fmt: skip
    enrol(learner, make_group(f"Groep {name}"), starts_on=today() - 30 * DAY)
    return learner


@pytest.mark.promise("MN-09")
@pytest.mark.parametrize("template", ["duo_contracts", "duo_exams", "duo_invoices"])
def test_who_is_not_under_the_act_is_left_out_and_said_so(template: str, enter: Enter) -> None:
    with enter("meester-in-nt2"):
        people = [in_course("Oud", Act.WI2013), in_course("Nieuw", Act.WI2021, bsn="123456782")]
        people.append(in_course("Vrij", Act.VOLUNTARY, bsn=None))
        people.append(in_course("Stil", Act.WI2021, reports=False, bsn=None))
        for number, learner in enumerate(people):
            add_exam(learner)
            add_invoice(learner, f"F{number}")

        preview = queries.preview(wanted(template))

        assert set(preview.learner_ids) == {people[0].id, people[1].id}
        assert preview.left_out == {"not_reporting": 1, "not_under_act": 1}


@pytest.mark.promise("MN-09")
def test_a_file_for_duo_holds_contract_exam_or_invoice_and_nothing_more(enter: Enter, app: Flask) -> None:
    with enter("meester-in-nt2"):
        scene = make_scene()
        learner = in_course("Oud", Act.WI2013)
        add_exam(learner)
        add_exam(learner, taken_on=today() - 90 * DAY)
        add_invoice(learner, "F-77")
        policy = current_policy()
        assert set(policy.template("duo_contracts").fields) == CONTRACTS
        for template in ("duo_contracts", "duo_exams", "duo_invoices"):
            held = set(policy.categories_in(policy.template(template)))
            assert held <= {"name", "birth", "bsn", "trajectory", "exam", "finance"}, template
        with app.app_context():
            texts = {
                template: content(make(ask(scene, template)))
                for template in ("duo_contracts", "duo_exams", "duo_invoices")
            }

    assert all(BSN in text for text in texts.values())
    assert "C-Oud" in texts["duo_contracts"]
    assert "600" in texts["duo_contracts"]
    assert texts["duo_exams"].count("Oud") == 1, "only exams of the period"
    assert "F-77" in texts["duo_invoices"]
    assert "F-77" not in texts["duo_contracts"] + texts["duo_exams"]


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
        assert unverified == {"duo_contracts", "duo_exams", "duo_invoices", "course_figures"}


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
