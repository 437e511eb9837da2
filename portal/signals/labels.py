"""What signals, their rules and their answers are called."""

from collections.abc import Mapping

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.signals.models import SignalAnswer, SignalKind
from portal.signals.queries import Whose

KINDS: Mapping[SignalKind, LazyString] = {
    SignalKind.LOW_ATTENDANCE: _l("weinig aanwezig"),
    SignalKind.ABSENT_IN_A_ROW: _l("vaak achter elkaar afwezig"),
    SignalKind.NOT_SEEN: _l("lang niet in de les"),
    SignalKind.NO_CONTACT: _l("lang geen contact"),
    SignalKind.HOURS_RUNNING_OUT: _l("uren bijna op"),
    SignalKind.LEVEL_MISSING: _l("traject eindigt, niveau ontbreekt"),
}

ANSWERS: Mapping[SignalAnswer, LazyString] = {
    SignalAnswer.CALLED: _l("Ik heb gebeld"),
    SignalAnswer.SPOKE: _l("Wij hebben gesproken"),
    SignalAnswer.WAIT: _l("Ik wacht tot een dag"),
    SignalAnswer.NO_GROUND: _l("Er is niets aan de hand"),
}

DONE: Mapping[SignalAnswer, LazyString] = {
    SignalAnswer.CALLED: _l("gebeld"),
    SignalAnswer.SPOKE: _l("gesproken"),
    SignalAnswer.WAIT: _l("wacht"),
    SignalAnswer.NO_GROUND: _l("niets aan de hand"),
}

OWN: Mapping[SignalKind, LazyString] = {
    SignalKind.LOW_ATTENDANCE: _l("U was minder vaak in de les."),
    SignalKind.ABSENT_IN_A_ROW: _l("U was een paar lessen achter elkaar niet in de les."),
    SignalKind.NOT_SEEN: _l("U was een tijd niet in de les."),
    SignalKind.NO_CONTACT: _l("De school had een tijd geen contact met u."),
    SignalKind.HOURS_RUNNING_OUT: _l("Uw uren zijn bijna op."),
    SignalKind.LEVEL_MISSING: _l("Uw traject stopt bijna. Een niveau is er nog niet."),
}

OWN_ANSWERS: Mapping[SignalAnswer, LazyString] = {
    SignalAnswer.CALLED: _l("De school heeft u gebeld."),
    SignalAnswer.SPOKE: _l("De school heeft met u gesproken."),
    SignalAnswer.WAIT: _l("De school wacht nog even."),
    SignalAnswer.NO_GROUND: _l("Er is niets aan de hand."),
}

WHOSE: Mapping[Whose, LazyString] = {
    Whose.MINE: _l("Mijn cursisten"),
    Whose.WITHOUT_COACH: _l("Zonder begeleider"),
    Whose.ALL: _l("Alle cursisten"),
}

ROW_LABELS: dict[str, LazyString] = {
    "signal": _l("signalen"),
}
"""What rows about a learner are called, by table, with their number."""
