"""Requests about somebody's own data, for tests."""

from ipaddress import IPv4Address
from secrets import randbits
from typing import Any
from uuid import uuid4

from portal.accounts.actors import actor_of
from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.http.access import Actor
from portal.learners.record.models import Learner
from portal.requests.data_requests.entries import Receipt, enter_request
from portal.requests.data_requests.models import DataRequest, RequestChannel, RequestKind
from portal.requests.data_requests.own_requests import file_own_request
from portal.requests.data_requests.services import Wish
from portal.requests.public_requests.services import Asker, file_public_request
from tests.factories.consent import as_learner
from tests.signing_in import make_account


def as_staff(role: str = "privacy_staff", account: Account | None = None) -> Actor:
    """Return the actor who is a member of staff with this role."""
    account = account or make_account(f"Iemand van {role}", role)
    return actor_of(account.id, account.name, frozenset({role}))


def ask(
    learner: Learner,
    kind: RequestKind = RequestKind.ACCESS,
    *,
    is_certain: bool = True,
    by: Actor | None = None,
    **wish: Any,
) -> DataRequest:
    """Let a learner ask for something; `is_certain`: she signed in by two steps."""
    return file_own_request(
        Wish(kind=kind, **wish), language="nl", has_second_factor=is_certain, by=by or as_learner(learner)
    )


def ask_from_outside(kind: RequestKind = RequestKind.ACCESS, **given: Any) -> DataRequest:
    """Let somebody without a sign-in ask for something on the public page."""
    wish = {name: given.pop(name) for name in ("body", "categories", "purposes") if name in given}
    asker = {
        "name": "Noor Visser", "contact": f"{uuid4().hex[:12]}@example.org",
        **{name.removeprefix("asker_"): value for name, value in given.items()},
    }  # fmt: skip
    address = str(IPv4Address(randbits(32)))
    return file_public_request(Wish(kind=kind, **wish), Asker(**asker), language="nl", address=address)


def enter(kind: RequestKind = RequestKind.ACCESS, *, by: Actor | None = None, **given: Any) -> DataRequest:
    """Let the desk write a request down: of a learner, or of somebody whom nobody here knows."""
    wish = {name: given.pop(name) for name in ("body", "categories", "purposes") if name in given}
    receipt = {"channel": RequestChannel.PHONE, "received_on": today(), **given}
    if not {"learner_id", "contact_person_id"} & set(receipt):
        receipt.setdefault("asker_name", "Noor Visser")
    return enter_request(Wish(kind=kind, **wish), Receipt(**receipt), language="nl", by=by or as_staff())
