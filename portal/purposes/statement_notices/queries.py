"""Who hears of a new version of the privacy statement: learners, who acts for them, staff, and who is no learner."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Exists, exists, func, select

from portal.accounts.models import Account, Membership
from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.learners.record.models import Learner
from portal.organisations.models import ContactPerson
from portal.permissions import OUTSIDE
from portal.representation.models import Representative


@dataclass(frozen=True)
class Addressee:
    """Who gets a notice by mail: her address and language, and whose account or record it is."""

    email: str
    language: str | None
    name: str
    account_id: UUID | None = None
    learner_id: UUID | None = None
    contact_person_id: UUID | None = None


def list_addressees() -> list[Addressee]:
    """Return everybody with an address whom a new version concerns, each address once, learners first."""
    found: dict[str, Addressee] = {}
    for each in (*_learners(), *_representatives(), *_staff(), *_contact_people()):
        found.setdefault(each.email.casefold(), each)
    return list(found.values())


def count_readers() -> int:
    """Return how many accounts can sign in today, and so see a notice on their pages."""
    holds = select(Account.id).where(Account.school_id == current_school_id(), Account.is_in_force, _holds_a_role())
    return session.scalar(select(func.count()).select_from(holds.subquery())) or 0


def _holds_a_role(*roles: str) -> Exists:
    held = exists().where(
        Membership.school_id == Account.school_id,
        Membership.account_id == Account.id,
        Membership.holds_on(today()),
    )
    return held.where(Membership.role.not_in(roles)) if roles else held


def _learners() -> list[Addressee]:
    email = func.coalesce(Learner.email, Account.email)
    statement = (
        select(
            email.label("email"),
            func.coalesce(Account.language, Learner.preferred_language).label("language"),
            Learner.full_name.label("name"),
            Account.id.label("account_id"),
            Learner.id.label("learner_id"),
        )
        .outerjoin(
            Account,
            (Account.school_id == Learner.school_id) & (Account.id == Learner.account_id) & Account.is_in_force,
        )
        .where(Learner.school_id == current_school_id(), Learner.is_in_use, email.is_not(None))
        .order_by(Learner.id)
    )
    return [_addressee(row) for row in session.execute(statement)]


def _representatives() -> list[Addressee]:
    email = func.coalesce(Account.email, Representative.email)
    statement = (
        select(
            email.label("email"),
            Account.language,
            Representative.name,
            Account.id.label("account_id"),
            Representative.learner_id,
        )
        .outerjoin(
            Account,
            (Account.school_id == Representative.school_id)
            & (Account.id == Representative.account_id)
            & Account.is_in_force,
        )
        .where(Representative.school_id == current_school_id(), Representative.is_valid_on(today()), email.is_not(None))
        .order_by(Representative.id)
    )
    return [_addressee(row) for row in session.execute(statement)]


def _staff() -> list[Addressee]:
    statement = (
        select(Account.email, Account.language, Account.name, Account.id.label("account_id"))
        .where(
            Account.school_id == current_school_id(),
            Account.is_in_force,
            Account.email.is_not(None),
            _holds_a_role(*OUTSIDE),
        )
        .order_by(Account.id)
    )
    return [_addressee(row) for row in session.execute(statement)]


def _contact_people() -> list[Addressee]:
    """Return who is no learner: of whom the school has data, whether or not she asked for its news (AVG art. 14)."""
    email = func.coalesce(Account.email, ContactPerson.email)
    statement = (
        select(
            email.label("email"),
            func.coalesce(Account.language, ContactPerson.language).label("language"),
            ContactPerson.name,
            Account.id.label("account_id"),
            ContactPerson.id.label("contact_person_id"),
        )
        .outerjoin(
            Account,
            (Account.school_id == ContactPerson.school_id)
            & (Account.id == ContactPerson.account_id)
            & Account.is_in_force,
        )
        .where(ContactPerson.school_id == current_school_id(), email.is_not(None))
        .order_by(ContactPerson.id)
    )
    return [_addressee(row) for row in session.execute(statement)]


def _addressee(row: Any) -> Addressee:
    return Addressee(**row._asdict())
