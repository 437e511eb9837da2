"""After the run only rows without a person are left of what statutory retention needs, and they go as well (LB-13)."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from portal.attendance.models import AttendanceMark
from portal.core.clock import today
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.personal_data import PersonKind
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Trajectory
from portal.retention.certificates.models import ErasureCertificate, ErasureReason
from portal.retention.deidentified.models import DeidentifiedRow
from portal.retention.deidentified.services import end_rows
from portal.retention.erasures.services import Why, erase_ended
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_mark
from tests.factories.courses import make_group, make_lesson
from tests.factories.learners import make_learner, make_organisation, make_trajectory

GUIDED_UNTIL = date(2019, 6, 30)


def make_gone(count: int, until: date = GUIDED_UNTIL) -> list[Learner]:
    """Make learners whose guidance ended on a day long ago, each with a lesson of an hour in that year."""
    payer = make_organisation(f"Gemeente Zeist {until.year}")
    lesson = make_lesson(make_group(starts_on=date(until.year, 1, 1)), held_on=date(until.year, 3, 2))
    made = []
    for _ in range(count):
        learner = make_learner(last_contact_on=until)
        days = {"starts_on": date(until.year, 1, 5), "ends_on": until, "guidance_ended_on": until}
        make_trajectory(learner, client_id=payer.id, **days)
        make_mark(lesson, learner)
        made.append(learner)
    return made


def erase(learners: list[Learner]) -> None:
    policy = dict.fromkeys((learner.id for learner in learners), ("name", "contact", "attendance", "trajectory"))
    erase_ended(PersonKind.LEARNER, policy, why=Why.TERM, day=today(), by=PORTAL)


@pytest.mark.promise("LB-13")
def test_only_rows_without_a_person_are_left(school: SchoolView) -> None:
    learners = make_gone(5)
    erase(learners)

    rows = {row.category: row for row in session.scalars(select(DeidentifiedRow))}
    assert set(rows) == {"attendance", "trajectory"}
    attended = rows["attendance"]
    assert (attended.year, attended.people) == (2019, 5)
    assert attended.minutes > 0
    assert attended.client_id is not None
    assert attended.kept_until == date(2029, 6, 30)
    for model in (AttendanceMark, Trajectory):
        assert session.scalar(select(func.count()).select_from(model)) == 0


@pytest.mark.promise("LB-13")
def test_of_fewer_than_five_nothing_is_kept(school: SchoolView) -> None:
    erase(make_gone(4))
    assert session.scalars(select(DeidentifiedRow)).all() == []


@pytest.mark.promise("LB-13")
def test_no_row_outlasts_one_of_who_stands_behind_it(school: SchoolView) -> None:
    days = [date(2013, 1, 15), date(2018, 3, 31), GUIDED_UNTIL]
    erase([learner for until in days for learner in make_gone(5, until)])

    rows = session.scalars(select(DeidentifiedRow).where(DeidentifiedRow.category == "attendance"))
    kept = sorted((row.kept_until, row.year, row.people) for row in rows)
    assert kept == [(date(2028, 3, 31), 2018, 5), (date(2029, 6, 30), 2019, 5)]


@pytest.mark.promise("LB-13")
def test_nothing_is_kept_of_whom_ten_years_are_past(school: SchoolView) -> None:
    erase(make_gone(5, date(2013, 1, 15)))
    assert session.scalars(select(DeidentifiedRow)).all() == []


@pytest.mark.promise("LB-13")
def test_they_go_at_the_end_of_their_own_stage(school: SchoolView, clock: Callable[[datetime], None]) -> None:
    erase(make_gone(5))
    last = session.scalars(select(DeidentifiedRow.kept_until)).first()
    assert last is not None
    clock(datetime.combine(last, time(12)))
    assert end_rows(by=PORTAL) == 0
    clock(datetime.combine(last + timedelta(days=1), time(12)))
    assert end_rows(by=PORTAL) == 2
    assert session.scalars(select(DeidentifiedRow)).all() == []


def test_a_run_certifies_what_went_of_each(school: SchoolView) -> None:
    learners = make_gone(2)
    erase(learners)

    made = session.scalars(select(ErasureCertificate).order_by(ErasureCertificate.number)).all()
    assert [(each.why, each.acted_as) for each in made] == [(ErasureReason.TERM, ["portal"])] * 2
    assert all("attendance" in each.erased for each in made)
