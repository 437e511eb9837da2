"""What overview writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event, View
from portal.core.http.languages import _l
from portal.core.personal_data import CATEGORIES

AREA = Area(
    "overview",
    _l("eigen gegevens"),
    events=(Event("overview.handed_over", _l("overgedragen")),),
    views=(
        View("overview.audit_log", _l("uw naam in het logboek van de school"), is_of_name=True),
        View("overview.evaluation_as_pdf", _l("een evaluatie van u, als PDF"), shows=("level", "progress")),
        View("overview.lost_addresses", _l("uw naam in een lijst van wie geen e-mailadres heeft"), is_of_name=True),
        View("overview.my_attendance", _l("uw aanwezigheid"), shows=("attendance",)),
        View("overview.my_data", _l("uw gegevens"), shows=CATEGORIES),
        View("overview.my_learners", _l("uw naam, aanwezigheid en niveau in een lijst"), shows=("attendance", "level")),
        View("overview.my_lessons", _l("uw groep"), shows=("attendance", "trajectory")),
        View("overview.my_levels", _l("uw niveau en voortgang"), shows=("level", "exam", "progress")),
        View("overview.notifications", _l("uw naam in een melding")),
        View("overview.who_got", _l("wie uw gegevens kreeg"), shows=("dealings",)),
        View("overview.who_looked", _l("wie naar uw gegevens keek"), shows=("dealings",)),
    ),
)
