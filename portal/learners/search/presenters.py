"""By what a list of learners can be narrowed, for whoever looks."""

from dataclasses import dataclass

from portal.core.http.access import Actor
from portal.learners.search.queries import Choices, Search
from portal.policy.queries import current_policy


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Groups and clients to choose from, as (id, name); what she may narrow by; whether one of the rest is in use."""

    groups: list[tuple[str, str]]
    clients: list[tuple[str, str]]
    has_trajectories: bool
    sees_birth: bool
    is_open: bool


def filters_of(search: Search, choices: Choices, by: Actor) -> Filters:
    """Return the filters of a search as this person sees them."""
    return Filters(
        groups=choices.groups,
        clients=choices.clients,
        has_trajectories=current_policy().feature("trajectories") and "trajectory" in by.sees,
        sees_birth="birth" in by.sees,
        is_open=bool(search.client_id or search.act or search.is_without_account or search.is_under_16)
        or search.sort != "name",
    )
