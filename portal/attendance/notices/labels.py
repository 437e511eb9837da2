"""What the reasons are called for which somebody can't come."""

from flask_babel import LazyString

from portal.attendance.notices.models import AbsenceReason
from portal.core.http.languages import _l

REASONS: dict[AbsenceReason, LazyString] = {
    AbsenceReason.WORK: _l("werk"),
    AbsenceReason.CARE: _l("zorg voor een kind"),
    AbsenceReason.APPOINTMENT: _l("een afspraak"),
    AbsenceReason.OTHER: _l("iets anders"),
}
