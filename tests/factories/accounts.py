"""Makes accounts in the school in scope, with what they sign in with."""

from uuid import uuid4

import pyotp

from portal.accounts.actors import holder_of
from portal.accounts.calendar_feeds.services import renew_feed
from portal.accounts.models import NO_NUMBER, Account, Membership
from portal.accounts.passwords.services import hash_password
from portal.accounts.second_factor.services import STEP_SECONDS, seal_secret
from portal.core.clock import now, today
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.permissions import Role
from tests.factories.learners import make_learner

PASSWORD = "fiets lamp zeven wolken"


def make_account(
    name: str = "Noor Bakker",
    *roles: str,
    email: str | None = "noor@example.org",
    number: str | None = None,
    password: str | None = PASSWORD,
) -> Account:
    """Make an account with these roles from today, a teacher's unless said otherwise."""
    account = Account(
        id=new_id(),
        name=name,
        email=email,
        sign_in_number=number,
        password_hash=hash_password(password) if password else None,
        password_changed_at=now() if password else None,
    )
    session.add(account)
    session.flush()
    session.add_all(
        Membership(account_id=account.id, role=Role(role), starts_on=today()) for role in roles or ("teacher",)
    )
    session.flush()
    return account


def give_second_factor(account: Account) -> str:
    """Turn on the second step of an account; return the app's secret."""
    secret = pyotp.random_base32()
    account.totp_secret = seal_secret(secret)
    account.totp_since = now()
    session.flush()
    return secret


def code_of(secret: str, *, steps: int = 0) -> str:
    """Return the code that the app shows now, or so many steps of 30 seconds later."""
    return pyotp.TOTP(secret).generate_otp(int(now().timestamp()) // STEP_SECONDS + steps)


def make_feed(account: Account) -> str:
    """Give an account an address for its calendar, and return the token."""
    return renew_feed(by=holder_of(account))


def make_lost_account(name: str, *roles: str, number: str | None = None) -> Account:
    """Make an account as a restore leaves it that took a replaced address away."""
    account = make_account(name, *roles, email=None, number=number or f"{NO_NUMBER}{uuid4().hex[:12]}")
    account.address_lost_at = now()
    session.flush()
    return account


def make_lost_learner(given_name: str) -> Account:
    """Make a learner with such an account."""
    learner, account = make_learner(given_name), make_lost_account(f"{given_name} Yilmaz", "learner")
    learner.account_id = account.id
    session.flush()
    return account
