"""Which schools the demo has, and what is known while one of them is being filled."""

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from portal.core.clock import today
from portal.core.db.base import new_id
from portal.demo.people import Person, draw_people
from portal.permissions import Role
from portal.policy.schema import Policy

PASSWORD = "koffie-fiets-regenboog-41"
_SAYS_YES = 0.75
WEEKS_BACK, WEEKS_AHEAD = 12, 4
STAFF_ROLES = (
    Role.TEACHER, Role.COACH, Role.ADMINISTRATION, Role.PRIVACY_OFFICER, Role.PRIVACY_STAFF, Role.MANAGEMENT,
)  # fmt: skip


@dataclass(frozen=True)
class SchoolPlan:
    """A school of the demo: how it looks, how many learners it has, and who needs a second factor."""

    slug: str
    name: str
    hue: int
    chroma: float
    learners: int = 200
    children: int = 0
    second_factor: tuple[Role, ...] = ()

    @property
    def host(self) -> str:
        """The name by which a browser on this machine finds it."""
        return f"{self.slug}.localhost"


PLANS = (
    SchoolPlan("lest-best", "Lest Best", 155, 0.09),
    SchoolPlan("meester-in-nt2", "Meester in NT2", 250, 0.11),
    SchoolPlan("step-inburgering", "STEP-Inburgering", 35, 0.12, learners=5_000),
    SchoolPlan("onderwijs-pro", "Onderwijs.pro", 300, 0.1),
    SchoolPlan("leren-leren", "Leren Leren Nederland", 95, 0.08, children=12, second_factor=STAFF_ROLES),
)


@dataclass(frozen=True)
class Colleague:
    """Somebody who works at a school."""

    id: UUID
    name: str
    email: str
    role: Role


@dataclass(frozen=True)
class Group:
    """A group with its lessons' rows and the people in it, as places in the list of learners."""

    id: UUID
    teacher: Colleague
    starts_on: date
    members: tuple[int, ...]
    lessons: tuple[dict[str, Any], ...]


@dataclass
class World:
    """What is known of a school while it is filled."""

    plan: SchoolPlan
    policy: Policy
    policy_version_id: UUID
    today: date = field(default_factory=today)
    colleagues: list[Colleague] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Draw the people: the same ones for the same school."""
        self.random = Random(self.plan.slug)
        plan = self.plan
        self.people: list[Person] = draw_people(self.random, plan.learners, self.today, children=plan.children)
        self.ids: list[UUID] = [new_id() for _ in self.people]
        purposes = self.policy.consent_purposes()
        self.consents: list[frozenset[str]] = [
            frozenset(
                purpose.key
                for purpose in purposes
                if self.random.random() < _SAYS_YES and purpose.is_about(is_minor=self.is_child(at))
            )
            for at in range(len(self.people))
        ]

    def of(self, role: Role) -> list[Colleague]:
        """Who works here in this role; the first of each can be signed in as."""
        return [colleague for colleague in self.colleagues if colleague.role == role]

    def is_child(self, at: int) -> bool:
        """Whether this learner is under sixteen."""
        return at >= len(self.people) - self.plan.children
