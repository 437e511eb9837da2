"""What overview writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event, View
from portal.core.http.languages import _l

AREA = Area(
    "overview",
    _l("eigen gegevens"),
    events=(Event("overview.handed_over", _l("overgedragen")),),
    views=(
        View("overview.audit_log", _l("uw naam in het logboek van de school"), is_of_name=True),
        View("overview.evaluation_as_pdf", _l("een evaluatie van u, als PDF")),
        View("overview.lost_addresses", _l("uw naam in een lijst van wie geen e-mailadres heeft"), is_of_name=True),
        View("overview.my_attendance", _l("uw aanwezigheid")),
        View("overview.my_data", _l("uw gegevens")),
        View("overview.my_learners", _l("uw naam, aanwezigheid en niveau in een lijst")),
        View("overview.my_lessons", _l("uw groep")),
        View("overview.my_levels", _l("uw niveau en voortgang")),
        View("overview.notifications", _l("uw naam in een melding")),
        View("overview.who_got", _l("wie uw gegevens kreeg")),
        View("overview.who_looked", _l("wie naar uw gegevens keek")),
    ),
)
