"""Reads of announced versions: which waits, which somebody hasn't read of, how many have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, not_, or_, select

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.core.mail import Mail, is_given_up
from portal.policy.announcements.models import PolicyAnnouncement, PolicyNoticeSeen
from portal.policy.models import PolicyVersion
from portal.policy.queries import known_fields, policy_of
from portal.policy.schema import Policy, reread_policy
from portal.policy.schema.differences import Difference, differences
from portal.schools.models import School


@dataclass(frozen=True)
class Announced:
    """An announcement with the policy that it brings, the one before it, and what changes between the two."""

    row: PolicyAnnouncement
    policy: Policy
    older: Policy
    changes: list[Difference]


@dataclass(frozen=True)
class NoticeMails:
    """Of the mails of a notice: how many wait to leave, how many left, and how many were given up on."""

    waiting: int
    sent: int
    failed: int

    @property
    def have_left(self) -> bool:
        """Say whether none waits and most left; what nobody wants any more, since it was erased, counts for nothing."""
        return self.waiting == 0 and (self.failed == 0 or self.failed < self.sent)


def count_mails(row: PolicyAnnouncement) -> NoticeMails:
    """Return how the mails of a notice stand."""
    has_left = Mail.sent_at.is_not(None)
    counted = select(
        func.count().filter(not_(has_left), not_(is_given_up())),
        func.count().filter(has_left),
        func.count().filter(is_given_up()),
    ).where(Mail.school_id == current_school_id(), Mail.id.in_(row.mail_ids or []))
    return NoticeMails(*session.execute(counted).one())


def count_stuck() -> Mapping[UUID, int]:
    """Return by announcement that is being told how many of its mails were given up on, where that is most of them."""
    telling = select(PolicyAnnouncement).where(
        PolicyAnnouncement.school_id == current_school_id(), PolicyAnnouncement.is_being_told
    )
    found = {row.id: count_mails(row) for row in session.scalars(telling)}
    return {key: mails.failed for key, mails in found.items() if mails.failed and mails.failed >= mails.sent}


def find_waiting(*, lock: bool = False) -> PolicyAnnouncement | None:
    """Return the announcement that waits for its day, or None; with `lock` nobody announces or decides meanwhile."""
    if lock:
        session.execute(select(School.id).where(School.id == current_school_id()).with_for_update(key_share=True))
    statement = select(PolicyAnnouncement).where(
        PolicyAnnouncement.school_id == current_school_id(), PolicyAnnouncement.is_waiting
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalars(statement).one_or_none()


def get_announcement(announcement_id: UUID, scope: Scope, *, lock: bool = False) -> PolicyAnnouncement:
    """Return an announcement; with `lock` as it stands now, and nobody else changes it meanwhile; raises NotFound.

    On her own record somebody reaches those alone of which people were told.
    """
    found = session.get(
        PolicyAnnouncement,
        (current_school_id(), announcement_id),
        with_for_update=True if lock else None,
        populate_existing=lock,
    )
    if found is None or (scope.own_learner_id is not None and not found.is_told):
        raise NotFound("announcement")
    return found


def describe(row: PolicyAnnouncement) -> Announced:
    """Return an announcement with what it changes."""
    before = session.get_one(PolicyVersion, (row.school_id, row.follows_id))
    policy, older = announced_policy(row), policy_of(before)
    return Announced(row, policy, older, differences(older, policy))


def announced_policy(row: PolicyAnnouncement) -> Policy:
    """Return the policy that an announcement brings."""
    return reread_policy(row.parsed, known_fields())


def is_unread_by(account: Any) -> ColumnElement[bool]:
    """Say of a row of accounts whether a notice went out that its holder hasn't read; who came after it needs none."""
    read = exists().where(
        PolicyNoticeSeen.school_id == account.school_id,
        PolicyNoticeSeen.announcement_id == PolicyAnnouncement.id,
        PolicyNoticeSeen.account_id == account.id,
    )
    return exists().where(
        PolicyAnnouncement.school_id == account.school_id,
        PolicyAnnouncement.is_told,
        PolicyAnnouncement.told_at > account.created_at,
        ~read,
    )


def find_notice(by: Actor) -> PolicyAnnouncement | None:
    """Return the newest notice that somebody hasn't read, else the newest; None where none went out.

    One of which the mails are still leaving is there as well: who gets the first of them opens its link.
    """
    read = exists().where(
        PolicyNoticeSeen.school_id == PolicyAnnouncement.school_id,
        PolicyNoticeSeen.announcement_id == PolicyAnnouncement.id,
        PolicyNoticeSeen.account_id == by.account_id,
    )
    return session.scalars(
        select(PolicyAnnouncement)
        .where(
            PolicyAnnouncement.school_id == current_school_id(),
            or_(PolicyAnnouncement.is_told, PolicyAnnouncement.is_being_told),
        )
        .order_by(read, PolicyAnnouncement.told_at.desc().nulls_first())
        .limit(1)
    ).one_or_none()


def has_read(announcement_id: UUID, by: Actor) -> bool:
    """Say whether somebody said that she read a notice."""
    statement = select(PolicyNoticeSeen.id).where(
        PolicyNoticeSeen.school_id == current_school_id(),
        PolicyNoticeSeen.announcement_id == announcement_id,
        PolicyNoticeSeen.account_id == by.account_id,
    )
    return session.scalar(statement) is not None


def list_announcements() -> list[PolicyAnnouncement]:
    """Return every announcement of the school, the newest first."""
    statement = select(PolicyAnnouncement).where(PolicyAnnouncement.school_id == current_school_id())
    return list(session.scalars(statement.order_by(PolicyAnnouncement.announced_at.desc(), PolicyAnnouncement.id)))


def count_read() -> Mapping[UUID, int]:
    """Return by announcement how many people said that they read its notice."""
    rows = session.execute(
        select(PolicyNoticeSeen.announcement_id, func.count())
        .where(PolicyNoticeSeen.school_id == current_school_id())
        .group_by(PolicyNoticeSeen.announcement_id)
    )
    return {row[0]: row[1] for row in rows}
