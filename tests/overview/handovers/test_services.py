"""Handing over all that somebody has at once, to whom each part was given."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.db.session import session
from portal.core.errors import Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.courses.models import GroupTeacher
from portal.learners.caseloads.models import Coaching, CoachSubstitute
from portal.overview.handovers.queries import get_work, list_done
from portal.overview.handovers.services import Part, WorkKind, hand_over
from portal.schools.queries import SchoolView
from tests.factories.accounts import make_account
from tests.factories.caseloads import make_coach, make_coach_substitute, make_coaching
from tests.factories.courses import make_group, make_lesson, make_teacher_of
from tests.factories.learners import make_learner

ON = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))


class Leaving:
    """Tess teaches, takes over a lesson, coaches and stands in for Roos; Noor and Daan can take that over."""

    def __init__(self) -> None:
        self.tess = make_account("Tess Jansen", "teacher", "coach", email="tess@example.org")
        self.noor = make_account("Noor Bakker", "teacher", email="noor@example.org")
        self.daan, self.roos = make_coach("Daan Smit"), make_coach("Roos Willems")
        self.group = make_group("A2 ochtend")
        self.row = make_teacher_of(self.group, self.tess)
        self.lesson = make_lesson(make_group("B1"), held_on=date(2026, 12, 4), substitute_id=self.tess.id)
        self.learners = [make_learner(), make_learner("Bilal")]
        for learner in self.learners:
            make_coaching(learner, self.tess)
        self.stands_in = make_coach_substitute(self.tess, self.roos, ends_on=date(2026, 12, 20))

    def parts(self) -> list[Part]:
        return [
            Part("g", WorkKind.GROUP, self.noor.id, row_id=self.row.id, of=self.group.id),
            Part("l", WorkKind.LESSONS, self.noor.id),
            Part("c", WorkKind.LEARNERS, self.daan.id),
            Part("v", WorkKind.STANDING_IN, self.daan.id, row_id=self.stands_in.id, of=self.roos.id),
        ]


@pytest.fixture
def leaving(school: SchoolView) -> Leaving:
    return Leaving()


def coaches_of(learner_id: UUID) -> list[tuple[UUID, date | None]]:
    session.expire_all()
    rows = select(Coaching).where(Coaching.learner_id == learner_id).order_by(Coaching.starts_on)
    return [(row.account_id, row.ends_on) for row in session.scalars(rows)]


def test_all_she_has_goes_to_others_on_the_day(leaving: Leaving, office: Actor) -> None:
    entry_id = hand_over(leaving.tess.id, leaving.parts(), on=ON, despite=False, by=office)

    teaches = session.scalars(select(GroupTeacher).where(GroupTeacher.account_id == leaving.noor.id)).one()
    assert (teaches.group_id, teaches.starts_on) == (leaving.group.id, ON)
    assert leaving.lesson.substitute_id == leaving.noor.id
    for learner in leaving.learners:
        assert coaches_of(learner.id) == [(leaving.tess.id, date(2026, 11, 30)), (leaving.daan.id, None)]
    stands_in = session.scalars(select(CoachSubstitute).order_by(CoachSubstitute.starts_on)).all()
    assert [(row.account_id, row.ends_on) for row in stands_in] == [
        (leaving.tess.id, date(2026, 11, 30)), (leaving.daan.id, date(2026, 12, 20)),
    ]  # fmt: skip
    done = list_done(entry_id, leaving.tess.id, office.scope)
    assert [(each.kind, each.name, each.count, each.to) for each in done] == [
        ("group", "A2 ochtend", 1, "Noor Bakker"),
        ("lessons", "", 1, "Noor Bakker"),
        ("learners", "", 2, "Daan Smit"),
        ("standing_in", "Roos Willems", 1, "Daan Smit"),
    ]
    entry = session.scalars(select(AuditEvent).where(AuditEvent.event == "overview.handed_over")).one()
    assert entry.subject_id == leaving.tess.id


def test_on_the_day_itself_she_has_nothing_left(leaving: Leaving, office: Actor) -> None:
    hand_over(leaving.tess.id, leaving.parts(), on=date(2026, 11, 20), despite=False, by=office)
    work = get_work(leaving.tess.id, office)
    assert (list(work.taught), list(work.lessons), work.learners, list(work.stood_in)) == ([], [], 0, [])


def test_parts_may_end_without_anybody(leaving: Leaving, office: Actor) -> None:
    parts = [Part(each.key, each.kind, None, each.row_id, each.of) for each in leaving.parts()]
    entry_id = hand_over(leaving.tess.id, parts, on=ON, despite=False, by=office)
    assert {each.to for each in list_done(entry_id, leaving.tess.id, office.scope)} == {""}
    assert coaches_of(leaving.learners[0].id) == [(leaving.tess.id, date(2026, 11, 30))]


def test_a_refusal_says_of_which_part(leaving: Leaving, office: Actor) -> None:
    def refused(part: Part, on: date = ON) -> Invalid:
        with pytest.raises(Invalid) as refusal, session.begin_nested():
            hand_over(leaving.tess.id, [part], on=on, despite=False, by=office)
        return refusal.value

    row_id, roos = leaving.row.id, leaving.roos.id
    for part, code in (
        (Part("a", WorkKind.GROUP, leaving.daan.id, row_id=row_id), "no_teacher"),
        (Part("b", WorkKind.GROUP, leaving.tess.id, row_id=row_id), "same_person"),
        (Part("c", WorkKind.LEARNERS, leaving.noor.id), "no_coach"),
        (Part("d", WorkKind.LESSONS, leaving.daan.id), "no_teacher"),
        (Part("e", WorkKind.STANDING_IN, roos, row_id=leaving.stands_in.id), "same_person"),
        (Part("f", WorkKind.GROUP, leaving.noor.id), "over_by_then"),
    ):
        refusal = refused(part)
        assert (refusal.code, refusal.facts["key"]) == (code, part.key)
    late = Part("g", WorkKind.STANDING_IN, leaving.daan.id, row_id=leaving.stands_in.id)
    assert refused(late, date(2027, 1, 1)).code == "over_by_then"
    assert refused(leaving.parts()[0], date(2026, 11, 19)).code == "in_the_past"
    with pytest.raises(Invalid, match="nothing_chosen"):
        hand_over(leaving.tess.id, [], on=ON, despite=False, by=office)


def test_lessons_at_the_same_time_are_asked_about(leaving: Leaving, office: Actor) -> None:
    other = make_group("B1 avond")
    make_teacher_of(other, leaving.noor)
    for group in (other, leaving.group):
        make_lesson(group, held_on=date(2026, 12, 7))
    with pytest.raises(Invalid, match="at_once"):
        hand_over(leaving.tess.id, leaving.parts()[:1], on=ON, despite=False, by=office)


def test_nobody_else_hands_over(leaving: Leaving, office: Actor, coach: Actor) -> None:
    with pytest.raises(NotAllowed):
        hand_over(leaving.tess.id, leaving.parts(), on=ON, despite=False, by=coach)
    entry_id = hand_over(leaving.tess.id, leaving.parts()[1:2], on=ON, despite=False, by=office)
    with pytest.raises(NotFound):
        list_done(entry_id, leaving.noor.id, office.scope)
