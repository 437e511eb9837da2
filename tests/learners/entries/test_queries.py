"""From whom and since when the school has an entry, and each of its values; and all that one learner has at once."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from portal.core.db.session import session
from portal.core.erasure import erase_category
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import PersonKind
from portal.learners.corrections.services import propose_correction
from portal.learners.enrolments.models import Enrolment
from portal.learners.entries.kinds import KINDS
from portal.learners.entries.presenters import EntryView
from portal.learners.entries.queries import list_held
from portal.learners.entries.services import add_entry, change_entry, remove_entry
from portal.learners.merges.services import merge_learners
from portal.learners.own_record.queries import get_whole_record
from portal.learners.record.models import FieldOrigin, Learner, Source
from portal.learners.trajectories.entries import TRAJECTORY
from portal.learners.trajectories.models import Trajectory
from tests.actors import own_scope
from tests.factories.consent import as_learner
from tests.factories.corrections import decide
from tests.factories.courses import make_group
from tests.factories.learners import (
    make_contact_person,
    make_enrolment,
    make_learner,
    make_organisation,
    make_trajectory,
)
from tests.factories.policy import publish, varied

pytestmark = pytest.mark.usefixtures("in_dutch")

APPOINTMENT = KINDS["afspraken"]
ANY_ORIGIN = {"version": "9", "categories.appointment.origins": ["learner", "school", "referrer"]}
WHEN, SUBJECT = "appointment.starts_at", "appointment.subject"


@pytest.fixture
def amina(enter: Any) -> Any:
    """A learner of STEP, which keeps appointments."""
    with enter("step-inburgering"):
        yield make_learner("Amina")


def _the_one(learner: Learner) -> EntryView:
    [entries] = get_whole_record(own_scope(learner.id)).entries
    [entry] = entries.entries
    return entry


@pytest.mark.promise("MN-02", part="entries")
def test_an_entry_says_from_whom_and_since_when_and_so_does_what_changed_in_it(
    amina: Learner, office: Actor, clock: Any
) -> None:
    publish(varied("lest-best", ANY_ORIGIN))
    clock(datetime(2026, 9, 1, 9, tzinfo=UTC))
    values = {WHEN: "1-12-2026 14:30", SUBJECT: "Eindgesprek"}
    key = add_entry(APPOINTMENT, amina.id, values, source=Source.REFERRER, channel="phone", by=office)
    assert _the_one(amina).origin == (Source.REFERRER, "phone", date(2026, 9, 1))
    assert _the_one(amina).own_origins == {}

    clock(datetime(2026, 9, 8, 9, tzinfo=UTC))
    change_entry(APPOINTMENT, amina.id, key, {**values, SUBJECT: "Voortgang"}, source=Source.SCHOOL, by=office)

    assert _the_one(amina).origin == (Source.REFERRER, "phone", date(2026, 9, 1))
    assert _the_one(amina).own_origins == {"Onderwerp": (Source.SCHOOL, None, date(2026, 9, 8))}

    clock(datetime(2026, 9, 15, 9, tzinfo=UTC))
    asked = propose_correction(amina.id, WHEN, "2-12-2026 9:00", entry_id=key, by=as_learner(amina))
    decide(asked.id, accept=True, by=office)

    assert _the_one(amina).own_origins == {
        "Onderwerp": (Source.SCHOOL, None, date(2026, 9, 8)),
        "Wanneer": (Source.LEARNER, "portal", date(2026, 9, 15)),
    }


def test_where_a_value_came_from_goes_with_it(amina: Learner, office: Actor) -> None:
    key = add_entry(APPOINTMENT, amina.id, {WHEN: "1-12-2026 14:30", SUBJECT: "A"}, by=office)
    other = add_entry(APPOINTMENT, amina.id, {WHEN: "1-12-2026 14:30", SUBJECT: "A"}, by=office)
    for each in (key, other):
        change_entry(APPOINTMENT, amina.id, each, {SUBJECT: "B", "appointment.place": "Lokaal 3"}, by=office)
    change_entry(APPOINTMENT, amina.id, key, {"appointment.place": None}, by=office)
    assert _noted(key) == {SUBJECT}
    remove_entry(APPOINTMENT, amina.id, key, by=office)
    assert (_noted(key), _noted(other)) == (set(), {SUBJECT, "appointment.place"})
    erase_category(PersonKind.LEARNER, [amina.id], "appointment", why="asked")
    assert _noted(other) == set()


def _noted(entry_id: Any) -> set[str]:
    return {row.field for row in session.query(FieldOrigin).filter_by(entry_id=entry_id)}


def test_it_comes_along_when_two_records_become_one(amina: Learner, office: Actor) -> None:
    publish(varied("lest-best", ANY_ORIGIN))
    twin = make_learner("Amina")
    key = add_entry(APPOINTMENT, twin.id, {WHEN: "1-12-2026 14:30", SUBJECT: "A"}, by=office)
    change_entry(APPOINTMENT, twin.id, key, {SUBJECT: "B"}, source=Source.REFERRER, by=office)
    merge_learners(amina.id, twin.id, take=[], by=office)
    assert _the_one(amina).own_origins["Onderwerp"].source is Source.REFERRER


def test_all_that_one_learner_has_takes_two_statements(amina: Learner, count_statements: Any) -> None:
    client = make_organisation("Gemeente Nijmegen")
    manager = make_contact_person(client, "Kim Bos")
    group, other = make_group("Dinsdag"), make_group("Donderdag")
    for at in range(3):
        make_trajectory(amina, starts_on=date(2026, 1 + at, 1), client_id=client.id, client_manager_id=manager.id)
    make_enrolment(amina, group, starts_on=date(2026, 1, 5), ends_on=date(2026, 2, 1))
    make_enrolment(amina, other, starts_on=date(2026, 2, 2))
    make_trajectory(make_learner("Bereket"))
    session.expire_all()
    learner_id = amina.id
    with count_statements() as statements:
        held = list_held(KINDS.values(), learner_id, SYSTEM)
        groups = [each.group.name for each in held.rows[Enrolment]]
    assert len(statements) == 2
    assert groups == ["Donderdag", "Dinsdag"]
    assert [each.starts_on.month for each in held.rows[Trajectory]] == [3, 2, 1]
    assert held.names == {client.id: "Gemeente Nijmegen", manager.id: "Kim Bos"}
    assert set(held.rows) == {TRAJECTORY.model, Enrolment}


def test_nothing_at_all_is_nothing(amina: Learner) -> None:
    assert list_held(KINDS.values(), amina.id, SYSTEM).rows == {}
