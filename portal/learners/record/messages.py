"""The words for what can be wrong with a value of a record."""

from typing import Any

from portal.core.http.languages import _l
from portal.core.http.value_messages import VALUE_MESSAGES

MESSAGES: dict[str, Any] = {
    **VALUE_MESSAGES,
    "number_taken": _l("Een andere cursist heeft dit nummer al. Kies een ander nummer, of laat het leeg."),
    "not_in_policy": _l("De school bewaart dit niet: “%(category)s” staat niet zo in haar privacyverklaring."),
    "needs_reporting_trajectory": _l(
        "Een BSN mag alleen bij een traject dat de school aan de overheid meldt. Leg eerst dat traject vast."
    ),
    "needs_ground": _l("Schrijf op waarom de school dit mag bewaren. Zonder die reden mag het niet."),
    "needs_consent": _l("Hiervoor is eerst toestemming van de cursist nodig: “%(purpose)s”."),
    "needs_parent": _l("De cursist is jonger dan 16 jaar. Een ouder of voogd moet hiervoor eerst toestemming geven."),
    "ends_before_start": _l("Het einde ligt vóór het begin. Kijk beide datums na."),
    "manager_of_other_client": _l("Deze klantmanager werkt bij een andere opdrachtgever."),
    "reason_required": _l("Schrijf op waarom u dit weigert. De cursist krijgt dit te lezen."),
    "same_value": _l("Dit staat er al zo."),
    "stale": _l("Iemand anders heeft dit intussen gewijzigd. Kijk wat er nu staat, en bewaar daarna nog een keer."),
    "proposed_anew": _l("De cursist heeft intussen iets anders voorgesteld. Kijk wat er nu staat, en beslis dan."),
    "entry_gone": _l("Dit staat er niet meer, dus kan het niet worden overgenomen. Weiger het, met uitleg."),
    "decided_already": _l("Hierover is intussen al beslist."),
    "same_record": _l("Dit is twee keer hetzelfde dossier. Kies een ander."),
    "merged_already": _l("Een van deze dossiers is al samengevoegd."),
    "different_bsn": _l("Deze dossiers hebben verschillende BSN's. Het zijn dus niet dezelfde mensen."),
}
