"""How a learner reads which member of staff did something with her data: on the page, in her copy, in its files."""

from dataclasses import dataclass

from portal.accounts.labels import role_names, role_reasons
from portal.core.audit.queries import Entry
from portal.core.http.languages import _
from portal.requests.log_names.queries import NamesShown


@dataclass(frozen=True)
class StaffLine:
    """A member of staff as a learner reads her. `role` is "" where `who` says it; `why` is for what that role looks."""

    who: str
    role: str
    why: str
    is_named: bool


def staff_line(entry: Entry, names: NamesShown) -> StaffLine:
    """Return how a learner reads who of the staff did what an entry says."""
    role, name = str(role_names(entry.actor_roles)), names.name_of(entry)
    why = role_reasons(entry.actor_roles)
    if name is not None:
        return StaffLine(name, role, why, is_named=True)
    said = role or _("medewerker")
    return StaffLine(said[:1].upper() + said[1:], "", why, is_named=False)
