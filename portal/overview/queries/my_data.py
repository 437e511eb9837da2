"""Everything that is held on one learner, with the five answers: what, where from, why, who sees it, until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import DateTime, Uuid, bindparam, func, select, union_all

from portal.core.audit import AuditEvent, AuditLearner
from portal.core.clock import now, today
from portal.core.database import current_school_id, session
from portal.core.i18n import language
from portal.disclosures.models import Disclosure
from portal.disclosures.queries import list_disclosures_of
from portal.learners.models import Learner, Trajectory
from portal.learners.queries.own_record import OwnCategory, OwnEntries, get_own_record, list_own_entries
from portal.permissions import SEES, Role
from portal.policy.queries import current_policy
from portal.policy.schema import Policy

MONTH = timedelta(days=30)
STAFF = (Role.TEACHER, Role.COACH, Role.ADMINISTRATION, Role.PRIVACY_OFFICER, Role.MANAGEMENT)


_SCHOOL, _LEARNER = bindparam("school", type_=Uuid()), bindparam("learner", type_=Uuid())
# Made once: building a statement takes longer than running it.
_ANCHORS = (
    select(
        Learner.last_contact_on,
        func.max(Trajectory.guidance_ended_on).label("guidance"),
        func.max(Trajectory.ends_on).label("contract"),
    )
    .outerjoin(Trajectory, (Trajectory.school_id == Learner.school_id) & (Trajectory.learner_id == Learner.id))
    .where(Learner.school_id == _SCHOOL, Learner.id == _LEARNER)
    .group_by(Learner.school_id, Learner.id)
)
# Her own record and those that became part of it.
_HERS = union_all(
    select(_LEARNER.label("id")),
    select(Learner.id).where(Learner.school_id == _SCHOOL, Learner.merged_into_id == _LEARNER),
).subquery()
# What waits for its seal isn't counted yet: a minute at most. *Wie keek in mijn gegevens* shows that too.
_VIEWERS = (
    select(func.count(func.distinct(AuditEvent.actor_id)))
    .join(AuditLearner, (AuditLearner.school_id == AuditEvent.school_id) & (AuditLearner.event_id == AuditEvent.id))
    .join(_HERS, _HERS.c.id == AuditLearner.learner_id)
    .where(
        AuditEvent.school_id == _SCHOOL,
        AuditEvent.event == "record.viewed",
        AuditEvent.actor_kind == "staff",
        AuditEvent.at > bindparam("since", type_=DateTime(timezone=True)),
    )
)


@dataclass(frozen=True)
class AboutCategory:
    """What holds for every value of a category: why, who sees it, who got it, how long, and until which day."""

    key: str
    title: str
    why: str
    seen_by: tuple[Role, ...]
    recipients: tuple[str, ...]
    term: str
    until: date | None


@dataclass(frozen=True)
class MyData:
    """The page *Mijn gegevens*."""

    categories: list[OwnCategory]
    entries: list[OwnEntries]
    about: Mapping[str, AboutCategory]
    viewers: int
    disclosures: int

    @property
    def elsewhere(self) -> list[AboutCategory]:
        """The categories whose values stand on a page of their own, such as attendance and levels."""
        here = {category.key for category in self.categories} | {entry.category for entry in self.entries}
        return [about for key, about in self.about.items() if key not in here]


def get_my_data(learner_id: UUID) -> MyData:
    """Return all that is held on a learner. Raises NotFound."""
    policy = current_policy()
    given = list_disclosures_of(learner_id)
    return MyData(
        categories=get_own_record(learner_id),
        entries=[entries for entries in list_own_entries(learner_id) if entries.entries],
        about=_about(policy, learner_id, given),
        viewers=count_viewers(learner_id),
        disclosures=len(given),
    )


def anchors_of(learner_id: UUID) -> dict[str, date | None]:
    """Return the days from which terms are counted for a learner, as far as they are known."""
    row = session.execute(_ANCHORS, {"school": current_school_id(), "learner": learner_id}).one()
    return {
        "last_contact": row.last_contact_on,
        "end_of_guidance": row.guidance,
        "end_of_contract": row.contract,
        "recorded": today(),
    }


def _about(policy: Policy, learner_id: UUID, given: list[Disclosure]) -> dict[str, AboutCategory]:
    anchors = anchors_of(learner_id)
    titles = {recipient.key: str(policy.text(recipient.title, language())) for recipient in policy.recipients}
    about: dict[str, AboutCategory] = {}
    for category in policy.categories:
        got = {row.recipient for row in given if category.key in row.categories}
        about[category.key] = AboutCategory(
            key=category.key,
            title=str(policy.text(category.title, language())),
            why=str(policy.text(category.why, language())),
            seen_by=tuple(role for role in STAFF if category.key in SEES[role]),
            recipients=tuple(titles.get(key, key) for key in sorted(got)),
            term=str(policy.text(policy.term(category.term).title, language())),
            until=policy.keep_until(category.key, anchors),
        )
    return about


def count_viewers(learner_id: UUID) -> int:
    """Return how many members of staff looked at a learner's data in the last 30 days."""
    values = {"school": current_school_id(), "learner": learner_id, "since": now() - MONTH}
    return session.scalar(_VIEWERS, values) or 0
