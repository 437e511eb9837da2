"""Everything that is held on one learner, with the five answers: what, where from, why, who sees it, until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import DateTime, Uuid, bindparam, exists, func, select, union_all

from portal.accounts.labels import ROLES
from portal.core.audit import AuditEvent, AuditLearner
from portal.core.clock import now, today
from portal.core.http.languages import language
from portal.core.http.scope import Scope
from portal.disclosures.models import Disclosure, DisclosureLearner
from portal.disclosures.queries import list_disclosures_of
from portal.learners.own_record.queries import OwnRecord, get_whole_record
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Trajectory
from portal.permissions import SEES, Role
from portal.policy.queries import current_policy, kept_by_policy
from portal.policy.schema import Policy
from portal.representation.models import Representative
from portal.representation.queries import list_representatives

MONTH = timedelta(days=30)
STAFF = (Role.TEACHER, Role.COACH, Role.ADMINISTRATION, Role.PRIVACY_OFFICER, Role.MANAGEMENT)


_SCHOOL, _LEARNER = bindparam("school", type_=Uuid()), bindparam("learner", type_=Uuid())
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
_GIVEN = exists().where(DisclosureLearner.school_id == _SCHOOL, DisclosureLearner.learner_id == _LEARNER)
_REPRESENTED = exists().where(Representative.school_id == _SCHOOL, Representative.learner_id == _LEARNER)
# The terms are counted from these, also for who acts for her and doesn't see her trajectories.
_HER_TRAJECTORIES = (Trajectory.school_id == _SCHOOL, Trajectory.learner_id == _LEARNER)
_BESIDES = (
    _VIEWERS.scalar_subquery().label("viewers"),
    _GIVEN.label("is_in_files"),
    _REPRESENTED.label("is_represented"),
    select(func.max(Trajectory.guidance_ended_on)).where(*_HER_TRAJECTORIES).scalar_subquery().label("guided_until"),
    select(func.max(Trajectory.ends_on)).where(*_HER_TRAJECTORIES).scalar_subquery().label("contract_until"),
)


@dataclass(frozen=True, eq=False)
class AboutFace:
    """What holds for every value of a category at a school, in words: why it is kept, who sees it, how long."""

    key: str
    title: str
    why: str
    seen_by: str
    term: str


class AboutCategory(NamedTuple):
    """What holds for a category, and for this learner: who got it, and until which day it is kept.

    `recipients` is None for who may not see to whom her data went.
    """

    face: AboutFace
    recipients: tuple[str, ...] | None
    until: date | None


@dataclass(frozen=True)
class MyData:
    """The page *Mijn gegevens*; `viewers` is how many members of staff looked at it in the last 30 days."""

    record: OwnRecord
    representatives: list[Representative]
    about: Mapping[str, AboutCategory]
    viewers: int
    disclosures: int

    @property
    def about_groups(self) -> AboutCategory:
        """The category that being in a group is part of."""
        return self._about_field("enrolment.starts_on")

    @property
    def about_representatives(self) -> AboutCategory:
        """The category that having somebody act for her is part of."""
        return self._about_field("representative.name")

    def _about_field(self, field: str) -> AboutCategory:
        category = current_policy().category_of(field)
        if category is None:
            raise LookupError(f"no category holds {field}")
        return self.about[category.key]

    @property
    def elsewhere(self) -> list[AboutCategory]:
        """The categories whose values stand on a page of their own, such as attendance and levels."""
        record = self.record
        here = {category.face.key for category in record.categories} | {entry.category for entry in record.entries}
        if record.groups:
            here.add(self.about_groups.face.key)
        return [about for key, about in self.about.items() if key not in here]


def get_my_data(scope: Scope) -> MyData:
    """Return all that is held on the learner of this scope, as far as it shows it. Raises NotFound."""
    learner_id, sees_dealings = scope.get_own_learner_id(), "dealings" in scope.sees
    record = get_whole_record(scope, besides=_BESIDES, since=now() - MONTH)
    given = list_disclosures_of(learner_id, scope) if record.row.is_in_files and sees_dealings else []
    about = _about(current_policy(), _anchors_of(record), given if sees_dealings else None)
    return MyData(
        record=record,
        representatives=list_representatives(learner_id, scope) if record.row.is_represented and sees_dealings else [],
        about={key: each for key, each in about.items() if key in scope.sees},
        viewers=record.row.viewers if sees_dealings else 0,
        disclosures=len(given),
    )


def _anchors_of(record: OwnRecord) -> dict[str, date | None]:
    """Return the days from which terms are counted for a learner, as far as they are known."""
    return {
        "last_contact": record.last_contact_on,
        "end_of_guidance": record.row.guided_until,
        "end_of_contract": record.row.contract_until,
        "recorded": today(),
    }


def _about(
    policy: Policy, anchors: Mapping[str, date | None], given: list[Disclosure] | None
) -> dict[str, AboutCategory]:
    """Return what holds for each category; `given` is None where what was given may not be seen."""
    lang = language()
    ends = _ends(policy, tuple(sorted(anchors.items())))
    about: dict[str, AboutCategory] = {}
    for face in _faces(policy, lang):
        got = {row.recipient for row in given or () if face.key in row.categories}
        titles = (
            {recipient.key: str(policy.text(recipient.title, lang)) for recipient in policy.recipients} if got else {}
        )
        recipients = tuple(titles.get(key, key) for key in sorted(got)) if given is not None else None
        about[face.key] = AboutCategory(face, recipients, ends[face.key])
    return about


@kept_by_policy
def _ends(policy: Policy, anchors: tuple[tuple[str, date | None], ...]) -> dict[str, date | None]:
    """Return until when each category is kept, counted from these days."""
    return {category.key: policy.keep_until(category.key, dict(anchors)) for category in policy.categories}


@kept_by_policy
def _faces(policy: Policy, lang: str) -> tuple[AboutFace, ...]:
    return tuple(
        AboutFace(
            key=category.key,
            title=str(policy.text(category.title, lang)),
            why=str(policy.text(category.why, lang)),
            seen_by=", ".join(str(ROLES[role]) for role in STAFF if category.key in SEES[role]),
            term=str(policy.text(policy.term(category.term).title, lang)),
        )
        for category in policy.categories
    )
