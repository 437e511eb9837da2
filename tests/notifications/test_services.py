"""Telling what happened: once until it was seen, never who did it, and gone when it is past its term."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.accounts.models import Account
from portal.core.clock import now
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.erasure import erase_person
from portal.core.errors import NotFound
from portal.core.http.access import PORTAL, Actor
from portal.core.jobs import ask
from portal.core.personal_data import PersonKind
from portal.learners.merges.services import merge_learners
from portal.notifications.models import Notification, NotificationKind
from portal.notifications.services import Told, notify, see_notifications
from portal.schools.models import School
from portal.schools.queries import SchoolView, get_school
from portal.schools.services import change_notifications
from tests.factories.learners import make_learner
from tests.factories.notifications import make_notification, told_of
from tests.jobs import do_jobs
from tests.signing_in import make_account

KIND = NotificationKind.LEARNERS_GIVEN


@pytest.fixture
def noor(school: SchoolView) -> Account:
    return make_account("Noor Bakker", "coach")


def actor_for(account: Account) -> Actor:
    return actor_of(account.id, account.name, frozenset({"coach"}))


def test_what_happens_again_before_it_is_seen_is_one(noor: Account, clock: Callable[[datetime], None]) -> None:
    target = new_id()
    clock(datetime(2026, 11, 20, 9, tzinfo=UTC))
    notify(KIND, [Told(noor.id, target)], by=PORTAL)
    clock(datetime(2026, 11, 20, 10, tzinfo=UTC))
    notify(KIND, [Told(noor.id, target), Told(noor.id, target)], by=PORTAL)

    row = session.scalars(select(Notification).where(Notification.account_id == noor.id)).one()
    assert row.happened_at == datetime(2026, 11, 20, 10, tzinfo=UTC)

    see_notifications([row.id], by=actor_for(noor))
    notify(KIND, [Told(noor.id, target)], by=PORTAL)
    assert len(told_of(noor.id)) == 2


def test_neither_who_did_it_nor_whose_account_ended_is_told(noor: Account) -> None:
    gone = make_account("Els Vos", "coach")
    gone.ended_at = now()
    session.flush()

    notify(KIND, [Told(noor.id, new_id()), Told(gone.id, new_id()), Told(new_id(), new_id())], by=actor_for(noor))

    assert (told_of(noor.id), told_of(gone.id)) == ([], [])


def test_it_is_seen_once_by_its_holder_alone(noor: Account) -> None:
    other = make_account("Els Vos", "coach")
    row = make_notification(noor.id)

    with pytest.raises(NotFound):
        see_notifications([row.id], by=actor_for(other))
    with pytest.raises(NotFound):
        see_notifications([], by=actor_for(noor))

    see_notifications([row.id, new_id()], by=actor_for(noor))
    session.refresh(row)
    first = row.seen_at
    see_notifications([row.id], by=actor_for(noor))
    session.refresh(row)
    assert row.seen_at == first


def test_it_goes_after_the_days_of_the_school(noor: Account) -> None:
    manager = actor_of(new_id(), "Dina Bos", frozenset({"management"}))
    change_notifications(daily_mail_hour=7, notification_days=10, by=manager)
    kept = make_notification(noor.id, happened_at=now() - timedelta(days=9))
    make_notification(noor.id, happened_at=now() - timedelta(days=11), seen_at=now())
    make_notification(noor.id, happened_at=now() - timedelta(days=11))

    ask("notifications.clear_old", {})
    assert do_jobs("notifications.clear_old") == ["notifications.clear_old"]

    assert [target for _kind, target, _whom in told_of(noor.id)] == [kept.target_id]
    assert isinstance(get_school(), School)


def test_it_goes_with_whom_it_is_about_and_with_its_holder(noor: Account) -> None:
    amina, other = make_learner(), make_account("Els Vos", "coach")
    make_notification(noor.id, NotificationKind.SIGNAL_RAISED, learner_id=amina.id)
    make_notification(noor.id)
    make_notification(other.id)

    erase_person(PersonKind.LEARNER, amina.id, why="test")
    assert [whom for _kind, _target, whom in told_of(noor.id)] == [None]

    other_id = other.id
    erase_person(PersonKind.STAFF, other_id, why="test")
    assert told_of(other_id) == []


def test_it_moves_along_where_two_records_become_one(noor: Account, office: Actor) -> None:
    kept, other = make_learner("Hodan"), make_learner("Hodaan")
    make_notification(noor.id, NotificationKind.SIGNAL_RAISED, learner_id=other.id)

    merge_learners(kept.id, other.id, take=(), by=office)

    assert [whom for _kind, _target, whom in told_of(noor.id)] == [kept.id]
