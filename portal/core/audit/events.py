"""What the core itself writes in the audit: views, refusals, and jobs that were cancelled or failed."""

from portal.core.audit.declarations import Area, Event
from portal.core.http.languages import _l

AREAS = (
    Area(
        "record",
        _l("dossiers"),
        events=(
            Event("record.viewed", _l("bekeken"), _l("keek naar uw gegevens")),
            Event("record.erased", _l("gewist"), _l("wiste gegevens van u")),
        ),
    ),
    Area(
        "access",
        _l("toegang"),
        events=(
            Event("access.refused", _l("geweigerd"), _l("wilde iets zien en mocht dat niet")),
            Event(
                "access.restored",
                _l("teruggezet uit een kopie"),
                _l("zette een oude kopie van de gegevens terug"),
            ),
        ),
    ),
    Area(
        "jobs",
        _l("werk op de achtergrond"),
        events=(
            Event("jobs.cancelled", _l("geannuleerd"), _l("stopte werk waar uw gegevens bij hoorden")),
            Event("jobs.failed", _l("mislukt"), _l("kon werk waar uw gegevens bij hoorden niet afmaken")),
        ),
    ),
)
