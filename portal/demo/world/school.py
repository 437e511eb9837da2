"""Fills one school, from its staff to what waits for an answer; the order is that of what points to what."""

from uuid import UUID

from portal.accounts.passwords.services import hash_password
from portal.demo.world import (
    absences,
    caseloads,
    dealings,
    evaluations,
    marks,
    online,
    progress,
    records,
    rights,
    signals,
    staff,
    timetable,
)
from portal.demo.world.plan import PASSWORD, SchoolPlan, World
from portal.policy.queries import current_policy


def fill_school(plan: SchoolPlan, policy_version_id: UUID) -> None:
    """Fill the school in scope, whose policy is published."""
    world = World(plan, current_policy(), policy_version_id)
    password_hash = hash_password(PASSWORD)
    staff.fill(world, password_hash)
    accounts = online.give_accounts(world, password_hash)
    timetable.fill(world)
    records.fill(world, accounts)
    online.fill(world, password_hash)
    marks.fill(world)
    absences.fill(world)
    progress.fill(world)
    evaluations.fill(world)
    caseloads.fill(world)
    dealings.fill(world)
    rights.fill(world)
    signals.fill(world)
