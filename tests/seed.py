"""What every test database starts with: the five schools, each with its published policy."""

from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from uuid import UUID

from portal.core.crypto import keys
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.schools.models import School, SchoolHost


@dataclass(frozen=True)
class SeedSchool:
    """One of the five schools."""

    slug: str
    name: str
    hue: int

    @property
    def id(self) -> UUID:
        """The school's id, the same in every test database."""
        return UUID(int=0x0190_0000_0000_7000_8000_0000_0000_0000 + SCHOOLS.index(self) + 1)

    @property
    def host(self) -> str:
        """The host at which it answers."""
        return f"{self.slug}.localhost"


SCHOOLS: tuple[SeedSchool, ...] = (
    SeedSchool("lest-best", "Lest Best", 155),
    SeedSchool("meester-in-nt2", "Meester in NT2", 250),
    SeedSchool("step-inburgering", "STEP-Inburgering", 40),
    SeedSchool("onderwijs-pro", "Onderwijs.pro", 300),
    SeedSchool("leren-leren", "Leren Leren Nederland", 20),
)


def seed_schools() -> None:
    """Store the five schools, their hosts and their policies."""
    for seed in SCHOOLS:
        keys.add_school(seed.id)
        with in_school(seed.id):
            session.add(School(id=seed.id, slug=seed.slug, name=seed.name, hue=seed.hue))
            session.flush()
            session.add(SchoolHost(id=new_id(), host=seed.host, is_primary=True))
            session.flush()
            _publish(seed.slug)


def _publish(slug: str) -> None:
    if find_spec("portal.policy.services") is None:
        return
    from portal.core.clock import now
    from portal.policy.impact_assessments.models import Adviser, ImpactAssessment
    from portal.policy.services import publish_shipped_policy

    publish_shipped_policy(slug)
    session.add(
        ImpactAssessment(
            decided_on=date(2026, 1, 15), adviser=Adviser.OFFICER, recorded_at=now(), recorded_by_name="Inzage"
        )
    )
    session.flush()
