"""A learner who restricts her data is in no figure any more: as if she had never been there (ST-08, art. 18)."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.attendance.models import Status
from portal.core.clock import now
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.courses.models import LearnerGroup, Lesson
from portal.hours.figures.models import FigureKind, SchoolFigure
from portal.hours.figures.services import count_all
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Route
from portal.progress.models import ExamPart, ExamResult, Level, LevelSource, Rung, Skill
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_mark
from tests.factories.courses import enrol, fill_group, make_course, make_group, make_lesson
from tests.factories.learners import make_learner, make_organisation, make_trajectory
from tests.factories.restrictions import hold
from tests.factories.waiting_list import make_waiting
from tests.jobs import do_jobs
from tests.page_client import PageClient

PAGES = {
    "management": ("/school", "/groepen/{id}/presentie"),
    "administration": (
        "/groepen/{id}/presentie", "/groepen/{id}/presentie/lessen", "/groepen/{id}/presentie/weken",
        "/cursisten", "/cursisten/onvolledig",
    ),
}  # fmt: skip
_SIGNED = {"entered_by_name": "Tess", "entered_at": now()}


@pytest.fixture(autouse=True)
def on_friday(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


@pytest.fixture
def lessons(app: Flask, school: SchoolView) -> list[Lesson]:
    """Two lessons of a group of six, with a client and a course for which somebody waits."""
    group, client = make_group("A2 ochtend"), make_organisation()
    there = fill_group(group, 6)
    held = [make_lesson(group, held_on=date(2026, 11, day)) for day in (3, 10)]
    for learner in there:
        make_trajectory(learner, route=Route.B1, client_id=client.id)
        for lesson in held:
            make_mark(lesson, learner)
    make_waiting(make_learner("Wacht"), make_course("Wachten"))
    return held


def _add(lessons: list[Lesson]) -> Learner:
    """Add somebody who counts in each figure."""
    hers = make_learner("Zoraya", "Kwikstaart", birth_date=None)
    group = session.get_one(LearnerGroup, (hers.school_id, lessons[0].group_id))
    client = select(SchoolFigure.subject).where(SchoolFigure.kind == FigureKind.CLIENT, SchoolFigure.subject != "")
    enrol(hers, group)
    make_trajectory(hers, route=Route.B1, client_id=session.scalars(client).first())
    make_mark(lessons[0], hers, Status.PRESENT, late_minutes=5)
    make_mark(lessons[1], hers, Status.ABSENT)
    for rung, day in ((Rung.A1, 2), (Rung.A2, 9)):
        values = {"skill": Skill.READING, "level": rung, "source": LevelSource.TEST, "found_on": date(2026, 11, day)}
        session.add(Level(learner_id=hers.id, **values, **_SIGNED))
    session.add(ExamResult(learner_id=hers.id, part=ExamPart.KNM, source=LevelSource.EXAM, is_passed=True,
                           taken_on=date(2026, 11, 12), **_SIGNED))  # fmt: skip
    session.flush()
    return hers


def _figures() -> dict[tuple[Any, ...], dict[str, Any]]:
    """Return every figure of the school as it was counted last."""
    columns = [column for column in SchoolFigure.__table__.columns if column.name not in {"id", "counted_at"}]
    rows = session.execute(select(*columns)).mappings().all()
    return {(row["kind"], row["month"], row["subject"]): dict(row) for row in rows}


def _texts(client: PageClient, role: str, group_id: Any) -> dict[str, str]:
    """Return by page what it says."""
    found = {}
    for path in PAGES[role]:
        answer = client.get(path.format(id=group_id))
        assert answer.status_code == 200, path
        main = answer.get_data(as_text=True).partition("<main")[2]
        found[path] = re.sub(r"<[^>]+>|\s+", " ", main)
    return found


@pytest.mark.promise("ST-08", part="shielded")
def test_every_figure_is_as_if_she_had_never_been_there(lessons: list[Lesson]) -> None:
    count_all()
    before = _figures()
    hers = _add(lessons)
    count_all()
    assert _figures() != before
    hold(hers.id)
    checkpoint()
    do_jobs("hours.count_figures")

    assert _figures() == before


@pytest.mark.promise("ST-08", part="shielded")
@pytest.mark.parametrize(
    ("category", "names"),
    [
        ("attendance", ("present", "late", "absent", "minutes_attended", "minutes_offered")),
        ("level", ("levels_up",)),
        ("exam", ("exams", "exams_passed")),
    ],
)
def test_of_a_category_that_she_restricted_nothing_counts(
    lessons: list[Lesson], category: str, names: tuple[str, ...]
) -> None:
    count_all()
    before = {key: [row[name] for name in names] for key, row in _figures().items()}
    hers = _add(lessons)
    count_all()
    assert {key: [row[name] for name in names] for key, row in _figures().items()} != before
    hold(hers.id, category)
    checkpoint()
    do_jobs("hours.count_figures")

    assert {key: [row[name] for name in names] for key, row in _figures().items() if key in before} == before


@pytest.mark.promise("ST-08", part="shielded")
@pytest.mark.parametrize("role", PAGES)
def test_every_page_with_totals_says_what_it_said_without_her(
    client: PageClient, sign_in: Any, lessons: list[Lesson], role: str
) -> None:
    count_all()
    group_id = lessons[0].group_id
    checkpoint()
    sign_in(client, role)
    before = _texts(client, role, group_id)
    hers = _add(lessons)
    count_all()
    checkpoint()
    with_her = _texts(client, role, group_id)
    assert not {path for path in PAGES[role] if with_her[path] == before[path]}
    hold(hers.id)
    checkpoint()
    do_jobs("hours.count_figures")

    assert _texts(client, role, group_id) == before
