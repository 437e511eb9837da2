"""Old sessions and links go, with the internet addresses in them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from portal.accounts.invitations.links import make_link
from portal.accounts.models import AccountSession, LinkKind, SignInLink
from portal.accounts.sessions.expiry import clear_old
from portal.accounts.sessions.services import start_session
from portal.core.db.session import session
from tests.factories.accounts import make_account
from tests.factories.policy import publish, varied

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.usefixtures("school")
def test_sessions_and_links_go_when_the_term_of_the_policy_is_past(clock: Callable[[datetime], None]) -> None:
    clock(START)
    account = make_account()
    start_session(account, has_second_factor=False, ip_address="192.0.2.1", browser=None)
    make_link(account, LinkKind.PASSWORD_RESET)
    session.execute(update(SignInLink).values(made_at=START))
    clock(START + timedelta(days=3))
    start_session(account, is_own_device=True, has_second_factor=False, ip_address="192.0.2.2", browser=None)
    clock(START + timedelta(days=90))
    assert clear_old() == 0
    clock(START + timedelta(days=91))
    assert clear_old() == 2
    assert session.scalars(select(AccountSession.ip_address)).all() == ["192.0.2.2"]
    assert session.scalar(select(func.count(SignInLink.id))) == 0
    clock(START + timedelta(days=94))
    assert clear_old() == 1


@pytest.mark.usefixtures("school")
def test_a_session_in_force_outlives_a_shorter_term_without_its_address(clock: Callable[[datetime], None]) -> None:
    week = {"title": {"nl": "Een week."}, "stages": [{"number": 7, "unit": "days", "counted_from": ["recorded"]}]}
    publish(varied("lest-best", {"version": "2026", "terms.activity": week}))
    clock(START)
    start_session(make_account(), is_own_device=True, has_second_factor=False, ip_address="192.0.2.2", browser=None)
    clock(START + timedelta(days=8))
    assert clear_old() == 0
    assert session.scalars(select(AccountSession.ip_address)).all() == [None]
    clock(START + timedelta(days=31))
    assert clear_old() == 1
