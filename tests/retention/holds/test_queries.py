"""Who is under a hold: the same in SQL as by each hold itself; and nothing of a contact goes by any way meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from portal.accounts.actors import actor_of
from portal.contacts.messages.models import ContactMessage
from portal.contacts.messages.services import close_question
from portal.contacts.people.services import ASKED, NOT_NEEDED, erase_contact
from portal.contacts.subscriptions.links import Target
from portal.contacts.subscriptions.models import NEWSLETTER, Subscription
from portal.contacts.subscriptions.services import erase_subscriber, erase_unconfirmed
from portal.core.clock import now, today
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.errors import Conflict, NotFound
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM, Scope
from portal.core.personal_data import OWN_TABLE, PersonKind
from portal.intakes.applications.models import IntakeApplication
from portal.intakes.applications.services import make_learner
from portal.organisations.models import ContactPerson, Relation
from portal.organisations.services import erase_contact_person
from portal.retention.certificates.models import ErasureCertificate
from portal.retention.ends.anchors import recorded_of
from portal.retention.holds.queries import held_until, is_held, list_contacts_held, list_holds, list_in_force
from portal.retention.holds.services import end_hold, set_hold
from portal.retention.models import HOLDERS, HoldReason, RetentionHold
from portal.schools.queries import SchoolView
from tests.factories.contacts import make_application, make_message, subscribe
from tests.factories.learners import make_contact_person
from tests.factories.requests import as_staff
from tests.house.rows import TABLES
from tests.retention.people import GONE, run_tonight

KEEPER = actor_of(new_id(), "Pien Vos", frozenset({"privacy_staff"}))
YEARS = timedelta(days=6 * 366)


def hold(kind: PersonKind, person_id: Any, days: int = 90) -> RetentionHold:
    until = today() + timedelta(days=days)
    return set_hold(kind, person_id, reason=HoldReason.INCIDENT, details="", ends_on=until, by=KEEPER)


@pytest.mark.parametrize("kind", HOLDERS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    holds=st.lists(st.tuples(st.integers(0, 730), st.booleans()), max_size=4),
    others=st.lists(st.integers(0, 730), max_size=2),
    later=st.integers(0, 740),
)
@example(holds=[(0, False)], others=[], later=0)
@example(holds=[(0, False)], others=[9], later=1)
@example(holds=[(30, True), (9, False)], others=[], later=10)
def test_sql_says_of_somebody_what_each_of_her_holds_says(
    school: SchoolView, kind: PersonKind, holds: list[tuple[int, bool]], others: list[int], later: int
) -> None:
    session.execute(delete(RetentionHold))
    person, other, day = GONE[kind](), GONE[kind](), today() + timedelta(days=later)
    rows = [(hold(kind, person.id, days), is_ended) for days, is_ended in holds]
    for row, is_ended in rows:
        if is_ended:
            end_hold(row.id, by=KEEPER)
    for days in others:
        hold(kind, other.id, days)

    own = recorded_of(kind).model
    asked = select(is_held(kind, day), held_until(kind, day)).where(own.id == person.id)
    is_kept, until = session.execute(asked).one()

    ends = [row.ends_on for row, _ in rows if row.is_in_force_on(day)]
    assert is_kept == bool(ends)
    assert (until if is_kept else None) == max(ends, default=None)
    assert {row.id for row in list_holds(kind, person.id, SYSTEM)} == {row.id for row, _ in rows}
    in_force = [each for each in list_in_force(day, SYSTEM) if each.person_id == person.id]
    assert [each.hold.ends_on for each in in_force] == sorted(ends)
    assert {(each.kind, each.name) for each in in_force} <= {(kind, getattr(person, "full_name", None) or person.name)}


@pytest.mark.parametrize("kind", HOLDERS)
def test_only_who_reaches_her_is_told(school: SchoolView, kind: PersonKind) -> None:
    person_id = GONE[kind]().id
    hold(kind, person_id)
    for ask in (
        lambda: list_holds(kind, person_id, Scope()),
        lambda: list_in_force(today(), Scope()),
        lambda: list_contacts_held([person_id], Scope()),
    ):
        with pytest.raises(NotFound):
            ask()


@pytest.mark.parametrize("kind", HOLDERS)
def test_a_hold_goes_with_the_person_and_no_other(school: SchoolView, kind: PersonKind) -> None:
    person, other = GONE[kind](), GONE[kind]()
    hold(kind, person.id)
    stays = hold(kind, other.id).id
    table = TABLES[OWN_TABLE[kind]]

    session.execute(delete(table).where(table.c.id == person.id))

    assert session.scalars(select(RetentionHold.id)).all() == [stays]


@pytest.fixture
def contacts(enter: Callable[[str], Any]) -> Any:
    """A school that takes questions and sign-ups, and keeps none of them for long."""
    with enter("leren-leren"):
        yield


def _enquirer() -> ContactPerson:
    return make_contact_person(None, "Noor Visser", email="noor@example.org", relation=Relation.ENQUIRER)


def _is_there(person_id: Any) -> bool:
    return session.scalar(select(ContactPerson.id).where(ContactPerson.id == person_id)) is not None


@pytest.mark.parametrize("why", [ASKED, NOT_NEEDED])
def test_the_office_erases_no_contact_under_a_hold_by_hand(contacts: Any, why: str) -> None:
    person_id = _enquirer().id
    row = hold(PersonKind.CONTACT_PERSON, person_id)
    with pytest.raises(Conflict, match="held"):
        erase_contact(person_id, why=why, by=as_staff())
    with pytest.raises(Conflict, match="held"):
        erase_contact_person(person_id, why="term_over", by=PORTAL)
    assert session.scalars(select(ErasureCertificate)).all() == []

    end_hold(row.id, by=KEEPER)
    erase_contact(person_id, why=why, by=as_staff())
    assert not _is_there(person_id)


def test_who_has_the_address_of_who_is_erased_stays_under_a_hold(contacts: Any) -> None:
    person, held = _enquirer(), _enquirer()
    subscribe(held)
    hold(PersonKind.CONTACT_PERSON, held.id)

    assert [each.id for each in erase_contact(person.id, why=ASKED, by=as_staff())] == [held.id]


def test_the_link_of_a_newsletter_erases_nobody_under_a_hold(contacts: Any) -> None:
    person = _enquirer()
    subscribe(person)
    hold(PersonKind.CONTACT_PERSON, person.id)

    assert not erase_subscriber(Target(person.id, NEWSLETTER)).is_done
    assert _is_there(person.id)


def test_a_newsletter_that_was_not_confirmed_stays_with_who_is_under_a_hold(contacts: Any) -> None:
    people = _enquirer(), _enquirer()
    held, other = (each.id for each in people)
    ids = {each.id: subscribe(each, confirmed_at=None, asked_at=now() - YEARS).id for each in people}
    hold(PersonKind.CONTACT_PERSON, held)

    assert erase_unconfirmed() == 1

    assert session.scalars(select(Subscription.id)).all() == [ids[held]]
    assert (_is_there(held), _is_there(other)) == (True, False)


def test_a_question_that_is_answered_stays_until_the_hold_is_over(contacts: Any, clock: Any) -> None:
    person = _enquirer()
    question, office, person_id = make_message(person), as_staff("administration"), person.id
    hold(PersonKind.CONTACT_PERSON, person_id, 90)

    assert close_question(person_id, question.id, reply="Morgen.", archive_reason=None, by=office)

    run_tonight()
    assert session.scalars(select(ContactMessage.id)).all() == [question.id]
    clock(now() + timedelta(days=91))
    run_tonight()
    assert not _is_there(person_id)


def test_a_sign_up_stays_until_the_hold_is_over_and_makes_no_learner_meanwhile(
    enter: Callable[[str], Any], clock: Any
) -> None:
    with enter("step-inburgering"):
        application, other = make_application(), make_application("Iemand", "Anders")
        application_id, person_id = application.id, application.contact_person_id
        other_id = other.contact_person_id
        clock(now() + timedelta(days=368))
        row = hold(PersonKind.CONTACT_PERSON, person_id)

        run_tonight()
        assert session.scalars(select(IntakeApplication.id)).all() == [application_id]
        assert (_is_there(person_id), _is_there(other_id)) == (True, False)
        office = as_staff("administration")
        with pytest.raises(Conflict, match="held"):
            make_learner(application_id, given_name="Noor", family_name="Visser", by=office)

        end_hold(row.id, by=KEEPER)
        run_tonight()
        assert not _is_there(person_id)
