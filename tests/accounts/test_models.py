"""What is true of a session and of a link that was handed out: Python and PostgreSQL say the same."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import not_, select

from portal.accounts.models import AccountSession, LinkKind, SignInLink
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.schools.queries import SchoolView
from tests.signing_in import make_account

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MOMENTS = [NOON - timedelta(seconds=1), NOON, NOON + timedelta(seconds=1)]


@pytest.fixture
def account_id(school: SchoolView) -> Any:
    return make_account("Sam de Vries", "teacher").id


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_session_is_live_until_it_ends_or_expires(account_id: Any, moment: datetime) -> None:
    rows = [
        AccountSession(
            account_id=account_id,
            token_digest=new_id().bytes,
            authenticated_at=NOON,
            expires_at=expires,
            ended_at=ended,
        )
        for expires, ended in product(MOMENTS, (None, NOON))
    ]
    session.add_all(rows)
    session.flush()
    live = set(session.scalars(select(AccountSession.id).where(AccountSession.is_live(moment))))
    over = set(session.scalars(select(AccountSession.id).where(not_(AccountSession.is_live(moment)))))

    assert live == {row.id for row in rows if row.is_live(moment)}
    assert over == {row.id for row in rows} - live
    assert all(row.expires_at > moment and row.ended_at is None for row in rows if row.id in live)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_link_works_once_until_its_hour(account_id: Any, moment: datetime) -> None:
    rows = [
        SignInLink(
            account_id=account_id,
            kind=LinkKind.INVITATION,
            token_digest=new_id().bytes,
            expires_at=expires,
            used_at=used,
        )
        for expires, used in product(MOMENTS, (None, NOON))
    ]
    session.add_all(rows)
    session.flush()
    usable = set(session.scalars(select(SignInLink.id).where(SignInLink.is_usable(moment))))

    assert usable == {row.id for row in rows if row.is_usable(moment)}
    assert usable == {row.id for row in rows if row.expires_at > moment and row.used_at is None}
