"""What the fields of invoice and order lines are called."""

from flask_babel import LazyString

from portal.core.http.languages import _l

INVOICE_LABELS: dict[str, LazyString] = {
    "number": _l("Factuurnummer"),
    "issued_on": _l("Factuurdatum"),
    "description": _l("Omschrijving"),
    "amount_cents": _l("Bedrag in euro"),
    "paid_on": _l("Betaald op"),
}
ORDER_LABELS: dict[str, LazyString] = {
    "ordered_on": _l("Besteld op"),
    "description": _l("Omschrijving"),
}
ROW_LABELS: dict[str, LazyString] = {
    "invoice_line": _l("factuurregels"),
    "order_line": _l("bestellingen"),
}
"""What rows about a learner are called, by table, with their number."""
