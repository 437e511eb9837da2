"""Forms about requests and complaints that carry an id, as `ids_sent` has the others."""

from uuid import UUID

from sqlalchemy import select

from portal.core import audit
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.personal_data import PersonKind
from portal.learners.record.models import Learner
from portal.oversight.access_reviews.queries import list_people
from portal.oversight.incidents.services import add_touched
from portal.requests.copies.models import DataCopy
from portal.requests.copies.queries import list_passages
from portal.requests.data_requests.models import RequestKind
from tests.factories.complaints import complain_from_outside
from tests.factories.copies import make_flagged, make_request
from tests.factories.learners import make_contact_person, make_representative
from tests.factories.oversight import filled_in, keys_of_all, make_incident, make_manager
from tests.factories.requests import ask_from_outside, enter
from tests.house.ids_sent import Place, Sent
from tests.signing_in import make_account


def _request(place: Place) -> UUID:
    """A request of somebody that waits for an answer."""
    return enter(RequestKind.RECTIFICATION, learner_id=place.scene.amina.id, body="Mijn straat.").id


def _acting(place: Place) -> UUID:
    """Who may act for her, in all."""
    return make_representative(place.scene.amina, kind="authorised").id


def _copy(place: Place) -> DataCopy:
    """Her copy, in which a text waits for a decision."""
    of_hers = select(DataCopy).where(DataCopy.learner_id == place.scene.amina.id)
    there = session.scalars(of_hers.order_by(DataCopy.id).limit(1)).one_or_none()
    return there or make_flagged(place.scene.amina, make_request(place.scene.amina).id)


def _look(learner: Learner) -> UUID:
    """An entry that says that a member of staff did something with her data."""
    office = Actor(new_id(), "Olga Smit", roles=frozenset({"administration"}))
    return audit.record("disclosures.file_made", learner_ids=[learner.id], by=office)


def _touching(place: Place) -> UUID:
    """An incident that touched her."""
    incident = make_incident()
    add_touched(incident.id, {PersonKind.LEARNER: [place.scene.amina.id]}, by=make_manager())
    return incident.id


def _role_of(account_id: UUID) -> str:
    """What the form would remember of a role of this account, where nobody has it; nothing where it is one of hers."""
    held = [each for each in list_people() if each.account_id == account_id]
    return "" if held else f"{account_id}/teacher/2026-01-01/"


def _stays(account_id: UUID) -> dict[str, str]:
    return {f"{account_id}-teacher-decision": "blijft"}


_ENTERED = {
    "asker_name": "Noor Visser", "channel": "phone", "received_on": today().isoformat(), "language": "nl",
    "body": "De les begint te laat.",
}  # fmt: skip
REQUESTED: dict[str, Sent] = {
    "the look of which a learner asks who it was": Sent(
        "learner",
        lambda _: "/mijn/wie-keek/vragen",
        lambda _, entry_id: {"body": "Ik wil het weten.", "entries": str(entry_id)},
        "audit_event",
        lambda place: _look(place.scene.amina),
        beyond=lambda place: _look(place.child),
    ),
    "the request that another is joined to": Sent(
        "management",
        lambda place: f"/verzoeken/{_request(place)}/samenvoegen",
        lambda _, request_id: {"met": str(request_id)},
        "data_request",
        _request,
    ),
    "the learner whom a request is about": Sent(
        "privacy_staff",
        lambda _: f"/verzoeken/{ask_from_outside().id}/persoon",
        lambda _, learner_id: {"cursist": str(learner_id)},
        "learner",
        lambda place: place.scene.amina.id,
    ),
    "the contact person whom a request is about": Sent(
        "privacy_staff",
        lambda _: f"/verzoeken/{ask_from_outside().id}/persoon",
        lambda _, person_id: {"contactpersoon": str(person_id)},
        "contact_person",
        lambda place: make_contact_person(place.scene.client).id,
    ),
    "the representative whom a request is about": Sent(
        "privacy_staff",
        lambda _: f"/verzoeken/{ask_from_outside().id}/persoon",
        lambda _, person_id: {"vertegenwoordiger": str(person_id)},
        "representative",
        lambda place: make_representative(place.child).id,
    ),
    "the representative who asks for a learner": Sent(
        "privacy_staff",
        lambda place: f"/verzoeken/{_request(place)}/vertegenwoordiger",
        lambda _, representative_id: {"asked_by": str(representative_id)},
        "representative",
        _acting,
        beyond=lambda place: make_representative(place.child).id,
    ),
    "the representative who asks for a learner by letter": Sent(
        "privacy_staff",
        lambda place: f"/verzoeken/nieuw/rectification?cursist={place.scene.amina.id}",
        lambda _, representative_id: {
            "asked_by": str(representative_id),
            "body": "Mijn straat.",
            "channel": "letter",
            "received_on": today().isoformat(),
            "language": "nl",
        },
        "representative",
        _acting,
        beyond=lambda place: make_representative(place.child).id,
    ),
    "the member of staff whom a request is about": Sent(
        "privacy_staff",
        lambda _: f"/verzoeken/{ask_from_outside().id}/persoon",
        lambda _, account_id: {"medewerker": str(account_id)},
        "account",
        lambda place: place.teacher.id,
    ),
    "the passage of a copy that is decided on": Sent(
        "privacy_staff",
        lambda place: f"/verzoeken/{_copy(place).request_id}/kopie",
        lambda _, passage_id: {f"{passage_id}-decision": "laten", f"{passage_id}-reason": "Het gesprek is geweest."},
        "copy_passage",
        lambda place: list_passages(_copy(place))[0].id,
    ),
    "the learner whom an incident touched": Sent(
        "management",
        lambda _: f"/incidenten/{make_incident().id}/mensen",
        lambda _, learner_id: {"cursist": str(learner_id)},
        "learner",
        lambda place: place.scene.amina.id,
    ),
    "the learner whom an incident touches no more": Sent(
        "management",
        lambda place: f"/incidenten/{_touching(place)}/mensen/weg",
        lambda _, learner_id: {"cursist": str(learner_id)},
        "learner",
        lambda place: place.scene.amina.id,
    ),
    **{
        f"the {who} whom an incident touched": Sent(
            "management",
            lambda _: f"/incidenten/{make_incident().id}/mensen",
            lambda _, person_id, name=name: {name: str(person_id)},
            table,
            own,
        )
        for who, name, table, own in (
            (
                "representative",
                "vertegenwoordiger",
                "representative",
                lambda place: make_representative(place.child).id,
            ),
            (
                "contact person",
                "contactpersoon",
                "contact_person",
                lambda place: make_contact_person(place.scene.client).id,
            ),
            ("member of staff", "medewerker", "account", lambda place: place.teacher.id),
        )
    },
    "the member of staff whose role is reviewed": Sent(
        "management",
        lambda _: "/toegangscontrole/nieuw",
        lambda _, account_id: filled_in(seen=f"{keys_of_all()} {_role_of(account_id)}", **_stays(account_id)),
        "account",
        lambda place: place.teacher.id,
    ),
    **{
        f"the {who} whose complaint it is": Sent(
            "management",
            lambda _: f"/klachten/{complain_from_outside().id}/persoon",
            lambda _, person_id, name=name: {name: str(person_id)},
            table,
            own,
        )
        for who, name, table, own in (
            ("learner", "cursist", "learner", lambda place: place.scene.amina.id),
            (
                "contact person",
                "contactpersoon",
                "contact_person",
                lambda place: make_contact_person(place.scene.client).id,
            ),
            ("member of staff", "medewerker", "account", lambda place: place.teacher.id),
        )
    },
    "the member of staff whom a complaint turns out to be about": Sent(
        "management",
        lambda _: f"/klachten/{complain_from_outside().id}/over",
        lambda _, account_id: {"about": str(account_id)},
        "account",
        lambda place: place.teacher.id,
        beyond=lambda place: place.parent.id,
    ),
    **{
        f"the member of staff whom a complaint is about that {role} writes down": Sent(
            role,
            lambda _, at=at: at,
            lambda _, account_id: {**_ENTERED, "about": str(account_id)},
            "account",
            lambda place: place.teacher.id,
            beyond=lambda place: place.parent.id,
        )
        for role, at in (
            ("administration", "/verzoeken/nieuw/klacht"),
            ("privacy_officer", "/klachten/nieuw/opschrijven"),
        )
    },
    "the member of staff whom a complaint is about": Sent(
        "learner",
        lambda _: "/mijn/rechten/klacht",
        lambda _, account_id: {"body": "De les begint te laat.", "about": str(account_id)},
        "account",
        lambda _: make_account("Bas de Boer", "management").id,
        beyond=lambda place: place.parent.id,
    ),
}
