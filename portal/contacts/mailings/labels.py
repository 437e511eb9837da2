"""What mails to many are called, and why somebody gets none."""

from typing import Any

from portal.contacts.subscriptions.models import NEWSLETTER, SERVICE_NEWS
from portal.core.http.languages import _l

PURPOSES: dict[str, Any] = {
    NEWSLETTER: _l("Nieuwsbrief: naar wie ja zei"),
    SERVICE_NEWS: _l("Nieuws over diensten: naar klanten die geen nee zeiden"),
}
LEFT_OUT: dict[str, Any] = {
    "no_consent": _l("gaf geen toestemming"),
    "not_confirmed": _l("klikte nog niet op de link in de e-mail"),
    "stopped": _l("zei dat het moet stoppen"),
    "said_no": _l("zei eerder nee op dit adres"),
    "no_address": _l("heeft geen e-mailadres"),
    "same_address": _l("deelt een adres met een ander die het al krijgt"),
    "no_customer": _l("kocht niet zelf een dienst"),
    "not_offered": _l("werd bij de aankoop niet gevraagd of het mag"),
}
