"""Old sessions and links go, with the internet addresses in them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts.invitations.links import make_link
from portal.accounts.models import AccountSession, LinkKind, SignInLink
from portal.accounts.sessions.expiry import clear_old
from portal.accounts.sessions.services import start_session
from portal.core.db.session import session
from tests.factories.accounts import make_account

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.usefixtures("school")
def test_sessions_and_links_go_a_month_after_their_end(clock: Callable[[datetime], None]) -> None:
    clock(START)
    account = make_account()
    start_session(account, has_second_factor=False, ip_address="192.0.2.1", browser=None)
    start_session(account, is_own_device=True, has_second_factor=False, ip_address="192.0.2.2", browser=None)
    make_link(account, LinkKind.PASSWORD_RESET)
    clock(START + timedelta(days=30))
    assert clear_old() == 0
    clock(START + timedelta(days=31))
    assert clear_old() == 2
    assert session.scalars(select(AccountSession.ip_address)).all() == ["192.0.2.2"]
    assert session.scalar(select(func.count(SignInLink.id))) == 0
    clock(START + timedelta(days=61))
    assert clear_old() == 1
