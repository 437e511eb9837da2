"""What the fields and choices of a trajectory are called."""

from enum import StrEnum

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.learners.trajectories.models import Act, Funding, Route, TargetGroup

LABELS: dict[str, LazyString] = {
    "act": _l("Wet"),
    "route": _l("Leerroute"),
    "target_group": _l("Doelgroep"),
    "funding": _l("Wie betaalt"),
    "reports_to_government": _l("Wij melden dit traject met het BSN aan de overheid"),
    "client_id": _l("Opdrachtgever"),
    "client_manager_id": _l("Klantmanager"),
    "starts_on": _l("Begint op"),
    "ends_on": _l("Eindigt op"),
    "guidance_ended_on": _l("Begeleiding geëindigd op"),
    "agreement_on": _l("Datum afspraken"),
    "agreement": _l("Wat is afgesproken"),
    "contract_number": _l("Contractnummer"),
    "hours_bought": _l("Ingekochte uren"),
    "minutes_before": _l("Uren vóór dit portaal"),
    "municipality_asked_on": _l("Dag waarop de gemeente vroeg hoe het gaat"),
    "municipality_request": _l("Kenmerk of woorden van de gemeente"),
    "municipality_request_ended_on": _l("Dag waarop de gemeente die vraag introk"),
}
ACTS: dict[StrEnum, LazyString] = {
    Act.WI2013: _l("Wet inburgering 2013"),
    Act.WI2021: _l("Wet inburgering 2021"),
    Act.VOLUNTARY: _l("vrijwillig"),
}
ROUTES: dict[StrEnum, LazyString] = {
    Route.B1: _l("B1-route"),
    Route.EDUCATION: _l("onderwijsroute"),
    Route.Z: _l("Z-route"),
    Route.OTHER: _l("andere route"),
}
TARGET_GROUPS: dict[StrEnum, LazyString] = {
    TargetGroup.ASYLUM: _l("asiel"),
    TargetGroup.FAMILY: _l("gezin"),
    TargetGroup.OTHER: _l("andere doelgroep"),
}
FUNDINGS: dict[StrEnum, LazyString] = {
    Funding.DUO_LOAN: _l("lening van DUO"),
    Funding.MUNICIPALITY: _l("gemeente"),
    Funding.EMPLOYER: _l("werkgever"),
    Funding.SELF: _l("cursist zelf"),
}
