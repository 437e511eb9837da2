"""Holds: nothing under one goes, it ends by its day or by somebody's word, and only for a reason of the list."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import PersonKind
from portal.learners.record.models import Learner
from portal.retention.holds.services import end_hold, set_hold
from portal.retention.models import HoldReason, RetentionHold
from portal.retention.runs.queries import count_held_back, list_due
from portal.schools.queries import SchoolView
from tests.factories.copies import make_request
from tests.factories.learners import make_representative
from tests.retention.people import LONG_AGO, gone

KEEPER = actor_of(new_id(), "Pien Vos", frozenset({"privacy_staff"}))


def hold(
    learner: Learner, *, by: Actor = KEEPER, ends_on: date | None = None, details: str = "Zaak 12"
) -> RetentionHold:
    return set_hold(learner.id, reason=HoldReason.CLAIM, details=details, ends_on=ends_on or today(), by=by)


def due(kind: PersonKind = PersonKind.LEARNER, day: date | None = None) -> set[object]:
    return {each.person_id for each in list_due(kind, day or today(), SYSTEM, limit=10_000)}


def test_nothing_under_a_hold_is_due_until_its_day_is_over(school: SchoolView) -> None:
    learner, other = gone(), gone()
    ended = {"starts_on": LONG_AGO, "ends_on": LONG_AGO + timedelta(days=30)}
    acted = make_representative(learner, **ended)
    before = count_held_back(today(), SYSTEM)

    hold(learner)

    assert due() & {learner.id, other.id} == {other.id}
    assert acted.id not in due(PersonKind.REPRESENTATIVE)
    assert count_held_back(today(), SYSTEM) == before + 2
    assert learner.id in due(day=today() + timedelta(days=1))


def test_it_ends_by_somebodys_word_and_both_are_in_the_audit(school: SchoolView) -> None:
    learner = gone()
    row = hold(learner, ends_on=today() + timedelta(days=100))

    end_hold(row.id, by=KEEPER)

    assert learner.id in due()
    with pytest.raises(Conflict):
        end_hold(row.id, by=KEEPER)
    entries = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == row.id)).all()
    assert {each.event for each in entries} == {"retention.hold_set", "retention.hold_ended"}
    assert {each.actor_name for each in entries} == {"Pien Vos"}


@pytest.mark.parametrize(
    ("days", "details", "code"), [(-1, "Zaak 12", "day_past"), (800, "Zaak 12", "day_far"), (9, " ", "not_named")]
)
def test_a_day_and_what_it_is_about_are_wanted(school: SchoolView, days: int, details: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        hold(gone(), ends_on=today() + timedelta(days=days), details=details)
    assert refusal.value.code == code


def test_the_officer_advises_and_holds_nothing(school: SchoolView) -> None:
    with pytest.raises(NotAllowed):
        hold(gone(), by=actor_of(new_id(), "Fien Kok", frozenset({"privacy_officer"})))


def test_a_request_that_waits_is_a_hold_by_itself(school: SchoolView) -> None:
    learner = gone()
    request = make_request(learner)
    learner.last_contact_on = LONG_AGO
    session.flush()
    assert learner.id not in due()

    request.closed_at = request.filed_at
    session.flush()

    assert learner.id in due()
