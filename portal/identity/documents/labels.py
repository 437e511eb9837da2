"""What kinds of documents and their parts are called."""

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.identity.documents.layouts import DocumentKind
from portal.policy.schema.statement import MaskPart

KINDS: dict[DocumentKind, LazyString] = {
    DocumentKind.PASSPORT: _l("paspoort"),
    DocumentKind.ID_CARD: _l("identiteitskaart"),
    DocumentKind.RESIDENCE_PERMIT: _l("verblijfsvergunning"),
    DocumentKind.DRIVING_LICENCE: _l("rijbewijs"),
}
PARTS: dict[MaskPart, LazyString] = {
    "photo": _l("de foto"),
    "mrz": _l("de strook met tekens onderaan"),
    "document_number": _l("het nummer van het document"),
    "bsn": _l("het BSN"),
}
ROW_LABELS: dict[str, LazyString] = {"masked_document": _l("getoonde identiteitsbewijzen")}
"""What rows about a learner are called, by table, with their number."""
