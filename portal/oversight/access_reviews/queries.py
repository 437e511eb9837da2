"""Reads for the review of access: who can reach what now, what was signed, and when the next one is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, and_, func, or_, select

from portal.accounts.models import Account, AccountSession, Membership
from portal.accounts.passkeys.queries import has_passkeys
from portal.core.clock import local, now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import Scope
from portal.courses.models import GroupTeacher, LearnerGroup
from portal.learners.caseloads.models import Coaching
from portal.oversight.access_reviews.models import AccessReview, AttestedMeasure, Measure, ReviewedRole
from portal.permissions import CHANGES, SEES, Role
from portal.policy.queries import current_policy

EVERY = relativedelta(months=3)
MEASURES_LAST = EVERY + relativedelta(months=1)
"""How long it stands that a measure is in place: a quarter, and a month to sign anew."""
NOT_AT_WORK = (Role.LEARNER, Role.REPRESENTATIVE)


@dataclass(frozen=True)
class HeldRole:
    """A role that somebody has, or has from a day to come: since when, until when, and which categories it opens."""

    account_id: UUID
    role: Role
    starts_on: date
    ends_on: date | None
    sees: tuple[str, ...]
    changes: tuple[str, ...]

    @property
    def key(self) -> str:
        """What a form remembers of it, to find out later what changed."""
        return f"{self.account_id}/{self.role.value}/{self.starts_on}/{self.ends_on or ''}"


@dataclass(frozen=True)
class Person:
    """Somebody who can reach learners' data: her roles, groups, how many she coaches, and when she last signed in."""

    account_id: UUID
    name: str
    email: str | None
    has_second_factor: bool
    last_signed_in_at: datetime | None
    roles: tuple[HeldRole, ...]
    groups: tuple[str, ...]
    coached: int


@dataclass(frozen=True)
class PersonChange:
    """What changed for somebody since a form was shown: the role is new, gone, or has other days."""

    name: str
    role: Role
    what: str


@dataclass(frozen=True)
class SignedPerson:
    """Somebody as she stands in a signed review."""

    account_id: UUID
    name: str
    roles: tuple[ReviewedRole, ...]


@dataclass(frozen=True)
class SignedReview:
    """A review as it was signed."""

    review: AccessReview
    people: tuple[SignedPerson, ...]
    measures: Mapping[Measure, AttestedMeasure]


def opened_by(role: Role) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which of the categories that the school keeps a role sees, and which of those it changes."""
    kept = [category.key for category in current_policy().categories]
    return tuple(key for key in kept if key in SEES[role]), tuple(key for key in kept if key in CHANGES[role])


def list_people() -> list[Person]:
    """Return by name who has a role at work from today on, in three statements whatever the size of the school."""
    groups, coached = _groups_by_account(), _coached_by_account()
    found: dict[UUID, list[Any]] = {}
    for row in session.execute(_roles()).all():
        found.setdefault(row.account_id, []).append(row)
    return [
        Person(
            account_id=key,
            name=rows[0].name,
            email=rows[0].email,
            has_second_factor=rows[0].has_second_factor,
            last_signed_in_at=rows[0].seen,
            roles=tuple(sorted((_held(row) for row in rows), key=lambda each: list(Role).index(each.role))),
            groups=tuple(groups.get(key, ())),
            coached=coached.get(key, 0),
        )
        for key, rows in found.items()
    ]


def _roles() -> Select[Any]:
    seen = (
        select(func.max(AccountSession.authenticated_at))
        .where(AccountSession.school_id == Account.school_id, AccountSession.account_id == Account.id)
        .correlate(Account)
        .scalar_subquery()
    )
    held = Membership
    last = func.nullif(func.max(func.coalesce(held.ends_on, date.max)), date.max)  # of several the one without an end
    return (
        select(
            held.account_id, held.role, func.min(held.starts_on).label("starts_on"), last.label("ends_on"),
            Account.name, Account.email,
            or_(Account.totp_since.is_not(None), has_passkeys()).label("has_second_factor"),
            seen.label("seen"),
        )
        .join(Account, and_(Account.school_id == held.school_id, Account.id == held.account_id))
        .where(
            held.school_id == current_school_id(),
            held.role.not_in(NOT_AT_WORK),
            held.lasts_until(today()),
            Account.is_in_force,
        )
        .group_by(Account.school_id, Account.id, held.account_id, held.role)
        .order_by(func.lower(Account.name), Account.id)
    )  # fmt: skip


def _held(row: Any) -> HeldRole:
    sees, changes = opened_by(row.role)
    return HeldRole(
        account_id=row.account_id,
        role=row.role,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        sees=sees,
        changes=changes,
    )


def _groups_by_account() -> dict[UUID, list[str]]:
    taught, group = GroupTeacher, LearnerGroup
    rows = session.execute(
        select(taught.account_id, group.name)
        .join(group, and_(group.school_id == taught.school_id, group.id == taught.group_id))
        .where(taught.school_id == current_school_id(), taught.lasts_until(today()), group.lasts_until(today()))
        .distinct()
        .order_by(taught.account_id, group.name)
    )
    found: dict[UUID, list[str]] = {}
    for account_id, name in rows:
        found.setdefault(account_id, []).append(name)
    return found


def _coached_by_account() -> dict[UUID, int]:
    rows = session.execute(
        select(Coaching.account_id, func.count().label("coached"))
        .where(Coaching.school_id == current_school_id(), Coaching.holds_on(today()))
        .group_by(Coaching.account_id)
    )
    return {row.account_id: row.coached for row in rows}


def changes_since(seen: str, people: Sequence[Person]) -> list[PersonChange]:
    """Return what changed since a form was shown that remembers these roles; raises NotFound for another's account."""
    now_held = {role.key: (person.name, role.role) for person in people for role in person.roles}
    keys = set(seen.split())
    gone = [key.split("/") for key in sorted(keys - now_held.keys())]
    names = _names_of([parts[0] for parts in gone])
    left = {(parts[0], parts[1]) for parts in gone if len(parts) == 4}
    added = {(key.split("/")[0], role.value): name for key, (name, role) in now_held.items() if key not in keys}
    return [
        *(
            PersonChange(name, Role(role), "dates" if (who, role) in left else "new")
            for (who, role), name in added.items()
        ),
        *(PersonChange(names[who], Role(role), "gone") for who, role in sorted(left - added.keys())),
    ]


def _names_of(ids: Sequence[str]) -> dict[str, str]:
    """Return what these accounts are called, by id as text; raises NotFound for one that isn't of this school."""
    try:
        wanted = {UUID(each) for each in ids}
    except ValueError:
        raise NotFound("account") from None
    rows = session.execute(
        select(Account.id, Account.name).where(Account.school_id == current_school_id(), Account.id.in_(wanted))
    )
    found = {str(key): name for key, name in rows}
    if len(found) < len(wanted):
        raise NotFound("account")
    return found


def list_reviews() -> Sequence[AccessReview]:
    """Return the reviews that were signed, the newest first."""
    row = AccessReview
    return session.scalars(
        select(row).where(row.school_id == current_school_id()).order_by(row.signed_at.desc(), row.id.desc())
    ).all()


def get_review(review_id: UUID, scope: Scope) -> SignedReview:
    """Return a review as it was signed; raises NotFound, also for a scope that doesn't reach the whole school."""
    scope.must_reach_school("access_review")
    review = session.get(AccessReview, (current_school_id(), review_id))
    if review is None:
        raise NotFound("access_review")
    role, measure = ReviewedRole, AttestedMeasure
    rows = session.scalars(
        select(role)
        .where(role.school_id == current_school_id(), role.review_id == review_id)
        .order_by(func.lower(role.name), role.account_id, role.id)
    )
    by_person: dict[UUID, list[ReviewedRole]] = {}
    for row in rows:
        by_person.setdefault(row.account_id, []).append(row)
    attested = session.scalars(
        select(measure).where(measure.school_id == current_school_id(), measure.review_id == review_id)
    )
    people = tuple(SignedPerson(key, held[0].name, tuple(held)) for key, held in by_person.items())
    return SignedReview(review, people, {each.measure: each for each in attested})


def last_signed_on() -> date | None:
    """Return the day on which the last review was signed; None where none ever was."""
    moment = session.scalar(
        select(func.max(AccessReview.signed_at)).where(AccessReview.school_id == current_school_id())
    )
    return local(moment).date() if moment is not None else None


def due_on(signed_on: date | None) -> date:
    """Return the last day on which the next review is in time: three months after the last; today without one."""
    return today() if signed_on is None else signed_on + EVERY


def is_reviewed_in_time() -> bool:
    """Say whether the last review was signed within a quarter (OP-09)."""
    signed_on = last_signed_on()
    return signed_on is not None and due_on(signed_on) >= today()


def find_last_review(until: datetime) -> AccessReview | None:
    """Return the last review that was signed until a moment; None where none was."""
    row = AccessReview
    signed = select(row).where(row.school_id == current_school_id(), row.signed_at <= until)
    return session.scalars(signed.order_by(row.signed_at.desc(), row.id.desc()).limit(1)).first()


def count_measures() -> tuple[int, int]:
    """Return how many measures are in place by the last review, and of how many (LL-17).

    (0, all) without one, and where it is so old that it says nothing of today.
    """
    review = find_last_review(now())
    if review is None or local(review.signed_at).date() + MEASURES_LAST < today():
        return 0, len(Measure)
    row = AttestedMeasure
    in_place = select(func.count()).where(
        row.school_id == current_school_id(), row.review_id == review.id, row.is_in_place
    )
    return session.scalar(in_place) or 0, len(Measure)
