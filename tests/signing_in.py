"""Signing a page client in as somebody with a role, through a real session row."""

from uuid import UUID

from flask import Flask

from portal.accounts.actors import actor_of, holder_of
from portal.accounts.models import Account, Membership
from portal.accounts.sessions.services import start_session
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.learners.record.models import Learner
from portal.permissions import Role
from portal.schools.queries import current_school
from tests.page_client import PageClient
from tests.seed import SCHOOLS


class SignIn:
    """Makes an account with roles at the client's school and puts its session in the client's cookie."""

    def __call__(
        self,
        client: PageClient,
        *roles: str,
        learner: Learner | None = None,
        name: str = "Sam de Vries",
        account: Account | None = None,
        has_second_factor: bool = True,
        accepts: bool = True,
    ) -> Actor:
        """Sign in; `learner` makes her the account of that record. Returns who is signed in."""
        school_id = next(seed.id for seed in SCHOOLS if seed.host == client.host)
        with in_school(school_id):
            account = account or make_account(name, *roles)
            if learner is not None:
                session.get_one(Learner, (school_id, learner.id)).account_id = account.id
            if accepts:
                accept_duty(account)
            session.flush()
            token = start_session(account, has_second_factor=has_second_factor, ip_address="127.0.0.1", browser="test")
            actor = actor_of(
                account.id, account.name, frozenset(roles), learner_id=learner.id if learner is not None else None
            )
        put_cookie(client, token)
        return actor


def make_account(name: str, *roles: str) -> Account:
    """Make an account with these roles in the school in scope."""
    key: UUID = new_id()
    account = Account(id=key, name=name, email=f"{key.hex}@example.org")
    session.add(account)
    session.flush()
    session.add_all(Membership(account_id=account.id, role=Role(role), starts_on=today()) for role in roles)
    session.flush()
    return account


def accept_duty(account: Account) -> None:
    """Let the account have accepted the confidentiality duty in the version that the policy holds."""
    from importlib.util import find_spec

    if find_spec("portal.accounts.confidentiality.services") is not None:
        from portal.accounts.confidentiality.services import accept_duty as accept

        accept(holder_of(account), statement=str(current_school().policy_version_id), language="nl")


def put_cookie(client: PageClient, token: str) -> None:
    """Put a session's token in the client's cookie."""
    app: Flask = client.app
    assert app is not None
    with client.browser.session_transaction(base_url=client.base) as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
