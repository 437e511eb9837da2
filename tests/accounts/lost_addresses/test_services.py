"""An address that a restore took away is entered anew by who may, for those alone who lost it, and invites her."""

from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.accounts.lost_addresses.queries import count_lost, get_lost, list_lost
from portal.accounts.lost_addresses.services import enter_address
from portal.core.audit import AuditEvent
from portal.core.clock import now
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.schools.queries import SchoolView
from tests.accounts.invitations.test_routes import mails
from tests.factories.accounts import make_account, make_lost_account
from tests.jobs import do_jobs

MANAGEMENT = actor_of(new_id(), "Dina Bos", frozenset({"management"}))
OFFICE = actor_of(new_id(), "Olga Vos", frozenset({"administration"}))

pytestmark = pytest.mark.usefixtures("app", "school")


def test_they_are_listed_by_name_until_they_have_an_address(school: SchoolView) -> None:
    without, numbered = (
        make_lost_account("Zita Zwart", "teacher"),
        make_lost_account("Anna Aerts", "learner", number="C-77"),
    )
    make_account("Heeft Adres", "teacher", email="heeft@example.org")
    make_lost_account("Is Weg", "teacher").ended_at = now()
    session.flush()

    assert [(each.account_id, each.number, each.is_staff) for each in list_lost(SYSTEM)] == [
        (numbered.id, "C-77", False),
        (without.id, None, True),
    ]
    assert count_lost() == 2
    without.email = "weer@example.org"
    session.flush()
    assert count_lost() == 1


@pytest.mark.parametrize(("role", "number", "by"), [
    ("teacher", None, MANAGEMENT), ("learner", None, MANAGEMENT), ("learner", "C-78", OFFICE),
    ("representative", None, OFFICE), ("client_contact", None, OFFICE),
])  # fmt: skip
def test_she_is_invited_at_the_address_that_is_entered(
    role: str, number: str | None, by: Actor, mail_dir: Path
) -> None:
    account, address = make_lost_account("Anna Aerts", role, number=number), f"{uuid4().hex}@example.org"

    enter_address(account.id, f" {address.upper()} ", by=by)

    do_jobs()
    assert (account.email, account.sign_in_number, account.address_lost_at) == (address, number, None)
    assert "/uitnodiging/" in mails(mail_dir, address)[-1].get_content()
    said = session.scalars(select(AuditEvent.event).where(AuditEvent.subject_id == account.id)).all()
    assert {"accounts.address_entered", "accounts.invited"} <= set(said)
    with pytest.raises(NotFound):
        enter_address(account.id, "ander@example.org", by=by)
    assert account.email == address


@pytest.mark.parametrize(("email", "code"), [("geen adres", "not_an_email"), ("bezet@example.org", "address_taken")])
def test_what_is_no_address_or_anothers_is_refused(email: str, code: str) -> None:
    make_account("Bezet", "teacher", email="bezet@example.org")
    account = make_lost_account("Anna Aerts", "teacher")

    with pytest.raises(Invalid) as refused:
        enter_address(account.id, email, by=MANAGEMENT)

    assert refused.value.code == code
    assert account.email is None
    assert get_lost(account.id, SYSTEM).account_id == account.id


def test_only_management_enters_that_of_who_works_at_the_school() -> None:
    account = make_lost_account("Anna Aerts", "teacher", "learner")
    with pytest.raises(NotAllowed):
        enter_address(account.id, "a@example.org", by=OFFICE)
    assert account.email is None


def test_nobody_elses_address_is_reached_by_it() -> None:
    account = make_account("Heeft Adres", "teacher", email="heeft@example.org")
    for by in (MANAGEMENT, OFFICE):
        with pytest.raises(NotFound):
            enter_address(account.id, "van-mij@example.org", by=by)
    assert account.email == "heeft@example.org"
