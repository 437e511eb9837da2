"""Reads of who turns 16, for whom a parent still acts after that, and what parents said yes to."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, DateTime, Select, and_, cast, exists, func, not_, or_, select, true

from portal.accounts.models import Account
from portal.core.clock import AMSTERDAM, today
from portal.core.db.scope import current_school_id, hidden_learners
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import Scope
from portal.learners.record.ages import AGE_OF_CONSENT, sixteen_on
from portal.learners.record.models import Learner
from portal.learners.scope.queries import is_in_reach, reaches_learner
from portal.purposes.coming_of_age.models import ComingOfAge
from portal.purposes.models import Consent
from portal.representation.models import FOR_CHILDREN, Representative

_YEARS = timedelta(days=AGE_OF_CONSENT * 366)


@dataclass(frozen=True)
class Parent:
    """Who acts for a child, and how to reach her; None where no address is known."""

    name: str
    email: str | None
    language: str | None
    account_id: UUID | None


@dataclass(frozen=True)
class BirthdayLine:
    """A learner who turns 16, as the office sees it."""

    row: ComingOfAge
    name: str


def list_turning(until: date) -> list[Learner]:
    """Return the learners in use who turn 16 after today and by a day, the first birthday first."""
    rows = session.scalars(
        select(Learner)
        .where(
            Learner.school_id == current_school_id(),
            Learner.is_in_use,
            Learner.is_child_on(today()),
            Learner.birth_date < until - timedelta(days=(AGE_OF_CONSENT - 1) * 365),
        )
        .order_by(Learner.birth_date, Learner.id)
    )
    return [each for each in rows if each.birth_date is not None and sixteen_on(each.birth_date) <= until]


def find_coming_of_age(learner_id: UUID, scope: Scope) -> ComingOfAge | None:
    """Return the last notice of a learner within reach, locked; None where there is none."""
    return session.scalars(
        select(ComingOfAge)
        .where(
            ComingOfAge.school_id == current_school_id(),
            ComingOfAge.learner_id == learner_id,
            reaches_learner(scope, ComingOfAge.learner_id),
        )
        .order_by(ComingOfAge.reached_at.is_(None).desc(), ComingOfAge.told_at.desc(), ComingOfAge.id)
        .limit(1)
        .with_for_update()
    ).one_or_none()


def get_coming_of_age(coming_of_age_id: UUID, scope: Scope, *, lock: bool = False) -> ComingOfAge:
    """Return a notice of a learner within reach; raises NotFound, also for who restricted her birth date."""
    found = session.get(ComingOfAge, (current_school_id(), coming_of_age_id), with_for_update=lock)
    if found is None or not is_in_reach(found.learner_id, scope) or found.learner_id in hidden_learners("birth"):
        raise NotFound("coming_of_age")
    return found


def list_parents(learner_id: UUID, scope: Scope, *, until: datetime | None = None) -> list[Parent]:
    """Return who acts or acted as parent or guardian of a learner within reach and wasn't ended.

    With a moment these are who wasn't ended before it, with the address that she had while she acted.
    """
    is_hers: ColumnElement[bool] = and_(Account.is_in_force)
    acts: ColumnElement[bool] = and_(Representative.is_in_force)
    if until is not None:
        is_hers, acts = true(), or_(acts, Representative.ended_at >= until)
    rows = session.execute(
        select(
            Representative.name,
            func.coalesce(Account.email, Representative.email).label("email"),
            Account.language,
            Account.id.label("account_id"),
        )
        .outerjoin(
            Account,
            (Account.school_id == Representative.school_id) & (Account.id == Representative.account_id) & is_hers,
        )
        .where(
            Representative.school_id == current_school_id(),
            Representative.learner_id == learner_id,
            Representative.kind.in_(FOR_CHILDREN),
            acts,
            reaches_learner(scope, Representative.learner_id),
        )
        .order_by(Representative.starts_on, Representative.id)
    )
    return [Parent(**row._asdict()) for row in rows]


def list_past() -> list[UUID]:
    """Return the learners of 16 and older for whom a parent still acts on paper, or whose parent's yes still counts."""
    acts = exists().where(
        Representative.school_id == Learner.school_id,
        Representative.learner_id == Learner.id,
        Representative.kind.in_(FOR_CHILDREN),
        Representative.is_in_force,
    )
    said = exists().where(
        Consent.school_id == Learner.school_id, Consent.learner_id == Learner.id, *_by_a_parent(Learner.birth_date)
    )
    announced = exists().where(
        ComingOfAge.school_id == Learner.school_id,
        ComingOfAge.learner_id == Learner.id,
        ComingOfAge.reached_at.is_(None),
    )
    past: Select[Any] = (
        select(Learner.id)
        .where(
            Learner.school_id == current_school_id(),
            Learner.is_in_use,
            Learner.birth_date.is_not(None),
            not_(Learner.is_child_on(today())),
            or_(acts, said, announced),
        )
        .order_by(Learner.id)
    )
    return list(session.scalars(past))


def _by_a_parent(birth_date: ColumnElement[Any] | Any) -> list[ColumnElement[bool]]:
    """Say of `consent` that it is a yes in force which somebody gave for her before she was 16, or a parent ever.

    A parent who said yes while the birth date stood wrong had it no more than others to give. One who acted for her as
    something else when she said it, such as whom she herself authorised, said it as that.
    """
    birthday = cast(birth_date + func.make_interval(AGE_OF_CONSENT), DateTime(timezone=True))
    of_parents = select(Representative.account_id).where(
        Representative.school_id == Consent.school_id,
        Representative.learner_id == Consent.learner_id,
        Representative.kind.in_(FOR_CHILDREN),
        Representative.account_id.is_not(None),
    )
    day = cast(func.timezone(AMSTERDAM.key, Consent.given_at), Date)
    as_other = exists().where(
        Representative.school_id == Consent.school_id,
        Representative.learner_id == Consent.learner_id,
        Representative.account_id == Consent.given_by,
        Representative.kind.not_in(FOR_CHILDREN),
        Representative.starts_on <= day,
        Representative.ends_on >= day,
        or_(Representative.is_in_force, Representative.ended_at > Consent.given_at),
    )
    said_early = or_(Consent.given_at < birthday, and_(Consent.given_by.in_(of_parents), not_(as_other)))
    return [and_(Consent.is_in_force, Consent.is_by_representative, said_early)]


def lock_parents_consents(learner_id: UUID, scope: Scope) -> list[Consent]:
    """Return, locked, the consents in force that somebody gave for a learner within reach before she was 16."""
    rows = session.scalars(
        select(Consent)
        .join(Learner, (Learner.school_id == Consent.school_id) & (Learner.id == Consent.learner_id))
        .where(
            Consent.school_id == current_school_id(),
            Consent.learner_id == learner_id,
            reaches_learner(scope, Consent.learner_id),
            *_by_a_parent(Learner.birth_date),
        )
        .order_by(Consent.id)
        .with_for_update(of=Consent)
        .execution_options(populate_existing=True)
    )
    return list(rows)


def has_lapsed_at_sixteen(learner_id: UUID, scope: Scope) -> bool:
    """Say whether a parent's yes for a learner within reach lapsed when she turned 16, so that she is asked anew."""
    lapsed = exists().where(
        Consent.school_id == current_school_id(),
        Consent.learner_id == learner_id,
        Consent.is_ended_at_sixteen,
        reaches_learner(scope, Consent.learner_id),
    )
    return bool(session.scalar(select(lapsed)))


def list_birthdays(scope: Scope) -> list[BirthdayLine]:
    """Return the learners within reach of whom a notice went out and the day is to come, or whose letter waits.

    Not who restricted her birth date: the day tells it (ST-08).
    """
    unborn = hidden_learners("birth")
    waits = ComingOfAge.by_letter & ComingOfAge.letter_sent_at.is_(None)
    rows = session.execute(
        select(ComingOfAge, Learner.full_name)
        .join(Learner, (Learner.school_id == ComingOfAge.school_id) & (Learner.id == ComingOfAge.learner_id))
        .where(
            ComingOfAge.school_id == current_school_id(),
            reaches_learner(scope, ComingOfAge.learner_id),
            or_(ComingOfAge.reached_at.is_(None), waits),
        )
        .order_by(ComingOfAge.sixteen_on, ComingOfAge.id)
    )
    return [BirthdayLine(row, name) for row, name in rows if row.learner_id not in unborn]
