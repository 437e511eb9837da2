"""What it is called how somebody was told, how near the last day is, and what she is to the school."""

from flask_babel import LazyString

from portal.core.http.languages import _, _l
from portal.core.personal_data import PersonKind
from portal.learners.record.models import Source
from portal.organisations.models import ContactOrigin
from portal.policy.privacy_notices.models import NoticeWay
from portal.purposes.privacy_notices.origins import IMPORTED, NoticeOrigin
from portal.purposes.privacy_notices.queries import Informed, NoticeState

WAYS: dict[NoticeWay, LazyString] = {
    NoticeWay.EMAIL: _l("per e-mail"),
    NoticeWay.LETTER: _l("met een brief"),
    NoticeWay.FORM: _l("bij een formulier"),
}
STATES: dict[NoticeState, tuple[LazyString, str]] = {
    NoticeState.LATE: (_l("te laat"), "bad"),
    NoticeState.SOON: (_l("bijna te laat"), "wait"),
    NoticeState.DUE: (_l("op tijd"), ""),
}
KINDS: dict[PersonKind, LazyString] = {
    PersonKind.LEARNER: _l("cursist"),
    PersonKind.REPRESENTATIVE: _l("handelt voor een cursist"),
    PersonKind.CONTACT_PERSON: _l("contactpersoon"),
}

FROM_WHOM: dict[ContactOrigin, LazyString] = {
    ContactOrigin.HERSELF: _l("Wij kregen uw gegevens van u."),
    ContactOrigin.COMPANY: _l("Wij kregen uw gegevens van het bedrijf of de organisatie waar u werkt."),
    ContactOrigin.OTHER_PARTY: _l("Wij kregen uw gegevens van iemand anders. U mag vragen van wie."),
}
"""What somebody who is no learner is told of that."""


def told_from_whom(person: Informed, origin: NoticeOrigin) -> str:
    """Return in words from whom the school has somebody's data, as she is told (AVG art. 14(2)f)."""
    if person.kind is PersonKind.CONTACT_PERSON:
        works = _("U werkt bij %(organisation)s.", organisation=person.about) + " " if person.about else ""
        return works + str(FROM_WHOM[ContactOrigin(origin.source)])
    if person.kind is PersonKind.REPRESENTATIVE:
        acts = _("U handelt voor een cursist van onze school.")
        if origin.source == Source.LEARNER:
            return f"{acts} {_('Wij kregen uw naam en e-mailadres van de cursist.')}"
        return f"{acts} {_('Een medewerker van de school schreef uw naam en e-mailadres op.')}"
    client = " " + _("Uw opdrachtgever is: %(client)s.", client=origin.client) if origin.client else ""
    return _from_whom_of_learner(origin) + client


def _from_whom_of_learner(origin: NoticeOrigin) -> str:
    if origin.source == Source.REFERRER:
        return _("Wij kregen uw gegevens van wie u bij ons aanmeldde.")
    if origin.channel == IMPORTED:
        return _("Uw gegevens stonden in een lijst die wij kregen.")
    if origin.source == Source.LEARNER:
        return _("Wij kregen uw gegevens van u.")
    return _("Een medewerker van de school schreef uw gegevens op.")
