"""Which levels the school works with now. Not here: what was found, which is read with everything else of a learner."""

from portal.core.errors import Invalid
from portal.progress.models import Rung
from portal.schools.queries import current_school


def list_rungs() -> list[Rung]:
    """Return the levels that can be entered now, from low to high: with those between where the school uses these."""
    uses_sublevels = current_school().uses_sublevels
    return [rung for rung in Rung if uses_sublevels or not rung.is_sublevel]


def check_rung(rung: Rung | None, field: str) -> None:
    """Raise Invalid for a level between levels where the school doesn't work with these."""
    if rung is not None and rung.is_sublevel and not current_school().uses_sublevels:
        raise Invalid(field, "no_sublevels")
