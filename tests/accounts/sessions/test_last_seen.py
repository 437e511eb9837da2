"""Idle time: staff and shared machines are signed out, her own phone isn't, and Redis may be gone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from portal.accounts.sessions.services import start_session
from portal.core import redis as core_redis
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.schools.models import School
from tests.factories.accounts import make_account
from tests.factories.learners import make_learner
from tests.page_client import PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn, put_cookie

HERE = SCHOOLS[0].id
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
Clock = Callable[[datetime], None]


@pytest.fixture
def at(clock: Clock) -> Callable[[float], None]:
    """Set how many minutes after the start it is."""
    clock(START)
    return lambda minutes: clock(START + timedelta(minutes=minutes))


def is_in(client: PageClient) -> bool:
    return bool(client.get("/account").status_code == 200)


def test_staff_are_signed_out_after_the_idle_time(client: PageClient, sign_in: SignIn, at: Any) -> None:
    sign_in(client, "teacher")
    assert is_in(client)
    for minutes in (59, 118, 177):
        at(minutes)
        assert is_in(client)
    at(238)
    response = client.get("/account")
    assert response.status_code == 303
    assert "reden=stil" in response.headers["Location"]
    assert "deed een tijd niets" in client.get(response.headers["Location"]).get_data(as_text=True)
    at(239)
    assert not is_in(client)


def test_the_school_sets_the_idle_time(client: PageClient, sign_in: SignIn, at: Any) -> None:
    with in_school(HERE):
        session.execute(update(School).where(School.id == HERE).values(idle_minutes=15))
    sign_in(client, "teacher")
    assert is_in(client)
    at(16)
    assert not is_in(client)


def test_staff_are_signed_out_after_twelve_hours(client: PageClient, sign_in: SignIn, at: Any) -> None:
    sign_in(client, "teacher")
    for minutes in range(0, 12 * 60, 30):
        at(minutes)
        assert is_in(client)
    at(12 * 60 + 1)
    assert not is_in(client)


@pytest.mark.parametrize("is_own_device", [True, False])
def test_a_learner_stays_signed_in_for_thirty_days_on_her_own_phone_alone(
    client: PageClient, at: Any, is_own_device: bool
) -> None:
    with in_school(HERE):
        account = make_account("Amina Yilmaz", "learner", email=None, number="T1")
        make_learner(account_id=account.id)
        token = start_session(
            account, is_own_device=is_own_device, has_second_factor=False, ip_address=None, browser=None
        )
    put_cookie(client, token)
    assert is_in(client)
    at(29 * 24 * 60)
    assert is_in(client) is is_own_device
    at(30 * 24 * 60 + 1)
    assert not is_in(client)


def test_who_becomes_staff_does_not_keep_a_long_session(client: PageClient, at: Any) -> None:
    with in_school(HERE):
        account = make_account("Sam de Vries", "teacher")
        token = start_session(account, is_own_device=True, has_second_factor=False, ip_address=None, browser=None)
    put_cookie(client, token)
    assert is_in(client)
    at(13 * 60)
    assert not is_in(client)


def test_with_redis_down_pages_still_work(
    client: PageClient, sign_in: SignIn, at: Any, redis_down: Callable[[], None]
) -> None:
    redis_down()
    sign_in(client, "teacher")
    assert is_in(client)
    at(61)
    assert is_in(client)
    at(12 * 60 + 1)
    assert not is_in(client)


def test_when_redis_has_lost_all_nobody_is_thrown_out(client: PageClient, sign_in: SignIn, at: Any) -> None:
    sign_in(client, "teacher")
    assert is_in(client)
    for minutes in (50, 100):
        at(minutes)
        assert is_in(client)
    for kept in core_redis.redis().scan_iter(f"{core_redis.PREFIX}:*"):
        core_redis.redis().delete(kept)
    at(110)
    assert is_in(client)
    at(171)
    assert not is_in(client)
