"""A school following the policy that was put in force."""

from uuid import UUID

from portal.core.db.session import session
from portal.schools.queries import get_school, set_current_school, view_of


def follow_policy(version_id: UUID, *, idle_minutes: int, second_factor: frozenset[str]) -> bool:
    """Let the school work by a policy version; says whether it worked by another before.

    Sign-in rules weaker than the policy promises are made as strict as that; stricter ones stay.
    """
    row = get_school()
    changed = row.policy_version_id != version_id
    row.policy_version_id = version_id
    row.idle_minutes_most = idle_minutes
    row.idle_minutes = min(row.idle_minutes, idle_minutes)
    row.second_factor_least = sorted(second_factor)
    row.second_factor_roles = sorted({*row.second_factor_roles, *second_factor})
    session.flush()
    set_current_school(view_of(row))
    return changed
