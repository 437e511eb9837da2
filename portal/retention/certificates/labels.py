"""What stands on a certificate: why something was erased, what stays, and why that may."""

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.retention.certificates import kept
from portal.retention.certificates.models import ErasureReason

REASONS: dict[ErasureReason, LazyString] = {
    ErasureReason.ASKED: _l("U vroeg om te wissen."),
    ErasureReason.TERM: _l("De tijd om dit te bewaren was voorbij."),
    ErasureReason.CONSENT: _l("De toestemming is ingetrokken."),
    ErasureReason.GROUND: _l("De reden om dit te bewaren is er niet meer."),
}
OTHERS: dict[str, LazyString] = {
    kept.INVOICES: _l("Facturen"),
    kept.LOG: _l("Het logboek"),
    kept.REQUEST: _l("Uw verzoek"),
    kept.CERTIFICATE: _l("Dit bewijs"),
    kept.BACKUPS: _l("Reservekopieën"),
}
"""What stays that is no category."""
WHYS: dict[str, LazyString] = {
    kept.PROVES: _l("Dit laat zien wat de school met uw gegevens deed. Het gaat weg met uw hele dossier."),
    kept.NOT_OVER: _l("De tijd om dit te bewaren is nog niet voorbij."),
    kept.NEEDED: _l("De rest van uw gegevens kan niet zonder. Het gaat weg met uw hele dossier."),
    kept.REFUSED: _l("U vroeg dit te wissen. De school bewaart het nog."),
    kept.BOOKKEEPING: _l("Facturen staan met naam in de boekhouding van de school. Dat moet van de wet."),
    kept.WITH_LEARNERS: _l("Uw naam staat bij wat u opschreef. Dat gaat weg met de gegevens van de cursist."),
    kept.TO_BOOKS: _l("De facturen moeten eerst naar de boekhouding. Dat moet van de wet. Daarna gaan ze hier weg."),
    kept.NO_NAME: _l("Uw naam staat er niet meer bij."),
    kept.UNREADABLE: _l("Niemand kan nog lezen dat dit over u gaat."),
}
