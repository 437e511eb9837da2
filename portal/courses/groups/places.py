"""How many places of groups are taken: what the page of a group shows beside how many it has."""

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from portal.core.ports import Port

# Called with ids of groups; returns of each how many places are taken today, or on its first day if that is to come.
PLACES_TAKEN: Port[Callable[[Collection[UUID]], Mapping[UUID, int]]] = Port("courses.places_taken")
