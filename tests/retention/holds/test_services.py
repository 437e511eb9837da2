"""Holds: nothing under one goes, it ends by its day or by somebody's word, and only for a reason of the list."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.accounts.actors import actor_of
from portal.accounts.models import Membership
from portal.core.audit import AuditEvent
from portal.core.clock import now, today
from portal.core.db.base import Base, new_id
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
from tests.factories.accounts import make_account
from tests.factories.copies import make_request
from tests.factories.learners import make_contact_person, make_learner, make_organisation, make_representative
from tests.house.rows import make_row
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


def _learner() -> Any:
    return gone()


def _representative() -> Any:
    learner = make_learner(last_contact_on=today())
    return make_representative(learner, starts_on=LONG_AGO, ends_on=LONG_AGO + timedelta(days=30))


def _contact_person() -> Any:
    return make_contact_person(make_organisation(), created_at="2010-01-15T12:00:00Z", last_contact_on=LONG_AGO)


def _staff() -> Any:
    account = make_account("Dora Docent", "teacher")
    role = session.scalars(select(Membership).where(Membership.account_id == account.id)).one()
    role.starts_on, role.ends_on = LONG_AGO, LONG_AGO + timedelta(days=30)
    session.flush()
    return account


ASKING: dict[PersonKind, tuple[Callable[[], Any], str]] = {
    PersonKind.LEARNER: (_learner, "learner_id"),
    PersonKind.REPRESENTATIVE: (_representative, "representative_id"),
    PersonKind.CONTACT_PERSON: (_contact_person, "contact_person_id"),
    PersonKind.STAFF: (_staff, "account_id"),
}
"""How somebody of each kind is made who is past her term, and the column by which a request or complaint is hers."""
WAYS = [
    (kind, table)
    for kind in PersonKind
    for table in ("data_request", "complaint")
    if ASKING[kind][1] in Base.metadata.tables[table].columns
]


@pytest.mark.parametrize(("kind", "table"), WAYS)
def test_what_somebody_asks_for_herself_keeps_her_until_it_is_answered(
    school: SchoolView, kind: PersonKind, table: str
) -> None:
    make, column = ASKING[kind]
    person_id = make().id
    assert person_id in due(kind)
    still_open = {"number": "K-1", "closed_on": None} if table == "complaint" else {"closed_at": None}
    row = make_row(table, **{column: person_id}, **still_open)
    assert person_id not in due(kind)

    rows = Base.metadata.tables[table]
    closed = {"closed_on": today()} if table == "complaint" else {"closed_at": now()}
    session.execute(update(rows).where(rows.c.id == row["id"]).values(closed))

    assert person_id in due(kind)


def test_what_who_acts_for_a_learner_asks_keeps_the_learner_too(school: SchoolView) -> None:
    learner = gone()
    acts = make_representative(learner, starts_on=LONG_AGO, ends_on=LONG_AGO + timedelta(days=30))
    assert learner.id in due()

    make_row("data_request", representative_id=acts.id, closed_at=None)

    assert learner.id not in due()
