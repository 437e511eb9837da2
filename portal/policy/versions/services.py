"""Letting the school work by a version, and what ends with the one before."""

from collections.abc import Callable
from datetime import date

from portal.core import audit
from portal.core.clock import now
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.ports import Port
from portal.policy.models import PolicyVersion
from portal.policy.queries import find_policy
from portal.policy.schema import Policy
from portal.schools.services import follow_policy

Follower = Callable[[Policy, Policy, PolicyVersion, Actor], None]

VERSION_FOLLOWERS: Port[Follower] = Port("policy.version_followers")
"""Called with the policy before, the one now in force, its version and who brought it: ends what rested on the first.

In this order: consents lapse before the files made under them are void.
"""


def store_version(
    policy: Policy, text: str, *, in_force_on: date, is_important: bool, summary: str | None, by: Actor
) -> PolicyVersion:
    """Store a version whole: a base that changes later changes nothing at the school."""
    row = PolicyVersion(
        version=policy.version,
        in_force_on=in_force_on,
        source=text,
        parsed=policy.model_dump(mode="json", exclude_none=True),
        is_important=is_important,
        summary=summary,
        published_at=now(),
        published_by=by.account_id,
        published_by_name=by.name,
    )
    session.add(row)
    session.flush()
    return row


def put_in_force(row: PolicyVersion, policy: Policy, *, by: Actor) -> bool:
    """Let the school work by a version from now on; says whether it worked by another, or none, before."""
    older = find_policy()
    changed = follow_policy(
        row.id, idle_minutes=policy.security.idle_minutes, second_factor=frozenset(policy.security.second_factor)
    )
    if not changed:
        return False
    audit.record(
        "policy.published",
        subject=("policy_version", row.id),
        facts={"version": row.version, "is_important": row.is_important},
        by=by,
    )
    if older is not None:
        for follow in VERSION_FOLLOWERS.all:
            follow(older, policy, row, by)
    return True
