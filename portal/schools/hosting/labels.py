"""What grounds for data outside the European Economic Area are called."""

from flask_babel import LazyString

from portal.core.http.languages import _l

SAFEGUARDS: dict[str, LazyString] = {
    "adequacy": _l("een besluit dat het daar veilig genoeg is"),
    "standard_clauses": _l("een vast contract van de Europese Unie"),
}
