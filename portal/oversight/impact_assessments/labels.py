"""The words of an impact assessment: its risks with what is done about them, and what only the school can say."""

from typing import NamedTuple

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.policy.impact_assessments.models import Adviser

ADVISERS: dict[Adviser, LazyString] = {
    Adviser.OFFICER: _l("de privacyfunctionaris"),
    Adviser.OUTSIDE: _l("iemand van buiten de school"),
    Adviser.NOBODY: _l("niemand"),
}


class Risk(NamedTuple):
    """What can go wrong for people, and what the portal does about it."""

    risk: LazyString
    measure: LazyString


RISKS: tuple[Risk, ...] = (
    Risk(
        _l("Iemand ziet gegevens die niet nodig zijn voor het werk."),
        _l("Elke rol ziet alleen wat nodig is. Wie kijkt, staat in het logboek. De directie controleert elk kwartaal."),
    ),
    Risk(
        _l("Iemand steelt gegevens."),
        _l("Gevoelige gegevens en bestanden zijn versleuteld, voor elke persoon apart. Een incident heeft een klok."),
    ),
    Risk(
        _l("Gegevens gaan naar iemand die ze niet mag hebben."),
        _l("Een bestand gaat alleen naar een ontvanger uit het beleid, voor een doel uit het beleid."),
    ),
    Risk(
        _l("Gegevens blijven te lang."),
        _l("Het portaal wist elke nacht wat over de termijn is, en geeft daar een bewijs van."),
    ),
    Risk(_l("Gegevens raken kwijt."), _l("Elke dag is er een versleutelde kopie, die het portaal meteen weer leest.")),
    Risk(
        _l("Een cursist weet niet wat er gebeurt of kan er niets tegen doen."),
        _l("Elke cursist leest alles, en kan verbeteren, wissen, afschermen, bezwaar maken en meenemen."),
    ),
)
"""Of every processing."""
SIGNALS = Risk(
    _l("Iemand heeft te snel een oordeel over een cursist."),
    _l("Een signaal is een vraag aan een mens. Het portaal beslist niets. De cursist leest het antwoord."),
)
PICTURES = Risk(
    _l("Op een beeld is een gezicht of een huis te zien, of iemand anders."),
    _l("Van elke cursist blijft alleen het eigen deel, versleuteld. Het gaat weg als de toestemming weg is."),
)
CLIENT = Risk(
    _l("Een opdrachtgever ziet meer dan nodig is."),
    _l("Een opdrachtgever kan in dit portaal nog niet inloggen. Dat blijft zo tot hier een dag staat."),
)
OPEN: tuple[LazyString, ...] = (
    _l("Waarom dit allemaal nodig is, en waarom het niet met minder kan."),
    _l("Hoe groot elk risico is, nu en na wat u eraan doet."),
    _l("Wat cursisten en medewerkers ervan vinden."),
    _l("Wat de privacyfunctionaris adviseert."),
    _l("Of de Autoriteit Persoonsgegevens eerst mee moet kijken."),
)
"""What the school fills in itself."""
