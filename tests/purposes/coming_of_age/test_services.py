"""Sixteen: told six weeks before; on the day parents are out and each yes of theirs is asked of herself (LL-04)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.actors import actor_of
from portal.core.audit.queries import list_of_learner
from portal.core.clock import today
from portal.core.crypto.ledger import Ending, EndingsSince, find_endings
from portal.core.crypto.outbox import push_waiting
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.core.mail import Mail
from portal.learners.record.models import Learner
from portal.purposes.coming_of_age.models import ComingOfAge
from portal.purposes.coming_of_age.queries import list_birthdays
from portal.purposes.coming_of_age.services import (
    NOTICE,
    announce_birthdays,
    list_letters,
    note_letter,
    pass_birthdays,
)
from portal.purposes.consents.services import give_consent
from portal.purposes.models import Withdrawal
from portal.purposes.queries import has_consent
from portal.purposes.renewals.services import refuse_anew
from portal.purposes.restored import end_lapsed_again, withdraw_consents_again
from portal.representation.models import Representative, RepresentativeKind
from portal.representation.services import last_day_as_child
from portal.schools.queries import SchoolView
from tests.factories.accounts import make_account
from tests.factories.consent import agree, as_learner
from tests.factories.learners import make_learner, make_representative
from tests.factories.policy import in_force
from tests.factories.requests import as_staff

Clock = Callable[[datetime], None]
BORN = date(2011, 1, 20)
BIRTHDAY = datetime(2027, 1, 20, 9, tzinfo=UTC)


def yara(*, born: date = BORN, **values: Any) -> tuple[Learner, Representative]:
    """A child with a parent who signs in."""
    learner = make_learner("Yara", "Haddad", **{"email": "yara@example.org", "birth_date": born, **values})
    parent = make_account("Samira Haddad", "representative", email="samira@example.org")
    row = make_representative(
        learner,
        kind=RepresentativeKind.PARENT,
        account_id=parent.id,
        ends_on=last_day_as_child(born),
        email=parent.email,
    )
    return learner, row


def mailed(template: str) -> int:
    return session.scalar(select(func.count()).select_from(Mail).where(Mail.template == f"purposes/{template}")) or 0


def announced() -> list[ComingOfAge]:
    return list(session.scalars(select(ComingOfAge)))


@pytest.mark.promise("LL-04", part="consent")
@pytest.mark.usefixtures("school")
def test_she_and_her_parent_are_told_six_weeks_before_and_once(clock: Clock) -> None:
    clock(BIRTHDAY - NOTICE - timedelta(days=1))
    learner, _parent = yara()
    assert announce_birthdays(by=PORTAL) == 0

    clock(BIRTHDAY - NOTICE)
    assert announce_birthdays(by=PORTAL) == 1
    assert announce_birthdays(by=PORTAL) == 0
    assert mailed("turning_sixteen") == 2
    assert [(row.sixteen_on, row.by_letter) for row in announced()] == [(date(2027, 1, 20), False)]
    assert "purposes.sixteen_announced" in [each.event for each in list_of_learner(learner.id)]


@pytest.mark.usefixtures("school")
def test_who_has_no_address_gets_a_letter_that_the_office_notes(clock: Clock) -> None:
    clock(BIRTHDAY - timedelta(days=20))
    yara(email=None)
    announce_birthdays(by=PORTAL)
    assert mailed("turning_sixteen") == 1
    [line] = list_birthdays(SYSTEM)
    assert (line.name, line.row.by_letter) == ("Yara Haddad", True)
    note_letter(line.row.id, by=as_staff())
    sent = line.row.letter_sent_at
    note_letter(line.row.id, by=as_staff())
    assert sent is not None
    assert line.row.letter_sent_at == sent


@pytest.mark.promise("LL-04", part="consent")
@pytest.mark.promise("LL-12")
def test_on_the_day_the_parent_is_out_and_her_yes_counts_no_more(school: SchoolView, clock: Clock) -> None:
    clock(BIRTHDAY - timedelta(days=20))
    learner, parent = yara()
    consent = agree(learner, represents=True)
    announce_birthdays(by=PORTAL)
    clock(BIRTHDAY - timedelta(days=1))
    assert pass_birthdays(by=PORTAL) == 0
    assert has_consent(learner.id, "survey", SYSTEM)

    clock(BIRTHDAY)
    assert pass_birthdays(by=PORTAL) == 1
    session.refresh(parent)
    session.refresh(consent)
    assert parent.ended_at is not None
    assert not has_consent(learner.id, "survey", SYSTEM)
    assert consent.has_lapsed
    assert mailed("turned_sixteen") == 2
    events = [each.event for each in list_of_learner(learner.id)]
    assert {
        "purposes.sixteen_reached",
        "purposes.consent_lapsed_at_sixteen",
        "representation.representative_ended",
    } <= set(events)
    push_waiting()
    assert list(find_endings(Ending.LAPSE, [consent.id])) == [consent.id]
    assert list(find_endings(Ending.AUTHORISATION, [parent.id])) == [parent.id]

    assert pass_birthdays(by=PORTAL) == 0  # a second run finds nothing
    assert mailed("turned_sixteen") == 2
    agree(learner)
    assert pass_birthdays(by=PORTAL) == 0
    assert has_consent(learner.id, "survey", SYSTEM)


@pytest.mark.promise("LL-12")
@pytest.mark.usefixtures("school")
def test_her_no_to_what_a_parent_agreed_to_is_a_withdrawal(clock: Clock) -> None:
    clock(BIRTHDAY - timedelta(days=20))
    learner, _parent = yara()
    consent = agree(learner, represents=True)
    clock(BIRTHDAY)
    pass_birthdays(by=PORTAL)
    refuse_anew(learner.id, "survey", version=in_force(), language="nl", by=as_learner(learner))
    assert session.scalars(select(Withdrawal.consent_id)).all() == [consent.id]


@pytest.mark.promise("LL-12")
@pytest.mark.usefixtures("school")
def test_a_parents_yes_lapses_too_where_she_turns_out_to_have_been_sixteen(clock: Clock) -> None:
    clock(BIRTHDAY - timedelta(days=20))
    learner, parent = yara()
    consent = agree(learner, represents=True)
    consent.given_by, learner.birth_date = parent.account_id, BORN - timedelta(days=400)
    session.flush()
    pass_birthdays(by=PORTAL)
    assert not has_consent(learner.id, "survey", SYSTEM)


@pytest.mark.usefixtures("school")
def test_a_yes_that_somebody_gave_for_an_adult_stays(clock: Clock) -> None:
    clock(BIRTHDAY + timedelta(days=30))
    learner = make_learner(birth_date=BORN)
    agree(learner, represents=True)
    assert pass_birthdays(by=PORTAL) == 0
    assert has_consent(learner.id, "survey", SYSTEM)


@pytest.mark.promise("LL-04", part="consent")
@pytest.mark.usefixtures("school")
def test_born_on_the_29th_of_february_she_is_sixteen_on_the_29th(clock: Clock) -> None:
    clock(datetime(2028, 2, 28, 9, tzinfo=UTC))
    learner, _parent = yara(born=date(2012, 2, 29))
    agree(learner, represents=True)
    assert announce_birthdays(by=PORTAL) == 1
    assert announced()[0].sixteen_on == date(2028, 2, 29)
    assert pass_birthdays(by=PORTAL) == 0
    clock(datetime(2028, 2, 29, 9, tzinfo=UTC))
    assert pass_birthdays(by=PORTAL) == 1


@pytest.mark.usefixtures("school")
def test_another_birth_date_is_told_anew(clock: Clock) -> None:
    clock(BIRTHDAY - timedelta(days=20))
    learner, _parent = yara()
    announce_birthdays(by=PORTAL)
    learner.birth_date = BORN + timedelta(days=3)
    session.flush()
    assert announce_birthdays(by=PORTAL) == 1
    assert announce_birthdays(by=PORTAL) == 0
    assert today() < date(2027, 1, 20)


@pytest.mark.parametrize("kind", [RepresentativeKind.AUTHORISED, RepresentativeKind.CURATOR])
def test_a_yes_of_who_was_a_parent_and_acts_as_something_else_now_holds(
    school: SchoolView, clock: Clock, kind: RepresentativeKind
) -> None:
    clock(datetime(2025, 1, 10, 9, tzinfo=UTC))
    learner, parent = yara(born=date(2009, 1, 20))
    clock(datetime(2025, 1, 20, 9, tzinfo=UTC))
    pass_birthdays(by=PORTAL)
    clock(datetime(2027, 3, 1, 9, tzinfo=UTC))
    today_on = date(2027, 3, 1)
    acts = make_representative(
        learner,
        kind=kind,
        account_id=parent.account_id,
        email=parent.email,
        starts_on=today_on,
        ends_on=date(2027, 12, 1),
    )
    by = actor_of(
        parent.account_id, "Samira Haddad", frozenset({"representative"}), learner_id=learner.id, represents=True
    )
    give_consent(learner.id, "survey", version=in_force(), language="nl", by=by)
    acts.ended_at = datetime(2027, 3, 2, 9, tzinfo=UTC)

    clock(datetime(2027, 3, 3, 9, tzinfo=UTC))
    pass_birthdays(by=PORTAL)

    assert has_consent(learner.id, "survey", SYSTEM)


def test_the_letter_to_a_parent_can_be_printed_after_the_day(school: SchoolView, clock: Clock) -> None:
    clock(BIRTHDAY - timedelta(days=10))
    learner, _mailed = yara()
    make_representative(learner, kind=RepresentativeKind.PARENT, email=None, ends_on=last_day_as_child(BORN))
    announce_birthdays(by=PORTAL)
    [before] = list_birthdays(SYSTEM)
    written = [each.person.name for each in list_letters(before.row, by=as_staff())]
    clock(BIRTHDAY)
    pass_birthdays(by=PORTAL)

    [after] = list_birthdays(SYSTEM)

    assert len(written) == 1
    assert [each.person.name for each in list_letters(after.row, by=as_staff())] == written


def test_what_lapsed_lapses_again_in_a_restored_database_and_deletes_nothing(
    app: Flask, enter: Callable[[str], Any], clock: Clock
) -> None:
    clock(BIRTHDAY - timedelta(days=10))
    with app.app_context(), enter("leren-leren"):
        learner, _parent = yara()
        consent = agree(learner, "child_guidance", represents=True)
        clock(BIRTHDAY)
        pass_birthdays(by=PORTAL)
        push_waiting()
        consent.ended_at, consent.is_ended_at_sixteen = None, False  # as a backup of before has it
        session.flush()
        ended = EndingsSince(BIRTHDAY - timedelta(days=5))

        assert (withdraw_consents_again(ended), end_lapsed_again(ended)) == (0, 1)
        assert (consent.is_in_force, consent.is_ended_at_sixteen) == (False, True)
        assert session.scalars(select(Withdrawal)).all() == []
