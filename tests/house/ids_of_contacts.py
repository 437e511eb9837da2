"""Forms about contacts that carry an id, as `ids_sent` has the others."""

from uuid import UUID

from tests.factories.learners import make_contact_person
from tests.house.ids_sent import Place, Sent


def _contact(_: Place, organisation_id: UUID) -> dict[str, str]:
    """What somebody is filled in as, who works at an organisation."""
    known = {"name": "Kim de Boer", "relation": "customer", "origin": "company", "language": ""}
    return {**known, "organisation_id": str(organisation_id)}


OF_CONTACTS: dict[str, Sent] = {
    "the organisation of a contact": Sent(
        "administration",
        lambda _: "/contacten/nieuw",
        _contact,
        "organisation",
        lambda place: place.scene.client.id,
    ),
    "the organisation of a changed contact": Sent(
        "administration",
        lambda place: f"/contacten/{make_contact_person(place.scene.client).id}/wijzig",
        _contact,
        "organisation",
        lambda place: place.scene.client.id,
    ),
}
