"""The words for what can be wrong with a value of a record."""

from typing import Any

from portal.core.i18n import _l

MESSAGES: dict[str, Any] = {
    "bsn_invalid": _l("Dit is geen BSN. Een BSN heeft negen cijfers. Kijk het nummer na."),
    "iban_invalid": _l("Dit rekeningnummer klopt niet. Kijk het na op de bankpas, zoals NL91 ABNA 0417 1643 00."),
    "kvk_invalid": _l("Een KvK-nummer heeft acht cijfers."),
    "phone_invalid": _l("Dit telefoonnummer klopt niet. Typ het zoals 06 12345678, of met +32 voor een ander land."),
    "email_invalid": _l("Dit e-mailadres klopt niet. Typ het zoals naam@voorbeeld.nl."),
    "postcode_invalid": _l("De letters van de postcode ontbreken. Typ hem zoals 1234 AB."),
    "date_unreadable": _l("Dit is geen datum. Typ dag, maand en jaar, zoals 1-9-2019."),
    "date_impossible": _l("Deze datum bestaat niet of ligt te ver weg. Kijk dag, maand en jaar na."),
    "date_in_future": _l("Deze datum moet vandaag of eerder zijn."),
    "moment_unreadable": _l("Typ de datum en de tijd, zoals 1-9-2026 14:30."),
    "money_unreadable": _l("Dit is geen bedrag. Typ het zoals 125,50."),
    "hours_unreadable": _l("Dit zijn geen uren. Typ ze zoals 12,5 of 12:30."),
    "number_unreadable": _l("Typ hier een heel getal."),
    "choice_unknown": _l("Kies een van de mogelijkheden."),
    "too_long": _l("Dit is te lang: hoogstens %(most)s tekens."),
    "number_taken": _l("Een andere cursist heeft dit nummer al. Kies een ander nummer, of laat het leeg."),
    "name_taken": _l("Er is al een organisatie met deze naam."),
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
    "organisation_in_use": _l("Deze organisatie hoort bij een traject of een bestand, en kan daarom niet weg."),
    "same_record": _l("Dit is twee keer hetzelfde dossier. Kies een ander."),
    "merged_already": _l("Een van deze dossiers is al samengevoegd."),
    "different_bsn": _l("Deze dossiers hebben verschillende BSN's. Het zijn dus niet dezelfde mensen."),
}
