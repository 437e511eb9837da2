"""What the choices of the waiting list are called."""

from collections.abc import Mapping

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.learners.waiting_list.models import WaitingEnd

ENDS: Mapping[WaitingEnd, LazyString] = {
    WaitingEnd.PLACED: _l("geplaatst in een groep"),
    WaitingEnd.WITHDRAWN: _l("wil niet meer"),
    WaitingEnd.ELSEWHERE: _l("gaat naar een andere school"),
    WaitingEnd.UNREACHED: _l("niet te bereiken"),
    WaitingEnd.MISTAKE: _l("stond hier per ongeluk"),
    WaitingEnd.OTHER: _l("iets anders"),
}
CHOSEN: Mapping[str, LazyString] = {end.value: label for end, label in ENDS.items() if end is not WaitingEnd.PLACED}
"""Why somebody is taken off the list who isn't placed from it."""
