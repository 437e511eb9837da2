"""Correspondence as an entry of a learner's record."""

from portal.contacts.labels import KINDS, LABELS
from portal.contacts.models import Correspondence
from portal.core.http.languages import _l
from portal.learners.entries.kinds import EntryKind
from portal.learners.record.fields import fields_in

CORRESPONDENCE = EntryKind(
    model=Correspondence,
    slug="berichten",
    title=_l("Vragen en berichten"),
    one=_l("bericht"),
    none=_l("Er zijn geen vragen of berichten."),
    order="received_on",
    all_fields=tuple(
        fields_in(Correspondence, LABELS, inputs={"body": "long", "received_on": "past_date"}, choices={"kind": KINDS})
    ),
)
