"""The words for what can be wrong with a typed value: a number, a date, an address."""

from typing import Any

from portal.core.http.languages import _l

VALUE_MESSAGES: dict[str, Any] = {
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
}
