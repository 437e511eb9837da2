"""What stands on a certificate: why something was erased, what stays, and why that may."""

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.core.personal_data import PersonKind
from portal.requests.answers.erasures import AccountOutcome
from portal.requests.data_requests.labels import STAYS
from portal.retention.certificates import kept
from portal.retention.certificates.models import ErasureReason

REASONS: dict[ErasureReason, LazyString] = {
    ErasureReason.ASKED: _l("U vroeg om te wissen."),
    ErasureReason.TERM: _l("De tijd om dit te bewaren was voorbij."),
    ErasureReason.CONSENT: _l("De toestemming is ingetrokken."),
    ErasureReason.GROUND: _l("De reden om dit te bewaren is er niet meer."),
}
WENT: dict[PersonKind, LazyString] = {
    PersonKind.LEARNER: _l("De school heeft alles over u gewist."),
    PersonKind.REPRESENTATIVE: _l("De school heeft alles gewist wat bij deze cursist over u stond."),
    PersonKind.CONTACT_PERSON: _l("De school heeft alles gewist wat bij dit contact over u stond."),
    PersonKind.STAFF: _l("De school heeft uw account gewist, met alles wat daarbij hoort."),
}
"""What went of somebody who went whole."""
WENT_BUT_ACCOUNT: dict[PersonKind, LazyString] = {
    PersonKind.LEARNER: _l("De school heeft alles gewist wat zij van u als cursist had."),
    PersonKind.STAFF: _l("De school heeft gewist wat zij van u als medewerker had."),
}
"""The same where her account stays, of whom more is said than is true then."""
ACCOUNTS: dict[AccountOutcome | None, LazyString] = {
    AccountOutcome.GONE: _l("Ook uw account is weg."),
    AccountOutcome.STAYS: _l("Uw account blijft."),
}
OF_KIND: dict[tuple[PersonKind, str], LazyString] = {
    (PersonKind.REPRESENTATIVE, "dealings"): _l("Uw naam en e-mailadres, en dat u voor een cursist handelde"),
}
"""What went of a category, where its own title doesn't say it of such a person."""
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
    kept.OTHER_ROLE: _l("U gebruikt uw account hier ook voor iets anders. Daarvoor blijft het."),
    kept.BOOKKEEPING: _l("Facturen staan met naam in de boekhouding van de school. Dat moet van de wet."),
    kept.WITH_LEARNERS: STAYS["learners"],
    kept.TO_BOOKS: _l("De facturen moeten eerst naar de boekhouding. Dat moet van de wet. Daarna gaan ze hier weg."),
    kept.NO_NAME: _l("Uw naam staat er niet meer bij."),
    kept.NAMED: STAYS["audit"],
    kept.SIGNED_IN: STAYS["activity"],
    kept.UNREADABLE: _l("Niemand kan nog lezen dat dit over u gaat."),
    kept.LOCKED: _l(
        "Hierin staan uw gegevens nog. De kopieën zijn op slot. "
        "Wordt een kopie teruggezet? Dan worden uw gegevens eerst weer gewist."
    ),
}
