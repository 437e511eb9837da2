"""How a learner reads which member of staff did something with her data: on the page, in her copy, in its files."""

from dataclasses import dataclass

from portal.accounts.labels import role_names, role_reasons
from portal.core.audit.declarations import learner_label, view_label
from portal.core.audit.queries import Entry
from portal.core.http.languages import _, comma, written
from portal.requests.data_requests.models import DataRequest
from portal.requests.log_names.queries import ReadableNames, list_entries


@dataclass(frozen=True)
class StaffLine:
    """A member of staff as a learner reads her. `role` is "" where `who` says it; `why` is for what that role looks."""

    who: str
    role: str
    why: str
    is_named: bool


def staff_line(entry: Entry, names: ReadableNames) -> StaffLine:
    """Return how a learner reads who of the staff did what an entry says."""
    role, name = str(role_names(entry.actor_roles)), names.name_of(entry)
    why = role_reasons(entry.actor_roles)
    if name is not None:
        return StaffLine(name, role, why, is_named=True)
    said = role or _("medewerker")
    return StaffLine(said[:1].upper() + said[1:], "", why, is_named=False)


def look_titles(request: DataRequest, *, with_names: bool) -> dict[str, str]:
    """Return in words what a request asks about, by the entry's id as text; the name only for who may read it."""
    names = ReadableNames(of_all=with_names)
    return {str(each.id): look_title(each, names) for each in list_entries(request)}


def look_title(entry: Entry, names: ReadableNames) -> str:
    """Return an entry in a line: when, who as far as she may read it, and what was done."""
    staff = staff_line(entry, names)
    who = f"{staff.who} ({staff.role})" if staff.role else staff.who
    label = view_label(entry.facts.get("what", ""))
    what = _("keek naar %(what)s", what=label) if entry.is_view else str(learner_label(entry.event))
    return comma().join([written("datetime", entry.at), who, what])
