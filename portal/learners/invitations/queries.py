"""Who of the learners can be invited to sign in, and how: by e-mail, by a printed letter, or by asking the parent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.accounts.models import Account, LinkKind, SignInLink
from portal.core.clock import now, today
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.courses.models import LearnerGroup
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.ages import is_child
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner


class Way(StrEnum):
    """How a learner is invited."""

    EMAIL = "email"
    LETTER = "letter"
    PARENT = "parent"


@dataclass(frozen=True)
class Invitable:
    """A learner as the page for inviting shows her; `way` follows from her age and whether her address is her own."""

    id: UUID
    number: str
    name: str
    way: Way
    has_password: bool
    invited_until: datetime | None


def _statement() -> Select[*tuple[Any, ...]]:
    other = aliased(Learner)
    shared = exists().where(
        other.school_id == Learner.school_id,
        other.id != Learner.id,
        func.lower(other.email) == func.lower(Learner.email),
        other.is_in_use,
    )
    taken = aliased(Account)
    is_taken = exists().where(
        taken.school_id == Learner.school_id,
        taken.email == func.lower(Learner.email),
        or_(Learner.account_id.is_(None), taken.id != Learner.account_id),
    )
    open_link = (
        select(func.max(SignInLink.expires_at))
        .where(
            SignInLink.school_id == Learner.school_id,
            SignInLink.account_id == Learner.account_id,
            SignInLink.kind.in_([LinkKind.INVITATION, LinkKind.FIRST_CODE]),
            SignInLink.is_usable(now()),
        )
        .scalar_subquery()
    )
    return (
        select(
            Learner.id,
            Learner.number,
            Learner.full_name.label("name"),
            Learner.birth_date,
            (Learner.email.is_not(None) & ~shared & ~is_taken).label("own_email"),
            Account.password_hash.is_not(None).label("has_password"),
            open_link.label("invited_until"),
        )
        .outerjoin(Account, (Account.school_id == Learner.school_id) & (Account.id == Learner.account_id))
        .where(Learner.is_in_use)
    )


def _invitable(row: Row[Any]) -> Invitable:
    way = Way.PARENT if is_child(row.birth_date) else Way.EMAIL if row.own_email else Way.LETTER
    return Invitable(row.id, row.number, row.name, way, bool(row.has_password), row.invited_until)


def list_invitable(group_id: UUID | None, scope: Scope, *, most: int) -> list[Invitable]:
    """Return learners within reach who can't sign in yet, of one group or of the school, by name, so many at most."""
    wanted = _statement().where(Account.password_hash.is_(None), reaches_learner(scope))
    if group_id is not None:
        wanted = wanted.where(Learner.id.in_(_in_group(group_id, today())))
    return [_invitable(row) for row in session.execute(wanted.order_by(Learner.sort_name, Learner.id).limit(most))]


def _in_group(group_id: UUID, day: date) -> Select[UUID]:
    return select(Enrolment.learner_id).where(
        Enrolment.group_id == group_id,
        Enrolment.holds_on(day),
    )


def find_invitable(learner_ids: Iterable[UUID], scope: Scope) -> list[Invitable]:
    """Return those of these learners whom a scope reaches, by name."""
    wanted = _statement().where(Learner.id.in_(list(learner_ids)), reaches_learner(scope))
    return [_invitable(row) for row in session.execute(wanted.order_by(Learner.sort_name, Learner.id))]


def get_invitable(learner_id: UUID, scope: Scope) -> Invitable | None:
    """Return one learner as the page for inviting shows her, or None."""
    return next(iter(find_invitable([learner_id], scope)), None)


def list_groups() -> list[tuple[UUID, str]]:
    """Return the groups that run today by name, then those to come, to narrow the list by."""
    wanted = (
        select(LearnerGroup.id, LearnerGroup.name)
        .where(LearnerGroup.lasts_until(today()))
        .order_by(LearnerGroup.starts_on > today(), LearnerGroup.name)
    )
    return [(row.id, row.name) for row in session.execute(wanted)]
