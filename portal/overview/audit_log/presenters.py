"""The words that the school's log has for roles, for areas of work, and for what was done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.accounts.labels import role_names
from portal.core.audit.declarations import AREAS, area_label, event_label, shows_names_alone


@dataclass(frozen=True)
class Wording:
    """What the page says by."""

    roles: Callable[[Any], Any] = role_names
    area: Callable[[str], Any] = area_label
    event: Callable[[str], Any] = event_label
    shows_names_alone: Callable[[str], bool] = shows_names_alone

    @staticmethod
    def areas() -> list[tuple[str, str]]:
        """Return the areas of work to choose from, by their words."""
        return sorted(((area.name, str(area.label)) for area in AREAS.values()), key=lambda each: each[1])


WORDING = Wording()
