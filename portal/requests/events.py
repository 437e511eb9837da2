"""What requests writes in the audit: views; a complaint that is added or changed is an entry of the record."""

from portal.core.audit.declarations import Area, View
from portal.core.http.languages import _l

AREA = Area(
    "requests",
    _l("verzoeken en klachten"),
    events=(),
    views=(
        View("requests.complaint", _l("uw klacht")),
        View("requests.complaints", _l("uw klacht")),
        View("requests.choose_learner", _l("uw naam in een lijst"), is_of_name=True),
    ),
)
