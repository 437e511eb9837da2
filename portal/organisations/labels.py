"""What the kinds of organisations are called, and what contacts are to the school."""

from typing import Any

from portal.core.http.languages import _l
from portal.organisations.models import ContactOrigin, OrganisationKind, Relation

ORGANISATION_KINDS: dict[Any, Any] = {
    OrganisationKind.MUNICIPALITY: _l("gemeente"),
    OrganisationKind.EMPLOYER: _l("werkgever"),
    OrganisationKind.CLIENT: _l("andere opdrachtgever"),
    OrganisationKind.OTHER: _l("andere organisatie"),
}

RELATIONS: dict[Any, Any] = {
    Relation.CUSTOMER: _l("klant"),
    Relation.FORMER_CUSTOMER: _l("vroegere klant"),
    Relation.PROSPECT: _l("mogelijke klant"),
    Relation.SUPPLIER: _l("leverancier"),
    Relation.PARTNER: _l("partner"),
    Relation.OTHER: _l("andere relatie"),
    Relation.ENQUIRER: _l("nam zelf contact op"),
}
ORIGINS: dict[Any, Any] = {
    ContactOrigin.HERSELF: _l("van deze persoon zelf"),
    ContactOrigin.COMPANY: _l("van het bedrijf of de organisatie"),
    ContactOrigin.OTHER_PARTY: _l("van een ander"),
}
