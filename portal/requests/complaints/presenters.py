"""What the pages of a complaint say beyond its row: how far it is, who has it, and what comes next."""

from portal.core.http.languages import _, written
from portal.requests.complaints.models import Complaint
from portal.requests.data_requests.presenters import Remaining, remaining_until

Step = tuple[str, str, str]


def steps_of(complaint: Complaint) -> list[Step]:
    """Return the steps of a complaint for `components/parts.html`: what, how far, and a note."""
    has_answer = complaint.closed_on is not None
    name = complaint.handled_by_name
    return [
        (_("U diende de klacht in."), "done", written("date", complaint.filed_on)),
        (
            _("De school behandelt de klacht."),
            "done" if has_answer else "now",
            _("%(name)s heeft de klacht.", name=name) if name else _("nog bij niemand"),
        ),
        _answer(complaint),
    ]


def _answer(complaint: Complaint) -> Step:
    if complaint.closed_on is not None:
        return _("U kreeg antwoord."), "done", written("date", complaint.closed_on)
    if complaint.due_on is None:
        return _("U krijgt antwoord."), "todo", ""
    return _("U krijgt antwoord, uiterlijk %(day)s.", day=written("date", complaint.due_on)), "todo", ""


def remaining_of(complaint: Complaint) -> Remaining | None:
    """Return how many days there are until the day of the answer; None for a complaint that has it, or has no day."""
    if complaint.closed_on is not None or complaint.due_on is None:
        return None
    return remaining_until(complaint.due_on)
