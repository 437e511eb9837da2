"""What hours writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, View
from portal.core.http.languages import _l

AREA = Area(
    "hours",
    _l("presentie in cijfers"),
    views=(
        View("hours.group_figures", _l("uw aanwezigheid"), shows=("attendance",)),
        View("hours.learner_figures", _l("uw aanwezigheid"), shows=("attendance",)),
        View("hours.matrix", _l("uw aanwezigheid"), shows=("attendance",)),
    ),
)
