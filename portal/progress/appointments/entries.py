"""An appointment as an entry of a learner's record."""

from portal.core.http.languages import _l
from portal.learners.entries.kinds import EntryKind
from portal.learners.record.fields import fields_in
from portal.progress.appointments.labels import LABELS
from portal.progress.appointments.models import Appointment

APPOINTMENT = EntryKind(
    model=Appointment,
    slug="afspraken",
    title=_l("Afspraken"),
    one=_l("afspraak"),
    none=_l("Er zijn geen afspraken."),
    order="starts_at",
    all_fields=tuple(fields_in(Appointment, LABELS)),
)
