"""What representation writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event, View
from portal.core.http.languages import _l

AREA = Area(
    "representation",
    _l("vertegenwoordigers"),
    events=(
        Event(
            "representation.dispute_settled",
            _l("vastgelegd wat beide ouders of de rechter besloten"),
            _l("legde vast wat uw ouders of de rechter besloten"),
        ),
        Event(
            "representation.parents_disagree",
            _l("ouders zijn het niet eens"),
            _l("koos iets anders dan uw andere ouder"),
        ),
        Event("representation.representative_ended", _l("beëindigd"), _l("beëindigde dat iemand voor u mag handelen")),
        Event("representation.representative_recorded", _l("ingevuld"), _l("legde vast wie voor u mag handelen")),
        Event("representation.whom_chosen", _l("gekozen voor wie"), _l("koos om voor u in te loggen")),
    ),
    views=(
        View("representation.disagreements", _l("waarover ouders het niet eens zijn"), shows=("dealings",)),
        View("representation.dispute", _l("waarover uw ouders het niet eens zijn"), shows=("dealings",)),
        View("representation.access_seen", _l("uw gegevens"), shows=("account", "dealings")),
        View("representation.mine", _l("wie voor u mag handelen"), shows=("dealings",)),
        View("representation.choose_whom", _l("uw gegevens"), shows=("dealings",)),
    ),
)
