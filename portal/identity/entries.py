"""A client's request for an identity document as an entry of a learner's record."""

from portal.core.http.languages import _l
from portal.identity.labels import LABELS
from portal.identity.models import IdentityDocument
from portal.learners.entries.kinds import EntryKind
from portal.learners.record.fields import fields_in

IDENTITY_DOCUMENT = EntryKind(
    model=IdentityDocument,
    slug="identiteitsbewijzen",
    title=_l("Gevraagd identiteitsbewijs"),
    one=_l("verzoek om een identiteitsbewijs"),
    none=_l("Geen opdrachtgever heeft om een identiteitsbewijs gevraagd."),
    order="requested_on",
    all_fields=tuple(fields_in(IdentityDocument, LABELS, inputs={"requested_on": "past_date"})),
)
