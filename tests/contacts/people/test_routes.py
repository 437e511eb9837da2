"""People who are no learners: listed, added, changed, and erased as a learner is (LL-02, LL-09)."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portal.core.audit.models import AuditEvent
from portal.core.audit.queries import list_of_subject
from portal.core.crypto import keys
from portal.core.crypto.ledger import Ending, find_endings
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.mail import Mail
from portal.core.personal_data import PersonKind
from portal.learners.trajectories.models import Trajectory
from portal.organisations.models import ContactPerson, Relation
from portal.requests.copies.contents.log import list_entries_about
from portal.requests.copies.contents.subjects import contact_subject
from portal.requests.data_requests.models import DataRequest, RequestKind
from portal.retention.certificates.links import path_of
from portal.retention.certificates.models import ErasureCertificate, ErasureReason
from portal.schools.queries import SchoolView
from tests.factories.contacts import make_message
from tests.factories.learners import make_contact_person, make_learner, make_organisation, make_trajectory
from tests.factories.requests import enter
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

TYPED = {
    "name": "Kim de Boer",
    "relation": "supplier",
    "organisation_id": "",
    "company_name": "Drukkerij De Pers",
    "kvk_number": "1234 5678",
    "email": "kim@example.org",
    "phone": "0612345678",
    "street": "Kade 4",
    "postcode": "3116 GK",
    "city": "Schiedam",
    "language": "nl",
    "origin": "other_party",
}


def _all(school: SchoolView, model: Any) -> Any:
    with in_school(school.id):
        return session.scalars(select(model)).all()


@pytest.mark.promise("LL-02", part="apart")
@pytest.mark.promise("LL-09")
def test_a_contact_is_added_with_all_that_is_promised_found_and_changed(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    sign_in(client, "administration")
    assert "Nog geen contacten" in client.get("/contacten").get_data(as_text=True)
    wrong = client.post("/contacten/nieuw", {**TYPED, "kvk_number": "1", "email": "kim@"})
    assert wrong.status_code == 422
    assert "Drukkerij De Pers" in wrong.get_data(as_text=True)
    assert _all(school, ContactPerson) == []

    assert client.post("/contacten/nieuw", TYPED).status_code == 303
    row = _all(school, ContactPerson)[0]
    assert (row.name, row.relation, row.company_name, row.kvk_number, row.email, row.phone) == (
        "Kim de Boer", Relation.SUPPLIER, "Drukkerij De Pers", "12345678", "kim@example.org", "+31612345678",
    )  # fmt: skip
    assert (row.street, row.postcode, row.city, row.origin) == ("Kade 4", "3116 GK", "Schiedam", "other_party")
    page = client.get(f"/contacten/{row.id}").get_data(as_text=True)
    for value in ("Kade 4", "12345678", "Drukkerij De Pers", "06 12345678", "leverancier"):
        assert value in page

    assert "Kim de Boer" in client.get("/contacten?zoek=pers").get_data(as_text=True)
    assert "Niemand gevonden" in client.get("/contacten?zoek=pers&soort=partner").get_data(as_text=True)
    assert client.post(f"/contacten/{row.id}/wijzig", {**TYPED, "name": "Kim Bos"}).status_code == 303
    assert "Kim Bos" in client.get("/contacten").get_data(as_text=True)


def test_one_sent_twice_is_stored_once(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    sign_in(client, "administration")
    for _ in range(2):
        client.post("/contacten/nieuw", TYPED)
    assert len(_all(school, ContactPerson)) == 1


def test_values_that_nobody_types_are_refused(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    sign_in(client, "administration")
    for wrong in ({"name": "\0"}, {"name": "x" * 200}, {"organisation_id": str(uuid4())}, {"relation": "learner"}):
        assert client.post("/contacten/nieuw", {**TYPED, **wrong}).status_code in {422, 404}
    assert _all(school, ContactPerson) == []


@pytest.mark.promise("LL-09")
def test_who_asks_is_erased_as_a_learner_is_and_hears_it(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    with in_school(school.id):
        client_of = make_organisation()
        person = make_contact_person(client_of, "Kim Zonderling", email="kim@example.org", phone="+31612345678")
        make_trajectory(make_learner(), client_id=client_of.id, client_manager_id=person.id)
        message = make_message(person, "Bel mij terug over Zonderling.")
        sealed = message.body
    sign_in(client, "privacy_staff")
    path = f"/contacten/{person.id}/wis"
    assert client.post(path, {}).status_code == 422
    assert client.post(path, {"why": "asked"}).status_code == 303

    with in_school(school.id):
        assert session.scalars(select(ContactPerson)).all() == []
        trajectory = session.scalars(select(Trajectory)).one()
        assert (trajectory.client_id, trajectory.client_manager_id) == (client_of.id, None)
        assert find_endings(Ending.ERASURE, [person.id])
        assert keys.unseal_values([(person.id, "contact_message.body", sealed)]) == [None]
        told = session.scalars(select(Mail).where(Mail.template == "contacts/erased")).one()
        assert "kim@example.org" in keys.unseal_for_school(told.sealed or b"", "mail")
        events = session.scalars(select(AuditEvent.event).where(AuditEvent.event == "record.erased")).all()
        assert events == ["record.erased"]
        certificate = session.scalars(select(ErasureCertificate)).one()
        assert (certificate.kind, certificate.why) == (PersonKind.CONTACT_PERSON, ErasureReason.ASKED)
        assert certificate.is_whole
        link = path_of(certificate)
        assert link in keys.unseal_for_school(told.sealed or b"", "mail")
    assert client.get(f"/contacten/{person.id}").status_code == 404
    shown = client.get(link).get_data(as_text=True)
    assert "U vroeg om te wissen." in shown
    assert "Uw verzoek" not in shown, "she handed in none"


@pytest.mark.promise("LL-09")
def test_who_is_needed_no_longer_reads_that_reason_on_her_certificate(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    with in_school(school.id):
        person = make_contact_person(None, email="kim@example.org")
    sign_in(client, "privacy_staff")
    assert client.post(f"/contacten/{person.id}/wis", {"why": "not_needed"}).status_code == 303

    with in_school(school.id):
        link = path_of(session.scalars(select(ErasureCertificate)).one())
    assert "De reden om dit te bewaren is er niet meer." in client.get(link).get_data(as_text=True)


@pytest.mark.promise("LL-09")
def test_who_else_has_the_address_is_shown_and_the_mail_says_that_more_stays(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    with in_school(school.id):
        person = make_contact_person(None, "Kim Zonderling", email="kim@example.org")
        other = make_contact_person(None, "K. Zonderling", email="Kim@example.org")
    sign_in(client, "privacy_staff")
    path = f"/contacten/{person.id}/wis"

    assert f"/contacten/{other.id}" in client.get(path).get_data(as_text=True)
    assert "Zelfde e-mailadres" in client.get(f"/contacten/{person.id}").get_data(as_text=True)
    done = client.post(path, {"why": "asked"})

    assert (done.status_code, done.location) == (303, f"/contacten/{other.id}")
    with in_school(school.id):
        assert [each.id for each in session.scalars(select(ContactPerson))] == [other.id]
        told = session.scalars(select(Mail).where(Mail.template == "contacts/erased")).one()
        assert '"has_more": true' in keys.unseal_for_school(told.sealed or b"", "mail")


def test_the_office_reads_that_she_waits_for_an_answer(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    with in_school(school.id):
        person = make_contact_person(None, email="kim@example.org")
        row = enter(RequestKind.ERASURE, contact_person_id=person.id)
    sign_in(client, "administration")

    refused = client.post(f"/contacten/{person.id}/wis", {"why": "asked"})

    assert refused.status_code == 409
    assert "Deze persoon wacht nog op antwoord op een verzoek of een klacht." in refused.get_data(as_text=True)
    assert [each.id for each in _all(school, DataRequest)] == [row.id]
    assert [each.id for each in _all(school, ContactPerson)] == [person.id]


@pytest.mark.parametrize("role", ["teacher", "management"])
def test_who_keeps_no_contacts_is_refused(client: PageClient, sign_in: SignIn, school: SchoolView, role: str) -> None:
    sign_in(client, role)
    assert client.get("/contacten").status_code == 403
    assert client.post("/contacten/nieuw", TYPED).status_code == 403


def test_the_officer_sees_and_changes_nothing(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    with in_school(school.id):
        person = make_contact_person(None)
    sign_in(client, "privacy_officer")
    assert client.get(f"/contacten/{person.id}").status_code == 200
    for path in (f"/contacten/{person.id}/wis", f"/contacten/{person.id}/wijzig", f"/contacten/{person.id}/berichten"):
        assert client.post(path, TYPED).status_code == 403


def test_another_schools_contact_is_not_there(client_at: Any, sign_in: SignIn, school: SchoolView) -> None:
    with in_school(school.id):
        person = make_contact_person(None)
        message = make_message(person)
    other = client_at("leren-leren")
    sign_in(other, "administration")
    paths = ("", "/wijzig", "/wis", f"/berichten/{message.id}/klaar")
    for path in paths:
        assert other.get(f"/contacten/{person.id}{path}").status_code == 404
    for path in (*paths[1:], "/berichten"):
        assert other.post(f"/contacten/{person.id}{path}", {"why": "asked"}).status_code == 404
    assert isinstance(person.id, UUID)


@pytest.mark.parametrize("path", ["", "/wijzig", "/wis", "/nieuws"])
def test_who_looks_at_a_contact_is_written_down_for_her(
    client: PageClient, sign_in: SignIn, school: SchoolView, path: str
) -> None:
    with in_school(school.id):
        person, other = make_contact_person(None, "Kim de Boer"), make_contact_person(None, "Ander")
    actor = sign_in(client, "administration")

    assert client.get(f"/contacten/{person.id}{path}").status_code == 200

    with in_school(school.id):
        [look] = list_entries_about(contact_subject(person.id), [])
        assert (look.actor_name, look.facts["what"]) == (actor.name, "contacts.person")
        assert list_entries_about(contact_subject(other.id), []) == []


def test_who_looks_at_somebody_of_staff_is_written_down_too(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    with in_school(school.id):
        account = make_account("Kim de Boer", "teacher")
    actor = sign_in(client, "management")

    assert client.get(f"/medewerkers/{account.id}").status_code == 200

    with in_school(school.id):
        found = list_of_subject(account.id)
        assert [(each.event, each.facts["what"], each.actor_name) for each in found] == [
            ("record.viewed", "accounts.member", actor.name)
        ]
