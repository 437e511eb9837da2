"""A complaint as an entry of a learner's record."""

from portal.core.http.languages import _l
from portal.learners.entries.kinds import EntryKind
from portal.learners.record.fields import fields_in
from portal.requests.complaints.labels import LABELS
from portal.requests.complaints.models import Complaint
from portal.requests.complaints.queries import list_about

COMPLAINT = EntryKind(
    model=Complaint,
    slug="klachten",
    title=_l("Klachten"),
    one=_l("klacht"),
    none=_l("Er zijn geen klachten."),
    order="filed_on",
    period=("filed_on", "closed_on"),
    withheld=list_about,
    all_fields=tuple(
        fields_in(Complaint, LABELS, inputs={"body": "long", "handling": "long", "filed_on": "past_date"})
    ),
)
