"""Invoice and order lines as entries of a learner's record."""

from portal.core.http.languages import _l
from portal.finances.labels import INVOICE_LABELS, ORDER_LABELS
from portal.finances.models import InvoiceLine, OrderLine
from portal.learners.entries.kinds import EntryKind
from portal.learners.record.fields import fields_in

INVOICE_LINE = EntryKind(
    model=InvoiceLine,
    slug="facturen",
    title=_l("Facturen"),
    one=_l("factuurregel"),
    none=_l("Er zijn geen facturen."),
    order="issued_on",
    all_fields=tuple(fields_in(InvoiceLine, INVOICE_LABELS, inputs={"amount_cents": "money", "number": "number"})),
)
ORDER_LINE = EntryKind(
    model=OrderLine,
    slug="bestellingen",
    title=_l("Bestellingen"),
    one=_l("bestelling"),
    none=_l("Er zijn geen bestellingen."),
    order="ordered_on",
    all_fields=tuple(fields_in(OrderLine, ORDER_LABELS)),
)
