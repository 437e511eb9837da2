"""Reads about the school in scope: who it is and how it looks, from the one statement that entered it."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from portal.core.database import current_school_id, session
from portal.core.errors import NotFound
from portal.schools.models import School


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

    @property
    def initials(self) -> str:
        """Two letters that stand for the school where it has no logo."""
        words = [word for word in self.name.replace("-", " ").split() if word[:1].isalnum()]
        return ("".join(word[0] for word in words[:2]) if len(words) > 1 else self.name[:2]).upper()


_current: ContextVar[SchoolView | None] = ContextVar("current_school", default=None)


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
    )


def set_current_school(view: SchoolView | None) -> None:
    """Remember the school for the rest of this request or job."""
    _current.set(view)


def current_school() -> SchoolView:
    """Return the school in scope; outside a request it is read once per transaction's school.

    Raises NotFound when there is no such school.
    """
    view = _current.get()
    if view is not None and view.id == current_school_id():
        return view
    row = session.get(School, current_school_id())
    if row is None:
        raise NotFound("school")
    view = view_of(row)
    _current.set(view)
    return view
