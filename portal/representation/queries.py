"""Reads of who acts or acted for a learner."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, any_, literal, not_, or_, select

from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.representation.models import BY_COURT, FOR_CHILDREN, WIDEST, Representative, RepresentativeKind

_FOR_ADULTS = sorted({RepresentativeKind.AUTHORISED, *BY_COURT})
_FOR_CHILDREN = sorted(FOR_CHILDREN)


def list_representatives(learner_id: UUID, scope: Scope) -> list[Representative]:
    """Return who acts or acted for a learner within reach, those in force first."""
    rows = session.scalars(
        select(Representative)
        .where(
            Representative.school_id == current_school_id(),
            Representative.learner_id == learner_id,
            reaches_learner(scope, Representative.learner_id),
        )
        .order_by(not_(Representative.is_in_force), Representative.ends_on.desc())
    )
    return list(rows)


def may_act(day: Any) -> ColumnElement[bool]:
    """Say of `representative` with her `learner` whether she may act for her on a day: a value or a parameter.

    A parent or guardian does for a child under 16, somebody authorised or appointed by a court for who is older
    (LB-11, LL-04).
    """
    is_child = Learner.is_child_on(day)
    return and_(
        Representative.is_valid_on(day),
        or_(Learner.birth_date.is_(None), is_child, *(Representative.kind == kind for kind in _FOR_ADULTS)),
        or_(not_(is_child), *(Representative.kind == kind for kind in _FOR_CHILDREN)),
    )


def list_acting(learner_id: UUID, scope: Scope) -> list[Representative]:
    """Return who may act today for a learner within reach, by name."""
    rows = session.scalars(
        select(Representative)
        .join(Representative.learner)
        .where(
            Representative.school_id == current_school_id(),
            Representative.learner_id == learner_id,
            may_act(today()),
            reaches_learner(scope, Representative.learner_id),
        )
        .order_by(Representative.name, Representative.id)
    )
    return list(rows)


def find_acting(learner_id: UUID, representative_id: UUID, scope: Scope) -> Representative | None:
    """Return this representative where she may act today for this learner within reach; None for anybody else."""
    return next((each for each in list_acting(learner_id, scope) if each.id == representative_id), None)


def may_decide_in(acting: Representative, scope: Scope) -> frozenset[str]:
    """Return the categories in which she exercises a learner's rights: hers, but for what a court gave to others."""
    found = list_appointed(acting.learner_id, scope)
    return acting.within - (_within(found) - _within(each for each in found if each.id == acting.id))


def may_act_for(learner_id: UUID, account_id: UUID | None, categories: Collection[str], scope: Scope) -> bool:
    """Say whether who has this account may act today for a learner within reach, in all of these categories."""
    if account_id is None:
        return False
    found = session.scalars(_acting_by(learner_id, account_id, scope).where(may_act(today())))
    return any(each.covers(categories) for each in found)


def has_stopped_acting(learner_id: UUID, account_id: UUID | None, scope: Scope) -> bool:
    """Say whether who has this account acted for a learner within reach, and may no more (LB-11, LL-04)."""
    if account_id is None:
        return False
    acting = _acting_by(learner_id, account_id, scope)
    found, now_acting = session.scalars(acting).all(), session.scalars(acting.where(may_act(today()))).all()
    return bool(found) and not now_acting


def _acting_by(learner_id: UUID, account_id: UUID, scope: Scope) -> Select[Representative]:
    return (
        select(Representative)
        .join(Representative.learner)
        .where(
            Representative.school_id == current_school_id(),
            Representative.learner_id == learner_id,
            Representative.account_id == account_id,
            reaches_learner(scope, Representative.learner_id),
        )
    )


def list_appointed(learner_id: UUID, scope: Scope) -> list[Representative]:
    """Return who acts today in the place of a learner within reach, as a court appointed them."""
    rows = session.scalars(
        select(Representative)
        .join(Representative.learner)
        .where(
            Representative.school_id == current_school_id(),
            Representative.learner_id == learner_id,
            Representative.kind.in_(BY_COURT),
            may_act(today()),
            reaches_learner(scope, Representative.learner_id),
        )
        .order_by(Representative.starts_on, Representative.id)
    )
    return list(rows)


def list_deciding(learner_id: UUID, categories: Collection[str], scope: Scope) -> list[Representative]:
    """Return who decides in the place of a learner within reach on what uses these categories (UAVG art. 5)."""
    return [each for each in list_appointed(learner_id, scope) if each.covers(categories)]


class Told(NamedTuple):
    """Who is told in a learner's place or beside her: her name, and how she is reached where that is known."""

    learner_id: UUID
    name: str
    email: str | None
    language: str | None
    account_id: UUID | None


def list_told_for(learner_ids: Collection[UUID], categories: Collection[str], scope: Scope) -> list[Told]:
    """Return who is told today of what happened to these categories (none: to all) of learners within reach.

    The parents and guardians of a child under 16, and who a court appointed over something of that; not somebody whom
    an adult authorised herself.
    """
    account = and_(
        Account.school_id == Representative.school_id, Account.id == Representative.account_id, Account.is_in_force
    )
    rows = session.execute(
        select(Representative, Account.email, Account.language, Account.id)
        .join(Representative.learner)
        .outerjoin(Account, account)
        .where(
            Representative.school_id == current_school_id(),
            Representative.learner_id.in_(list(learner_ids)),
            Representative.kind != RepresentativeKind.AUTHORISED,
            may_act(today()),
            reaches_learner(scope, Representative.learner_id),
        )
        .order_by(Representative.starts_on, Representative.id)
    )
    return [
        Told(
            row.learner_id,
            row.name,
            email or row.email,
            language,
            account_id,
        )
        for row, email, language, account_id in rows
        if row.kind in FOR_CHILDREN or row.touches(categories)
    ]


def taken_over(learner_id: UUID, scope: Scope) -> frozenset[str]:
    """Return the categories in which others than whose scope it is exercise a learner's rights in her place."""
    found = list_appointed(learner_id, scope)
    own = [each for each in found if each.account_id is not None and each.account_id == scope.account_id]
    return _within(found) - _within(own)


def _within(appointed: Iterable[Representative]) -> frozenset[str]:
    return frozenset().union(*(each.categories or WIDEST[each.kind] for each in appointed))


def list_acting_accounts(learner_ids: Collection[UUID], category: str, scope: Scope) -> list[tuple[UUID, UUID]]:
    """Return who may act today for learners within reach, in a category: the ids of learner and account."""
    is_within = or_(Representative.categories == [], literal(category) == any_(Representative.categories))
    statement = (
        select(Representative.learner_id, Representative.account_id)
        .join(
            Learner,
            and_(Learner.school_id == Representative.school_id, Learner.id == Representative.learner_id),
        )
        .where(
            Representative.school_id == current_school_id(),
            Representative.learner_id.in_(list(learner_ids)),
            Representative.account_id.is_not(None),
            may_act(today()),
            is_within,
            reaches_learner(scope, Representative.learner_id),
        )
    )
    return [(row.learner_id, row.account_id) for row in session.execute(statement)]
