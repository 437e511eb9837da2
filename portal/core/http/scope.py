"""How far somebody reaches: which rows, which categories, for whom and until when. Each feature's queries apply it."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from portal.core.clock import today
from portal.core.errors import NotAllowed, NotFound
from portal.core.personal_data import CATEGORIES


class Reach(StrEnum):
    """Which rows a scope opens; the widest first."""

    SCHOOL = "school"  # every row of the school
    OWN_GROUPS = "own_groups"  # what belongs to the groups that she teaches, or did a week ago (LB-06)
    OWN_CLIENT = "own_client"  # learners of whom her organisation is the client of a running trajectory
    SAMPLED_LESSONS = "sampled_lessons"  # the lessons that were drawn for her, and no learner's record
    ONE_LEARNER = "one_learner"  # one record: her own, or that of the learner she acts for
    NOBODY = "nobody"


@dataclass(frozen=True)
class Scope:
    """What an actor reaches at the address that she opened; it is handed into every query and service on people's data.

    `account_id` is whose groups they are. `until` is the last day on which she reaches `learner_id`; None has no end.
    `organisation_id` is the client whose contact she is: None, so nobody's learners, until a membership says which.
    `lessons` are those drawn for an auditor. On a learner's own record `changes` are the categories that she corrects.
    """

    reach: Reach = Reach.NOBODY
    account_id: UUID | None = None
    sees: frozenset[str] = field(default=frozenset())
    changes: frozenset[str] = field(default=frozenset())
    learner_id: UUID | None = None
    until: date | None = None
    organisation_id: UUID | None = None
    lessons: frozenset[UUID] = field(default=frozenset())

    @property
    def own_learner_id(self) -> UUID | None:
        """Return the one learner whose record this scope opens today; None where it opens none or has ended."""
        if self.reach is not Reach.ONE_LEARNER or (self.until is not None and self.until < today()):
            return None
        return self.learner_id

    def get_own_learner_id(self) -> UUID:
        """Return the one learner whose record this scope opens today; raises NotFound where there is none."""
        learner_id = self.own_learner_id
        if learner_id is None:
            raise NotFound("learner")
        return learner_id

    def must_reach_school(self, what: str) -> None:
        """Raise NotFound for a thing about people of the whole school unless this scope reaches all of them."""
        if self.reach is not Reach.SCHOOL:
            raise NotFound(what)

    def must_see(self, category: str) -> None:
        """Raise NotAllowed unless this scope shows the category."""
        if category not in self.sees:
            raise NotAllowed("category_not_seen", category=category)

    def must_change(self, category: str) -> None:
        """Raise NotAllowed unless the category may be changed within this scope."""
        if category not in self.changes:
            raise NotAllowed("category_not_changed", category=category)


NOTHING = Scope()
"""The scope of who has no role, or one that opens nothing yet."""

SYSTEM = Scope(reach=Reach.SCHOOL, sees=frozenset(CATEGORIES), changes=frozenset(CATEGORIES))
"""The scope of jobs and commands: the school in which their transaction was begun."""
