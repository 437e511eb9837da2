"""Reads about the school in scope: who it is and how it looks, its hosts, and what its first day still asks."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, func, select, text

from portal.core.db.base import Base
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.schools.models import School, SchoolHost


@dataclass(frozen=True)
class SchoolView:
    """What every page needs of the school; the idle time is in minutes."""

    id: UUID
    slug: str
    name: str
    hue: int
    chroma: float
    has_logo: bool
    look_version: int
    idle_minutes: int
    second_factor_roles: frozenset[str]
    policy_version_id: UUID | None
    uses_sublevels: bool

    @property
    def logo_url(self) -> str | None:
        """The address of the logo, which changes with it; None where there is none."""
        return f"/school/logo?v={self.look_version}" if self.has_logo else None

    @property
    def initials(self) -> str:
        """Two letters that stand for the school where it has no logo."""
        words = [word for word in self.name.replace("-", " ").split() if word[:1].isalnum()]
        return ("".join(word[0] for word in words[:2]) if len(words) > 1 else self.name[:2]).upper()


_VIEW = "school"
"""Where the session keeps the view: it ends with the request, or with the job's transaction."""


def view_of(row: Row[Any] | School) -> SchoolView:
    """Make the view of a school from its row, or from what `enter_school` returned."""
    return SchoolView(
        id=row.id,
        slug=row.slug,
        name=row.name,
        hue=row.hue,
        chroma=row.chroma,
        has_logo=row.logo is not None if isinstance(row, School) else row.has_logo,
        look_version=row.look_version,
        idle_minutes=row.idle_minutes,
        second_factor_roles=frozenset(row.second_factor_roles or ()),
        policy_version_id=row.policy_version_id,
        uses_sublevels=row.uses_sublevels,
    )


def set_current_school(view: SchoolView) -> None:
    """Remember the school for as long as the session lasts: the rest of this request or job."""
    session.info[_VIEW] = view


def current_school() -> SchoolView:
    """Return the school in scope; outside a request it is read once for a session. Raises NotFound where it is gone."""
    view: SchoolView | None = session.info.get(_VIEW)
    if view is not None and view.id == current_school_id():
        return view
    row = session.get(School, current_school_id())
    if row is None:
        raise NotFound("school")
    view = view_of(row)
    set_current_school(view)
    return view


def get_school() -> School:
    """Return the school's own row, to be changed; raises NotFound when there is none."""
    row = session.get(School, current_school_id())
    if row is None:
        raise NotFound("school")
    return row


def get_logo() -> tuple[bytes, str]:
    """Return the logo and its media type; raises NotFound where the school has none."""
    row = session.execute(select(School.logo, School.logo_type)).one_or_none()
    if row is None or row.logo is None or row.logo_type is None:
        raise NotFound("logo")
    return row.logo, row.logo_type


def list_hosts() -> list[SchoolHost]:
    """Return the hosts at which the school answers, the first one first."""
    return list(session.scalars(select(SchoolHost).order_by(SchoolHost.is_primary.desc(), SchoolHost.host)))


@dataclass(frozen=True)
class SchoolLine:
    """A school as the operator's list shows it."""

    slug: str
    name: str
    host: str | None


def list_schools() -> list[SchoolLine]:
    """Return every school of the hosting by slug: for the operator's shell, never for a page."""
    rows = session.execute(text("select slug, name, host from list_schools()"))
    return [SchoolLine(slug=row.slug, name=row.name, host=row.host) for row in rows]


@dataclass(frozen=True)
class FirstSteps:
    """What a school has done of its first day."""

    people: bool
    course: bool
    group: bool
    timetable: bool
    learners: bool

    @property
    def are_done(self) -> bool:
        """Say whether the school works, so that its first day is over."""
        return all((self.people, self.course, self.group, self.timetable, self.learners))


def first_steps() -> FirstSteps:
    """Return which of the first day's steps are done, in one statement.

    The tables belong to features above this one, so they are found by name, as the registry finds them.
    """
    tables = Base.metadata.tables
    members = select(func.count(tables["membership"].c.account_id.distinct())).scalar_subquery()
    row = session.execute(
        select(
            (members > 1).label("people"),
            exists(select(tables["course"].c.id)).label("course"),
            exists(select(tables["learner_group"].c.id)).label("group"),
            exists(select(tables["lesson"].c.id)).label("timetable"),
            exists(select(tables["learner"].c.id)).label("learners"),
        )
    ).one()
    return FirstSteps(**row._mapping)
