"""An intake as an entry of a learner's record."""

from portal.core.http.languages import _l
from portal.intakes.labels import LABELS
from portal.intakes.models import Intake
from portal.learners.entries.kinds import EntryKind
from portal.learners.record.fields import fields_in

INTAKE = EntryKind(
    model=Intake,
    slug="intakes",
    title=_l("Eerste gesprek"),
    one=_l("eerste gesprek"),
    none=_l("Er is nog geen eerste gesprek vastgelegd."),
    order="held_on",
    mentions_statement=True,
    all_fields=tuple(fields_in(Intake, LABELS, inputs={"held_on": "past_date", "result": "long"})),
)
