"""The pages of holds: the same for whoever it is about, refused beside the field, stored once, for who may alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.personal_data import PersonKind
from portal.requests.data_requests.models import RequestKind
from portal.retention.holds.presenters import NAMED_BY
from portal.retention.holds.services import end_hold, set_hold
from portal.retention.labels import ONE_OF
from portal.retention.models import HOLDERS, HoldReason, RetentionHold
from portal.schools.queries import SchoolView
from tests.conftest import school_id
from tests.factories.learners import make_contact_person
from tests.factories.requests import enter as enter_request
from tests.page_client import PageClient
from tests.retention.people import GONE
from tests.signing_in import SignIn, make_account

PLACES = {
    PersonKind.LEARNER: "/bewaren/cursisten",
    PersonKind.CONTACT_PERSON: "/bewaren/contacten",
    PersonKind.STAFF: "/bewaren/medewerkers",
}
KEEPER = actor_of(new_id(), "Pien Vos", frozenset({"privacy_staff"}))


def wanted(**values: Any) -> dict[str, str]:
    return {"reason": "law", "details": "Archiefwet", "ends_on": (today() + timedelta(days=30)).isoformat(), **values}


def stored(kind: PersonKind, person_id: UUID) -> list[RetentionHold]:
    column = getattr(RetentionHold, HOLDERS[kind])
    return list(session.scalars(select(RetentionHold).where(column == person_id)))


@pytest.fixture
def keeper(school: SchoolView, client: PageClient, sign_in: SignIn) -> PageClient:
    sign_in(client, "privacy_staff")
    return client


def test_whoever_can_be_under_a_hold_has_a_page_of_them() -> None:
    assert set(PLACES) == set(NAMED_BY) == set(HOLDERS)


@pytest.mark.parametrize("kind", HOLDERS)
def test_a_hold_is_set_refused_and_ended_on_her_page(keeper: PageClient, kind: PersonKind) -> None:
    person = GONE[kind]()
    name, address = getattr(person, "full_name", None) or person.name, f"{PLACES[kind]}/{person.id}"
    shown = keeper.get(address).text
    assert name in shown
    assert f"· {ONE_OF[kind]}" in shown

    refused = keeper.post(address, data=wanted(details=""))
    assert refused.status_code == 422
    assert "Schrijf op welke wet" in refused.text
    assert "Kies vandaag of een dag daarna" in keeper.post(address, data=wanted(ends_on="2020-01-01")).text
    assert stored(kind, person.id) == []

    for _ in range(2):  # the second is the same form sent again
        assert keeper.post(address, data=wanted(told_names="")).status_code == 303
    [hold] = stored(kind, person.id)
    assert (hold.reason, hold.details, hold.set_by_name) == (HoldReason.LAW, "Archiefwet", "Sam de Vries")
    assert "Archiefwet" in keeper.get(address).text
    people = keeper.get("/bewaren/mensen").text
    assert people.count(f'href="{address}"') == 2
    assert f"{address}#langer" not in people
    assert "blijft, omdat het wissen is uitgesteld" in keeper.get("/bewaren").text

    ended = keeper.post(f"/bewaren/uitgesteld/{hold.id}/beeindigen")
    assert ended.location.split("#")[0].split("?")[0].endswith(address)
    assert stored(kind, person.id)[0].ended_at is not None
    assert "/bewaren" in keeper.post(f"/bewaren/uitgesteld/{hold.id}/beeindigen").location
    assert "Dit was al afgelopen." in keeper.get("/bewaren").text


@pytest.mark.parametrize("kind", HOLDERS)
def test_that_somebody_looked_is_written_down(keeper: PageClient, kind: PersonKind) -> None:
    person_id = GONE[kind]().id

    keeper.get(f"{PLACES[kind]}/{person_id}")

    seen = [
        each
        for each in session.scalars(select(AuditEvent).where(AuditEvent.event == "record.viewed"))
        if each.facts["what"] == "retention.holds"
    ]
    assert [person_id in (each.subject_id, *each.learner_ids) for each in seen] == [True]


@pytest.mark.parametrize("role", ["administration", "teacher", "coach", "privacy_officer"])
@pytest.mark.parametrize("kind", HOLDERS)
def test_who_may_not_keep_sets_and_ends_none(
    school: SchoolView, client: PageClient, sign_in: SignIn, kind: PersonKind, role: str
) -> None:
    person_id = GONE[kind]().id
    row = set_hold(kind, person_id, reason=HoldReason.INCIDENT, details="", ends_on=today(), by=KEEPER)
    sign_in(client, role)
    address = f"{PLACES[kind]}/{person_id}"

    assert client.get(address).status_code == 403
    assert client.post(address, data=wanted()).status_code == 403
    assert client.post(f"/bewaren/uitgesteld/{row.id}/beeindigen").status_code == 403
    assert [each.is_in_force_on(today()) for each in stored(kind, person_id)] == [True]


@pytest.mark.parametrize("kind", HOLDERS)
def test_another_schools_is_not_found(
    school: SchoolView, client: PageClient, sign_in: SignIn, kind: PersonKind
) -> None:
    with in_school(school_id("meester-in-nt2")):
        person_id = GONE[kind]().id
        row_id = set_hold(kind, person_id, reason=HoldReason.INCIDENT, details="", ends_on=today(), by=KEEPER).id
    sign_in(client, "privacy_staff")
    address = f"{PLACES[kind]}/{person_id}"

    assert client.get(address).status_code == 404
    assert client.post(address, data=wanted()).status_code == 404
    assert client.post(f"/bewaren/uitgesteld/{row_id}/beeindigen").status_code == 404
    assert all(client.get(f"{place}/{GONE[other]().id}").status_code == 404
               for other in HOLDERS for other_kind, place in PLACES.items() if other_kind is not other)  # fmt: skip


def test_the_pages_of_a_contact_and_of_a_member_lead_there(
    school: SchoolView, client: PageClient, sign_in: SignIn, client_at: Callable[[str], PageClient]
) -> None:
    contact, former = GONE[PersonKind.CONTACT_PERSON](), GONE[PersonKind.STAFF]()
    present = make_account("Tess Jansen", "teacher")
    requests = [
        enter_request(RequestKind.ERASURE, contact_person_id=contact.id),
        enter_request(RequestKind.ERASURE, account_id=former.id),
    ]
    sign_in(client, "privacy_staff")
    assert f"/bewaren/contacten/{contact.id}" in client.get(f"/contacten/{contact.id}").text
    for request, place in zip(requests, ("contacten", "medewerkers"), strict=True):
        assert f"/bewaren/{place}/" in client.get(f"/verzoeken/{request.id}").text
    sign_in(client, "management")
    for account in (former, present):
        assert f"/bewaren/medewerkers/{account.id}" in client.get(f"/medewerkers/{account.id}").text
    sign_in(client, "administration")
    assert "/bewaren/contacten" not in client.get(f"/contacten/{contact.id}").text


def test_the_office_reads_why_a_contact_is_not_erased(keeper: PageClient) -> None:
    person = make_contact_person(None, "Kim Zonderling", email="kim@example.org")
    set_hold(PersonKind.CONTACT_PERSON, person.id, reason=HoldReason.INCIDENT, details="", ends_on=today(), by=KEEPER)

    refused = keeper.post(f"/contacten/{person.id}/wis", {"why": "not_needed"})

    assert refused.status_code == 409
    assert "Het wissen van deze gegevens is uitgesteld." in refused.text


def test_staff_read_why_their_data_stays_and_until_when(
    school: SchoolView, client: PageClient, sign_in: SignIn
) -> None:
    account = make_account("Dora Docent", "teacher")
    row = set_hold(PersonKind.STAFF, account.id, reason=HoldReason.CLAIM, details="Zaak 12", ends_on=today(), by=KEEPER)
    sign_in(client, "teacher", account=account)

    page = client.get("/mijn/bewaard").text
    assert "De school wist niets tot en met" in page
    assert page.count("Zaak 12") == 2, "above, and among what is held of her"
    assert "Pien Vos" not in page

    end_hold(row.id, by=KEEPER)
    page = client.get("/mijn/bewaard").text
    assert "De school wist niets" not in page
    assert page.count("Zaak 12") == 1
    sign_in(client, "teacher", name="Een ander")
    assert "Zaak 12" not in client.get("/mijn/bewaard").text
