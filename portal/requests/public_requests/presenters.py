"""What the page of a request says to who follows it without a sign-in: how far it is, and nothing of what is held.

Until it is known who asks it says the same of every request, whoever it is about.
"""

from portal.core.clock import local
from portal.core.http.languages import _, written
from portal.requests.data_requests.identity import NO_IDENTITY
from portal.requests.data_requests.models import DataRequest, Outcome

Step = tuple[str, str, str]


def steps_of(request: DataRequest) -> list[Step]:
    """Return the steps of a request for `components/parts.html`: what, how far, and a note."""
    steps = [(_("U vroeg het."), "done", written("date", request.received_on))]
    if request.kind not in NO_IDENTITY:
        steps.append(_identity(request))
    is_known = request.identity_check is not None
    if is_known and request.joined_to_id is not None:
        return [*steps, (_("Wij antwoorden samen met uw andere verzoek."), "done", "")]
    is_next = is_known or request.kind in NO_IDENTITY
    state = "done" if request.decided_at is not None else "now" if is_next else "todo"
    handled = _("%(name)s heeft het verzoek.", name=request.handled_by_name) if request.handled_by_name else ""
    return [*steps, (_("De school kijkt naar uw verzoek."), state, handled), _answer(request)]


def _identity(request: DataRequest) -> Step:
    at = request.identity_checked_at
    if at is not None:
        return _("Wij weten dat u het bent."), "done", written("date", local(at).date())
    note = _("Kom langs bij de balie, of typ hieronder de code uit de e-mail.")
    return _("Wij moeten zeker weten dat u het bent."), "now" if request.decided_at is None else "todo", note


def _answer(request: DataRequest) -> Step:
    if request.decided_at is None:
        note = _("De school heeft meer tijd nodig.") if request.extended_at is not None else ""
        return _("U krijgt antwoord, uiterlijk %(day)s.", day=written("date", request.due_on)), "todo", note
    note = _("U krijgt het antwoord per brief of aan de balie.")
    if request.outcome is Outcome.NOTHING_HELD:
        note = _("De school heeft geen gegevens van u. Alleen dit verzoek.")
    return _("Er is een antwoord."), "done", note


def wants_code(request: DataRequest) -> bool:
    """Say whether the page takes a code: whether one was sent makes no difference.

    To object or to take consent back asks none, unless the school asked who it is.
    """
    is_asked = request.kind not in NO_IDENTITY or request.identity_asked_on is not None
    return request.is_undecided and request.identity_check is None and is_asked
