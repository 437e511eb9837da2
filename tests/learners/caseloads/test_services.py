"""Giving learners a coach, handing them over, taking that back, and standing in."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.learners.caseloads.models import Coaching, CoachSubstitute
from portal.learners.caseloads.services import add_substitute, end_substitute, give_coach, take_coach_back
from portal.learners.group_changes.queries import TickedLearner
from portal.learners.record.models import Learner
from portal.notifications.models import NotificationKind
from portal.schools.queries import SchoolView
from tests.factories.caseloads import make_coach, make_coaching
from tests.factories.learners import make_learner
from tests.factories.notifications import told_of

DAY = timedelta(days=1)


def ticked(*learners: Learner) -> list[TickedLearner]:
    return [TickedLearner(each.id, each.full_name) for each in learners]


def rows_of(learner: Learner) -> list[tuple[UUID, date, date | None]]:
    session.expire_all()
    rows = select(Coaching).where(Coaching.learner_id == learner.id).order_by(Coaching.starts_on)
    return [(row.account_id, row.starts_on, row.ends_on) for row in session.scalars(rows)]


def test_a_learner_goes_from_one_coach_to_another_on_a_day(school: SchoolView, office: Actor) -> None:
    roos, daan, amina = make_coach(), make_coach("Daan Smit"), make_learner()
    since = make_coaching(amina, roos).starts_on

    give_coach(ticked(amina), account_id=daan.id, starts_on=today() + 3 * DAY, by=office)

    assert rows_of(amina) == [(roos.id, since, today() + 2 * DAY), (daan.id, today() + 3 * DAY, None)]
    events = session.scalars(select(AuditEvent.event).where(AuditEvent.event.like("learners.coach%"))).all()
    assert sorted(events) == ["learners.coach_given", "learners.coach_given_together"]


def test_whoever_has_that_coach_already_is_left_out(school: SchoolView, office: Actor) -> None:
    roos, amina, bilal = make_coach(), make_learner(), make_learner("Bilal")
    make_coaching(amina, roos)

    plan, _entry_id = give_coach(ticked(amina, bilal), account_id=roos.id, starts_on=today(), by=office)

    assert [line.learner_id for line in plan.reached] == [bilal.id]
    assert [(line.learner_id, why) for line, why in plan.left_out] == [(amina.id, "same_coach")]
    with pytest.raises(Invalid, match="nobody_left"):
        give_coach(ticked(amina, bilal), account_id=roos.id, starts_on=today(), by=office)


def test_a_learner_may_have_no_coach_any_more(school: SchoolView, office: Actor) -> None:
    roos, amina = make_coach(), make_learner()
    since = make_coaching(amina, roos).starts_on

    give_coach(ticked(amina), account_id=None, starts_on=today(), by=office)

    assert rows_of(amina) == [(roos.id, since, today() - DAY)]


@pytest.mark.parametrize(("who", "day", "code"), [("teacher", 0, "no_coach"), ("coach", -1, "in_the_past")])
def test_what_cannot_be_is_refused(school: SchoolView, office: Actor, who: str, day: int, code: str) -> None:
    account_id = make_coach().id if who == "coach" else new_id()
    with pytest.raises(Invalid, match=code):
        give_coach(ticked(make_learner()), account_id=account_id, starts_on=today() + day * DAY, by=office)


def test_the_database_keeps_to_one_coach_on_a_day(school: SchoolView) -> None:
    amina = make_learner()
    make_coaching(amina, make_coach())
    with pytest.raises(IntegrityError, match="uq_coaching_current"), session.begin_nested():
        make_coaching(amina, make_coach("Daan Smit"), starts_on=today())


def test_a_hand_over_is_taken_back(school: SchoolView, office: Actor) -> None:
    roos, daan, amina, bilal = make_coach(), make_coach("Daan Smit"), make_learner(), make_learner("Bilal")
    make_coaching(amina, roos)
    make_coaching(bilal, roos, starts_on=today())
    before = {each.id: rows_of(each) for each in (amina, bilal)}

    _plan, entry_id = give_coach(ticked(amina, bilal), account_id=daan.id, starts_on=today(), by=office)
    assert rows_of(bilal) == [(daan.id, today(), None)]

    assert take_coach_back(entry_id, by=office) == (2, 0)
    assert {each.id: rows_of(each) for each in (amina, bilal)} == before
    assert take_coach_back(entry_id, by=office) == (0, 2)


def test_who_was_handed_on_since_stays(school: SchoolView, office: Actor) -> None:
    roos, daan, amina = make_coach(), make_coach("Daan Smit"), make_learner()
    _plan, entry_id = give_coach(ticked(amina), account_id=roos.id, starts_on=today(), by=office)
    give_coach(ticked(amina), account_id=daan.id, starts_on=today(), by=office)

    assert take_coach_back(entry_id, by=office) == (0, 1)
    assert rows_of(amina) == [(daan.id, today(), None)]


def test_a_coach_gives_and_a_teacher_does_not(school: SchoolView, coach: Actor, officer: Actor) -> None:
    roos = make_coach()
    give_coach(ticked(make_learner()), account_id=roos.id, starts_on=today(), by=coach)
    with pytest.raises(NotAllowed):
        give_coach(ticked(make_learner()), account_id=roos.id, starts_on=today(), by=officer)


def test_a_coach_stands_in_from_a_day_until_a_day(school: SchoolView, office: Actor) -> None:
    roos, daan = make_coach(), make_coach("Daan Smit")
    row = add_substitute(roos.id, account_id=daan.id, starts_on=today(), ends_on=today() + 7 * DAY, by=office)
    end_substitute(roos.id, row.id, by=office)
    assert session.scalars(select(CoachSubstitute)).all() == []
    with pytest.raises(NotFound):
        end_substitute(roos.id, row.id, by=office)


@pytest.mark.parametrize(
    ("days", "same", "code"),
    [((0, -1), False, "ends_before_start"), ((0, 400), False, "too_long"), ((0, 5), True, "same_person")],
)
def test_a_substitute_that_cannot_be_is_refused(
    school: SchoolView, office: Actor, days: tuple[int, int], same: bool, code: str
) -> None:
    roos, daan = make_coach(), make_coach("Daan Smit")
    first, last = (today() + each * DAY for each in days)
    with pytest.raises(Invalid, match=code):
        add_substitute(roos.id, account_id=roos.id if same else daan.id, starts_on=first, ends_on=last, by=office)


def test_nobody_stands_in_twice_on_a_day(school: SchoolView, office: Actor) -> None:
    roos, daan = make_coach(), make_coach("Daan Smit")
    week = {"starts_on": today(), "ends_on": today() + 7 * DAY}
    add_substitute(roos.id, account_id=daan.id, **week, by=office)
    with pytest.raises(Invalid, match="stands_in_already"):
        add_substitute(roos.id, account_id=daan.id, **week, by=office)


def test_a_coach_is_told_of_whom_she_is_given_until_that_is_taken_back(school: SchoolView, office: Actor) -> None:
    roos, amina, bilal = make_coach(), make_learner(), make_learner("Bilal")

    _plan, both = give_coach(ticked(amina, bilal), account_id=roos.id, starts_on=today(), by=office)
    assert told_of(roos.id) == [(NotificationKind.LEARNERS_GIVEN, both, None)]
    take_coach_back(both, by=office)
    assert told_of(roos.id) == []

    _plan, one = give_coach(ticked(amina), account_id=roos.id, starts_on=today(), by=office)
    assert told_of(roos.id) == [(NotificationKind.LEARNERS_GIVEN, one, amina.id)]


def test_who_stands_in_is_told(school: SchoolView, office: Actor) -> None:
    roos, daan = make_coach(), make_coach("Daan Smit")
    row = add_substitute(roos.id, account_id=daan.id, starts_on=today(), ends_on=today() + DAY, by=office)
    assert told_of(daan.id) == [(NotificationKind.COACH_STOOD_IN, row.id, None)]

    end_substitute(roos.id, row.id, by=office)
    assert told_of(daan.id) == []
