"""A group as the trial had it: long names, lessons on every day of the week, everything known of its learners."""

from datetime import date, time, timedelta
from uuid import UUID, uuid4

from portal.attendance.models import Status
from portal.core.clock import now, today
from portal.core.db.session import session
from portal.hours.figures.services import count_all
from portal.progress.appointments.models import Appointment
from portal.progress.models import Rung, Skill
from portal.signals.models import SignalKind
from tests.factories.accounts import make_account
from tests.factories.attendance import make_mark
from tests.factories.caseloads import make_coaching
from tests.factories.courses import enrol, make_group, make_lesson, make_teacher_of
from tests.factories.learners import make_learner, make_trajectory
from tests.house.rows import make_row
from tests.journeys.people import Person

DAY = timedelta(days=1)
MONDAY = today() - today().weekday() * DAY
STATUSES = (Status.PRESENT, Status.PRESENT, Status.ABSENT, Status.EXCUSED)


def fill_wide_group(coach: Person | None = None) -> tuple[UUID, str]:
    """Make the group and its six learners, whose coach is this person; return its key and its name."""
    group = make_group(f"Kennis van de Nederlandse maatschappij middag {uuid4().hex[:4]}")
    make_teacher_of(group, make_account("Anouk Vereecken", "teacher", email=f"{uuid4().hex}@example.org"))
    days = sorted({MONDAY + at * DAY for at in range(7)} | {today() - at * 3 * DAY for at in range(1, 22)})
    lessons = [make_lesson(group, held_on=day, starts_at=time(9), ends_at=time(12), room="1.01") for day in days]
    for at in range(6):
        learner = make_learner("Mahsa Elisabeth", f"van den Heuvelhof{at}")
        enrol(learner, group, starts_on=days[0] - DAY)
        make_trajectory(learner, hours_bought=600, ends_on=today() + 20 * DAY)
        for place, lesson in enumerate(lessons):
            if lesson.held_on < today():
                status = STATUSES[(place + at) % 4]
                make_mark(lesson, learner, status, minutes=180 if status == Status.PRESENT else 0)
        _tell_all(learner.id, at)
        if coach is not None:
            make_coaching(learner, coach)
    count_all()
    return group.id, group.name


def _tell_all(learner_id: UUID, at: int) -> None:
    """Give a learner levels that moved, two signals and an appointment."""
    levels: tuple[tuple[Rung, date], ...] = ((Rung.A1, today() - 90 * DAY), (Rung.A2, today() - 5 * DAY))
    for skill in (Skill.READING, Skill.CONVERSATION):
        for rung, day in levels:
            make_row("level", learner_id=learner_id, skill=skill, level=rung, found_on=day)
    for kind in (SignalKind.LOW_ATTENDANCE, SignalKind.LEVEL_MISSING)[: at % 3]:
        make_row("signal", learner_id=learner_id, kind=kind, facts={"lessons": 4})
    session.add(Appointment(learner_id=learner_id, starts_at=now() + 5 * DAY, subject="Voortgang"))
    session.flush()
