"""Holds: nothing under one goes, it ends by its day or by somebody's word, and only for a reason of the list."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.accounts.actors import actor_of
from portal.core.audit import AuditEvent
from portal.core.clock import now, today
from portal.core.crypto.ledger import Ending, find_endings
from portal.core.crypto.outbox import push_waiting
from portal.core.db.base import Base, new_id
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import PersonKind
from portal.retention.holds.services import end_hold, set_hold
from portal.retention.models import HOLDERS, HoldReason, RetentionHold
from portal.retention.runs.queries import count_held_back, list_due
from portal.schools.queries import SchoolView
from tests.factories.accounts import make_account
from tests.factories.copies import make_request
from tests.factories.learners import make_representative
from tests.house.rows import make_row
from tests.retention.people import GONE, LONG_AGO, gone, run_tonight

KEEPER = actor_of(new_id(), "Pien Vos", frozenset({"privacy_staff"}))
KINDS = tuple(HOLDERS)


def hold(
    person: Any,
    kind: PersonKind = PersonKind.LEARNER,
    *,
    by: Actor = KEEPER,
    ends_on: date | None = None,
    details: str = "Zaak 12",
) -> RetentionHold:
    return set_hold(kind, person.id, reason=HoldReason.CLAIM, details=details, ends_on=ends_on or today(), by=by)


def due(kind: PersonKind = PersonKind.LEARNER, day: date | None = None) -> set[object]:
    return {each.person_id for each in list_due(kind, day or today(), SYSTEM, limit=10_000)}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_under_a_hold_is_due_until_its_day_is_over(school: SchoolView, kind: PersonKind) -> None:
    person, other = GONE[kind](), GONE[kind]()
    before = count_held_back(today(), SYSTEM)

    row = hold(person, kind)

    assert (row.person_kind, row.person_id) == (kind, person.id)
    assert due(kind) & {person.id, other.id} == {other.id}
    assert count_held_back(today(), SYSTEM) == before + 1
    assert person.id in due(kind, today() + timedelta(days=1))


def test_who_acted_for_a_learner_under_a_hold_is_not_due_either(school: SchoolView) -> None:
    learner = gone()
    acted = make_representative(learner, starts_on=LONG_AGO, ends_on=LONG_AGO + timedelta(days=30))
    before = count_held_back(today(), SYSTEM)

    hold(learner)

    assert acted.id not in due(PersonKind.REPRESENTATIVE)
    assert count_held_back(today(), SYSTEM) == before + 2
    with pytest.raises(NotFound):
        hold(acted, PersonKind.REPRESENTATIVE)


@pytest.mark.parametrize("kind", KINDS)
def test_it_ends_by_somebodys_word_and_both_are_in_the_audit(school: SchoolView, kind: PersonKind) -> None:
    person = GONE[kind]()
    row = hold(person, kind, ends_on=today() + timedelta(days=100))
    assert person.id not in due(kind)

    end_hold(row.id, by=KEEPER)

    assert person.id in due(kind)
    with pytest.raises(Conflict):
        end_hold(row.id, by=KEEPER)
    entries = session.scalars(select(AuditEvent).where(AuditEvent.subject_id.in_([row.id, person.id]))).all()
    assert {each.event for each in entries} == {"retention.hold_set", "retention.hold_ended"}
    assert {each.actor_name for each in entries} == {"Pien Vos"}
    assert all(each.facts == {"reason": "claim", "ends_on": row.ends_on.isoformat()} for each in entries)
    ended = session.get_one(RetentionHold, (school.id, row.id))
    assert (ended.set_by, ended.ended_by_name) == (KEEPER.account_id, "Pien Vos")
    checkpoint()
    while push_waiting():
        pass
    assert [*find_endings(Ending.HOLD, [row.id])] == [row.id]


@pytest.mark.parametrize("kind", KINDS)
def test_the_night_passes_over_who_is_held_alone(school: SchoolView, kind: PersonKind) -> None:
    kept, goes = GONE[kind](), GONE[kind]()
    kept_id, goes_id, model = kept.id, goes.id, type(kept)
    hold(kept, kind, ends_on=today() + timedelta(days=9))

    run_tonight()

    session.expire_all()
    assert set(session.scalars(select(model.id).where(model.id.in_([kept_id, goes_id])))) == {kept_id}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("days", "details", "code"),
    [(-1, "Zaak 12", "day_past"), (800, "Zaak 12", "day_far"), (9, " ", "not_named"), (9, "z" * 401, "too_long")],
)
def test_a_day_and_what_it_is_about_are_wanted(
    school: SchoolView, kind: PersonKind, days: int, details: str, code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        hold(GONE[kind](), kind, ends_on=today() + timedelta(days=days), details=details)
    assert refusal.value.code == code


@pytest.mark.parametrize("kind", KINDS)
def test_the_officer_advises_and_holds_nothing(school: SchoolView, kind: PersonKind) -> None:
    with pytest.raises(NotAllowed):
        hold(GONE[kind](), kind, by=actor_of(new_id(), "Fien Kok", frozenset({"privacy_officer"})))


@pytest.mark.parametrize("role", ["learner", "representative", "client_contact"])
def test_who_never_worked_here_is_held_as_no_staff(school: SchoolView, role: str) -> None:
    account = make_account("Amina Account", role)
    with pytest.raises(NotFound):
        hold(account, PersonKind.STAFF)


@pytest.mark.parametrize("kind", KINDS)
def test_who_belongs_to_another_school_is_not_found(enter: Callable[[str], Any], kind: PersonKind) -> None:
    with enter("meester-in-nt2"):
        person_id = GONE[kind]().id
        row_id = set_hold(kind, person_id, reason=HoldReason.INCIDENT, details="", ends_on=today(), by=KEEPER).id
    with enter("lest-best"):
        with pytest.raises(NotFound):
            set_hold(kind, person_id, reason=HoldReason.INCIDENT, details="", ends_on=today(), by=KEEPER)
        with pytest.raises(NotFound):
            end_hold(row_id, by=KEEPER)


@pytest.mark.parametrize("columns", [c for n in (0, 2, 3) for c in combinations(HOLDERS.values(), n)])
def test_a_hold_is_about_one_person(school: SchoolView, columns: tuple[str, ...]) -> None:
    ids = {column: GONE[kind]().id for kind, column in HOLDERS.items() if column in columns}
    values = {"reason": "incident", "details": "", "ends_on": today(), "set_at": now(), "set_by_name": "Pien Vos"}
    with pytest.raises(IntegrityError, match="ck_retention_hold_of_one_person"), session.begin_nested():
        session.execute(insert(RetentionHold).values(**values, **ids))


def test_a_request_that_waits_is_a_hold_by_itself(school: SchoolView) -> None:
    learner = gone()
    request = make_request(learner)
    learner.last_contact_on = LONG_AGO
    session.flush()
    assert learner.id not in due()

    request.closed_at = request.filed_at
    session.flush()

    assert learner.id in due()


COLUMNS = {PersonKind.REPRESENTATIVE: "representative_id", **HOLDERS}
"""The column by which a request or a complaint is hers."""
WAYS = [
    (kind, table)
    for kind in PersonKind
    for table in ("data_request", "complaint")
    if COLUMNS[kind] in Base.metadata.tables[table].columns
]


@pytest.mark.parametrize(("kind", "table"), WAYS)
def test_what_somebody_asks_for_herself_keeps_her_until_it_is_answered(
    school: SchoolView, kind: PersonKind, table: str
) -> None:
    column, person_id = COLUMNS[kind], GONE[kind]().id
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
