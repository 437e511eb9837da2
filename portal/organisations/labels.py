"""What the kinds of organisations are called."""

from typing import Any

from portal.core.http.languages import _l
from portal.organisations.models import OrganisationKind

ORGANISATION_KINDS: dict[Any, Any] = {
    OrganisationKind.MUNICIPALITY: _l("gemeente"),
    OrganisationKind.EMPLOYER: _l("werkgever"),
    OrganisationKind.CLIENT: _l("andere opdrachtgever"),
    OrganisationKind.OTHER: _l("andere organisatie"),
}
