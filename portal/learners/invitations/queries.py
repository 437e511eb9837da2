"""Who of the learners can be invited to sign in, and how: by e-mail, by a printed letter, or by asking the parent."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from portal.accounts.models import NO_NUMBER, Account, LinkKind, SignInLink
from portal.core.clock import now, today
from portal.core.db.scope import hidden_learners
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.courses.models import LearnerGroup
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.ages import is_child
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.learners.search.likenesses import NamedPerson, find_alike
from portal.learners.search.queries import FoundLearner, list_found, sorted_by


class Way(StrEnum):
    """How a learner is invited."""

    EMAIL = "email"
    LETTER = "letter"
    PARENT = "parent"
    ENDED = "ended"
    RESTRICTED = "restricted"


@dataclass(frozen=True)
class Invitable:
    """A learner as the page for inviting shows her; `way` follows from her age and whether her address is her own.

    Of who restricted her birth date nobody sees whether her parent is asked; of who restricted how she is reached
    nobody sees an address, and a letter has none.
    """

    id: UUID
    number: str
    name: str
    way: Way
    has_password: bool
    is_number_taken: bool
    """Whether another account is signed in to by her number."""
    invited_until: datetime | None
    is_address_hidden: bool = False

    @property
    def may_get_email(self) -> bool:
        """Say whether a link can be sent to her: she has an address of her own, and no password yet."""
        return self.way is Way.EMAIL and not self.has_password

    @property
    def may_get_letter(self) -> bool:
        """Say whether a code can be printed for her; who forgot her password is helped by one too."""
        return self.way in {Way.EMAIL, Way.LETTER} and not self.is_number_taken

    @property
    def why_no_email(self) -> str:
        """Say in a code why no link can be sent to her, where that is so."""
        if self.is_address_hidden and self.way is Way.LETTER:
            return Way.RESTRICTED.value
        return "has_password" if self.has_password and self.way is Way.EMAIL else self.way.value

    @property
    def why_no_letter(self) -> str:
        """Say in a code why no letter can be printed for her, where that is so."""
        return "number_taken" if self.way in {Way.EMAIL, Way.LETTER} else self.way.value


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
        taken.is_in_force,
        or_(Learner.account_id.is_(None), taken.id != Learner.account_id),
    )
    holder = aliased(Account)
    is_number_taken = exists().where(
        holder.school_id == Learner.school_id,
        holder.sign_in_number == Learner.number,
        holder.is_in_force,
        or_(Learner.account_id.is_(None), holder.id != Learner.account_id),
    )
    knows_no_number = func.coalesce(Account.sign_in_number, NO_NUMBER).startswith(NO_NUMBER, autoescape=True)
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
            (is_number_taken & knows_no_number).label("number_taken"),
            not_(Account.is_in_force).label("has_ended"),
            Account.password_hash.is_not(None).label("has_password"),
            open_link.label("invited_until"),
        )
        .outerjoin(Account, (Account.school_id == Learner.school_id) & (Account.id == Learner.account_id))
        .where(Learner.is_in_use)
    )


def _invitable(row: Row[Any]) -> Invitable:
    return Invitable(
        id=row.id,
        number=row.number,
        name=row.name,
        way=_way(row),
        has_password=bool(row.has_password),
        is_number_taken=bool(row.number_taken),
        invited_until=row.invited_until,
        is_address_hidden=row.id in hidden_learners("contact"),
    )


def _way(row: Row[Any]) -> Way:
    if row.id in hidden_learners("birth"):
        return Way.RESTRICTED
    if is_child(row.birth_date):
        return Way.PARENT
    if row.has_ended:
        return Way.ENDED
    return Way.EMAIL if row.own_email and row.id not in hidden_learners("contact") else Way.LETTER


ORDERS = ("name", "number", "invited")
"""By what the list of who can be invited is sorted."""


def list_invitable(group_id: UUID | None, scope: Scope, *, order: str = "name", most: int) -> list[Invitable]:
    """Return learners within reach who can't sign in yet, of one group or of the school, so many at most, in order.

    By `invited` who has an invitation that is soon over comes first, and who has none last.
    """
    wanted = _statement().where(Account.password_hash.is_(None), reaches_learner(scope))
    if group_id is not None:
        wanted = wanted.where(Learner.id.in_(_in_group(group_id, today())))
    if order.removeprefix("-") == "invited":
        until = wanted.selected_columns.invited_until
        wanted = wanted.order_by((until.desc() if order.startswith("-") else until.asc()).nulls_last())
        order = "name"
    rows = session.execute(wanted.order_by(*sorted_by(order, Learner)).limit(most))
    return [_invitable(row) for row in rows]


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


def find_lookalikes(learner_ids: Collection[UUID], scope: Scope) -> list[tuple[str, FoundLearner]]:
    """Return of which of these learners another within reach has a name that sounds the same: her name, and who it is.

    It may be one person with two records; the birth dates agree where both are known.
    """
    wanted = select(
        Learner.id, Learner.given_name, Learner.family_name, Learner.birth_date, Learner.full_name.label("name")
    ).where(Learner.id.in_(list(learner_ids)), reaches_learner(scope))
    rows = session.execute(wanted.order_by(Learner.sort_name, Learner.id)).all()
    alike = find_alike([NamedPerson(row.id, row.given_name, row.family_name, row.birth_date) for row in rows], scope)
    others = {other: None for found in alike.values() for other in found}
    known = {each.id: each for each in list_found(list(others), scope)}
    return [
        (row.name, known[other])
        for row in rows
        for other in alike.get(row.id, ())
        if other != row.id and other in known
    ]
