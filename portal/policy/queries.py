"""Reads of the school's policy: the one in force, and the versions before it."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from uuid import UUID

from sqlalchemy import select

from portal.core.db.base import Base
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, NotFound
from portal.core.personal_data import PersonKind, registry
from portal.policy.models import PolicyVersion
from portal.policy.schema import Policy, reread_policy
from portal.schools.models import School
from portal.schools.queries import current_school

_KEPT = 500
_read: OrderedDict[UUID, Policy] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class VersionLine:
    """A version of the statement as the list of versions shows it."""

    version: str
    in_force_on: date
    published_at: datetime
    is_important: bool
    summary: str | None
    is_current: bool


def known_fields() -> dict[str, str]:
    """Return the category of each column that holds something of a learner, by its field key."""
    return {key: field.category for key, field in registry(Base.metadata, PersonKind.LEARNER).items()}


def current_policy() -> Policy:
    """Return the policy in force at the school in scope; raises NotFound where none was published."""
    found = find_policy()
    if found is None:
        raise NotFound("policy")
    return found


def find_policy() -> Policy | None:
    """Return the policy in force at the school in scope, or None where none was published.

    A version never changes, so each is read once for the process and found by its id, without a statement.
    """
    version_id = current_school().policy_version_id
    if version_id is None:
        return None
    found = _find_read(version_id)
    if found is not None:
        return found
    row = session.get(PolicyVersion, (current_school_id(), version_id))
    return policy_of(row) if row is not None else None


_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


def kept_by_policy(
    make: Callable[Concatenate[Policy, _Given], _Made],
) -> Callable[Concatenate[Policy, _Given], _Made]:
    """Let a function work something out once for a policy and its other arguments: a version never changes."""
    kept: OrderedDict[tuple[Any, ...], tuple[Policy, _Made]] = OrderedDict()

    @wraps(make)
    def found(policy: Policy, *args: _Given.args, **kwargs: _Given.kwargs) -> _Made:
        key = (id(policy), *args, *kwargs.items())
        held = kept.get(key)
        if held is None or held[0] is not policy:
            held = kept[key] = (policy, make(policy, *args, **kwargs))
            while len(kept) > _KEPT:
                kept.popitem(last=False)
        return held[1]

    return cast("Callable[Concatenate[Policy, _Given], _Made]", found)


def policy_of(version: PolicyVersion) -> Policy:
    """Return the policy that a version holds."""
    found = _find_read(version.id)
    return found or _remember(version.id, reread_policy(version.parsed, known_fields()))


def _find_read(version_id: UUID) -> Policy | None:
    with _lock:
        found = _read.get(version_id)
        if found is not None:
            _read.move_to_end(version_id)
        return found


def _remember(version_id: UUID, policy: Policy) -> Policy:
    with _lock:
        _read[version_id] = policy
        while len(_read) > _KEPT:
            _read.popitem(last=False)
    return policy


def must_stay_in_force(shown: str | None) -> UUID:
    """Return as `must_be_in_force`, and let no other version come into force before this transaction ends.

    Who decides while another comes into force waits for that, and is refused: her yes was to the text before.
    """
    held = session.scalar(
        select(School.policy_version_id).where(School.id == current_school_id()).with_for_update(read=True)
    )
    if held != current_school().policy_version_id:
        raise Conflict("another_text")
    return must_be_in_force(shown)


def must_be_in_force(shown: str | None) -> UUID:
    """Return the id of the version in force, where that is the one that a form says it showed (its id, as text).

    Raises Conflict("another_text") where it showed another, or didn't say: nobody agrees to what she didn't read.
    """
    version_id = current_school().policy_version_id
    if version_id is None or shown != str(version_id):
        raise Conflict("another_text")
    return version_id


def find_version(version: str) -> PolicyVersion | None:
    """Return a published version by its name, or None."""
    return session.scalar(select(PolicyVersion).where(PolicyVersion.version == version))


def get_version(version: str) -> PolicyVersion:
    """Return a published version by its name; raises NotFound."""
    row = find_version(version)
    if row is None:
        raise NotFound("policy_version")
    return row


def find_before(version: PolicyVersion) -> PolicyVersion | None:
    """Return the version that was published just before this one; None for the first."""
    return session.scalar(
        select(PolicyVersion)
        .where(PolicyVersion.published_at < version.published_at)
        .order_by(PolicyVersion.published_at.desc())
        .limit(1)
    )


def list_versions() -> list[VersionLine]:
    """Return every published version, the latest first."""
    current_id = current_school().policy_version_id
    rows = session.execute(
        select(
            PolicyVersion.id,
            PolicyVersion.version,
            PolicyVersion.in_force_on,
            PolicyVersion.published_at,
            PolicyVersion.is_important,
            PolicyVersion.summary,
        ).order_by(PolicyVersion.published_at.desc())
    )
    return [
        VersionLine(
            version=row.version,
            in_force_on=row.in_force_on,
            published_at=row.published_at,
            is_important=row.is_important,
            summary=row.summary,
            is_current=row.id == current_id,
        )
        for row in rows
    ]
