"""Learners that were found, as the rows of a list."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from portal.core.http.access import Actor
from portal.core.http.addresses import address_of
from portal.core.http.languages import written
from portal.learners.search.queries import Choices, FoundLearner, Search
from portal.permissions import Permission
from portal.policy.queries import current_policy


class RowShape(NamedTuple):
    """What decides how a row looks."""

    has_account: bool
    sees_birth: bool


class Searching(NamedTuple):
    """What decides how the search box and its filters look; what is typed stands in a hole, and so not in `search`."""

    search: Search
    groups: tuple[tuple[str, str], ...]
    clients: tuple[tuple[str, str], ...]
    has_trajectories: bool
    sees_birth: bool
    may_keep: bool
    may_invite: bool


def searching(search: Search, choices: Choices, by: Actor) -> Searching:
    """Return what decides how somebody's search box looks."""
    return Searching(
        replace(search, text="", page=1),
        tuple(choices.groups),
        tuple(choices.clients),
        current_policy().feature("trajectories") and "trajectory" in by.sees,
        "birth" in by.sees,
        by.may(Permission.LEARNER_KEEP),
        by.may(Permission.LEARNER_INVITE),
    )


def drawn(learners: Sequence[FoundLearner], *, sees_birth: bool) -> list[tuple[RowShape, dict[str, Any]]]:
    """Return each row's shape, and what stands in it."""
    address = address_of("learners.record", "learner_id")
    shapes = {has: RowShape(has, sees_birth) for has in (True, False)}
    return [
        (
            shapes[learner.has_account],
            {
                "url": address(learner.id),
                "name": learner.listed_name,
                "number": learner.number,
                "birth": written("date", learner.birth_date) if learner.birth_date else "–",
                "groups": ", ".join(learner.groups) or "–",
            },
        )
        for learner in learners
    ]
