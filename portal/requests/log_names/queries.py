"""Whether a learner reads the name of a member of staff who did something with her data, or the role alone."""

from dataclasses import dataclass

from portal.accounts.council.queries import may_name_staff
from portal.core.audit.queries import Entry


@dataclass(frozen=True)
class NamesShown:
    """Whose names are shown: of all staff, as policy and staff agreed, or of nobody."""

    of_all: bool

    def name_of(self, entry: Entry) -> str | None:
        """Return the name of the member of staff who did what an entry says; None where it isn't shown."""
        is_staff = entry.actor_kind == "staff"
        return entry.actor_name if is_staff and self.of_all else None


def get_names_shown() -> NamesShown:
    """Return whose names a learner, or who acts for her, reads in what was done with her data."""
    return NamesShown(of_all=may_name_staff())
