"""Mails of news: each went to who wanted it when it was sent; what can't be known any more counts for nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.accounts.actors import actor_of
from portal.assurance.counts.subscribers import count_wanted_news
from portal.assurance.figures.keys import Count
from portal.contacts.mailings.models import Mailing
from portal.contacts.subscriptions.links import Target
from portal.contacts.subscriptions.models import NEWSLETTER, SERVICE_NEWS
from portal.contacts.subscriptions.services import keep_no, stop
from portal.core.clock import now, today
from portal.core.crypto.outbox import push_waiting
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.erasure import erase_categories, erase_person
from portal.core.http.access import PORTAL
from portal.core.personal_data import PersonKind
from portal.learners.record.models import Learner, Source
from portal.learners.record.services import apply_change
from portal.organisations.models import ContactPerson
from portal.organisations.services import ContactFacts, save_contact_person
from portal.policy.queries import current_policy
from portal.purposes.models import Consent
from portal.schools.queries import get_school
from tests.factories.contacts import make_copy, make_mailing, subscribe
from tests.factories.learners import make_contact_person, make_learner

HOUR = timedelta(hours=1)
REFUSED = "refused@example.org"


@pytest.fixture(autouse=True)
def _school(enter: Callable[[str], Any]) -> Any:
    with enter("leren-leren"):
        yield


def counted() -> Count:
    return count_wanted_news(current_policy(), "")


def person() -> ContactPerson:
    return make_contact_person(None, email="kim@example.org")


def mailing(purpose: str = NEWSLETTER) -> Mailing:
    return make_mailing(purpose=purpose, started_at=now() - HOUR)


def agree(learner: Learner, **values: Any) -> None:
    """Let a learner want the newsletter since three hours, unless said otherwise."""
    row = {"given_at": now() - 3 * HOUR, "given_by_name": "Amina", "language": "nl", "text_shown": "Nieuws?", **values}
    version = get_school().policy_version_id
    session.add(Consent(learner_id=learner.id, purpose=NEWSLETTER, statement_version_id=version, **row))
    session.flush()


def test_without_mails_there_is_nothing_to_count() -> None:
    subscribe(person())
    assert counted() == Count(0, 0)


@pytest.mark.parametrize(
    ("wish", "good"),
    [
        ({"confirmed_at": now() - 2 * HOUR}, 1),
        ({"confirmed_at": None}, 0),
        ({"confirmed_at": now() + HOUR}, 0),
        ({"confirmed_at": now() - 3 * HOUR, "ended_at": now() - 2 * HOUR}, 0),
        ({"confirmed_at": now() - 3 * HOUR, "ended_at": now()}, 1),
        (None, 0),
    ],
    ids=["wanted", "never confirmed", "later", "after her no", "no while it is sent", "never asked"],
)
def test_a_mail_goes_to_who_wants_it_then(wish: dict[str, Any] | None, good: int) -> None:
    who = person()
    if wish is not None:
        subscribe(who, **wish)
    make_copy(who.id, mailing())
    assert counted() == Count(good, 1)


@pytest.mark.parametrize(("bought_on", "good"), [(today(), 1), (None, 0)])
def test_news_of_services_goes_to_who_bought_one(bought_on: Any, good: int) -> None:
    who = person()
    subscribe(who, SERVICE_NEWS, bought_on=bought_on)
    make_copy(who.id, mailing(SERVICE_NEWS))
    assert counted() == Count(good, 1)


def test_a_yes_to_one_is_no_yes_to_the_other() -> None:
    who = person()
    subscribe(who)
    make_copy(who.id, mailing(SERVICE_NEWS))
    assert counted() == Count(0, 1)


def test_a_no_from_her_address_holds_for_who_else_has_it() -> None:
    who, other = person(), person()
    subscribe(who, confirmed_at=now() - HOUR)
    stop(Target(other.id, NEWSLETTER))
    make_copy(who.id, make_mailing(started_at=now()))
    assert counted() == Count(0, 1)


def test_a_learners_consent_counts_as_long_as_it_lasts() -> None:
    agreed, ended, never = make_learner(), make_learner(), make_learner()
    agree(agreed)
    agree(ended, ended_at=now() - 2 * HOUR)
    sent = mailing()
    for each in (agreed, ended, never):
        make_copy(each.id, sent)
    assert counted() == Count(1, 3)


def test_who_was_merged_counts_by_what_she_has_now_and_who_was_erased_by_nothing() -> None:
    kept, merged, gone = make_learner(), make_learner(), person()
    agree(kept)
    merged.merged_into_id = kept.id
    for each in (merged, gone):
        make_copy(each.id, mailing())
    assert counted() == Count(1, 2)
    erase_person(PersonKind.CONTACT_PERSON, gone.id, why="requested")
    assert counted() == Count(1, 1)


def test_of_whom_it_was_erased_what_she_wanted_no_earlier_mail_counts() -> None:
    who, other, learner = person(), person(), make_learner()
    for each in (who, other):
        subscribe(each, confirmed_at=now() - 3 * HOUR)
    agree(learner)
    sent = mailing()
    for each in (who.id, other.id, learner.id):
        make_copy(each, sent)
    assert counted() == Count(3, 3)
    erase_categories(PersonKind.CONTACT_PERSON, [who.id], ["newsletter"], why="asked")
    erase_categories(PersonKind.LEARNER, [learner.id], ["consent"], why="asked")
    session.flush()
    while push_waiting():
        pass
    assert counted() == Count(1, 1)
    for each in (who.id, learner.id):
        make_copy(each)
    assert counted() == Count(1, 3)  # a mail after that


def change_contact(who: ContactPerson) -> None:
    office = actor_of(new_id(), "Olga Smit", frozenset({"administration"}))
    save_contact_person(who.id, ContactFacts(name=who.name, email=REFUSED), by=office)


def change_learner(learner: Learner) -> None:
    apply_change(learner, {"learner.email": REFUSED}, source=Source.SCHOOL, channel=None, by=PORTAL)


@pytest.mark.parametrize(("purpose", "is_learner"), [(NEWSLETTER, False), (SERVICE_NEWS, False), (NEWSLETTER, True)])
def test_only_the_address_that_she_had_then_is_held_against_a_mail(purpose: str, is_learner: bool) -> None:
    who: Any = make_learner(email="amina@example.org") if is_learner else person()
    if is_learner:
        agree(who)
    else:
        subscribe(who, purpose, confirmed_at=now() - 3 * HOUR, bought_on=today())
    keep_no(purpose, REFUSED)
    make_copy(who.id, make_mailing(purpose=purpose, started_at=now()))
    assert counted() == Count(1, 1)
    (change_learner if is_learner else change_contact)(who)
    assert counted() == Count(1, 1)
    make_copy(who.id, make_mailing(purpose=purpose, started_at=now()))
    assert counted() == Count(1, 2)
