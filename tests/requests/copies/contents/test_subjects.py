"""Copies of who is no learner: who works here, who represents a learner, a contact person of a client (AVG art. 15)."""

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.core import audit
from portal.core.clock import now, today
from portal.core.crypto import files
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.erasure import erase_person
from portal.core.errors import NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.core.personal_data import PersonKind
from portal.organisations.models import ContactPerson
from portal.requests.answers.services import decide_request
from portal.requests.copies.contents.withheld import withheld
from portal.requests.copies.models import CopyState, DataCopy, Handover
from portal.requests.copies.queries import list_passages
from portal.requests.copies.services import begin_copy, decide_passages, hand_over
from portal.requests.data_requests.models import DataRequest, IdentityCheck, Outcome, RequestAnswer, RequestKind
from portal.requests.data_requests.own_requests import file_own_request
from portal.requests.data_requests.services import Wish, check_identity
from portal.retention.holds.services import set_hold
from portal.retention.models import HoldReason
from portal.schools.queries import SchoolView
from tests.factories.copies import archive_of, json_of, make, privacy_staff
from tests.factories.learners import make_contact_person, make_learner, make_organisation, make_representative
from tests.factories.requests import as_staff, enter
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account


@pytest.fixture
def staff(school: SchoolView) -> Actor:
    """Somebody who handles requests."""
    return privacy_staff()


def asked_by(account: Account, *roles: str, kind: RequestKind = RequestKind.ACCESS, **wish: Any) -> DataRequest:
    """What somebody who works here asks about herself, signed in by two steps."""
    by = as_staff(roles[0], account)
    return file_own_request(Wish(kind=kind, **wish), language="nl", has_second_factor=True, by=by)


def contact_person(name: str, **values: Any) -> ContactPerson:
    """Somebody who works at a client."""
    return make_contact_person(make_organisation(), name, **values)


def copy_of(request: DataRequest) -> DataCopy:
    """The copy that was begun for a request."""
    return next(each for each in session.query(DataCopy) if each.request_id == request.id)


def values_of(found: dict[str, Any]) -> dict[str, list[Any]]:
    """The values of a copy's JSON by field."""
    values: dict[str, list[Any]] = {}
    for category in found["categories"]:
        for table in category["tables"]:
            for row in table["rows"]:
                for each in row["values"]:
                    values.setdefault(each["field"], []).append(each["value"])
    return values


@pytest.mark.promise("MN-18")
def test_who_works_here_gets_all_that_is_held_of_her_as_page_pdf_and_json(app: Flask, staff: Actor) -> None:
    account = make_account("Olga Smit", "administration")
    other = make_account("Tess Jansen", "coach")
    learner = make_learner("Amina", "Yusuf")
    audit.record("learners.changed", learner_id=learner.id, by=as_staff("coach", other))
    with app.app_context():
        request = asked_by(account, "administration", body="Ik wil weten wat u bewaart.")
        copy = make(copy_of(request))
        parts, found = archive_of(copy), json_of(copy)

    assert set(parts) == {"mijn-gegevens.html", "mijn-gegevens.json", "mijn-gegevens.pdf"}
    assert found["person"] == {"kind": "staff", "name": "Olga Smit"}
    values = values_of(found)
    assert values["account.name"] == ["Olga Smit"]
    assert values["membership.role"] == ["administration"]
    assert values["data_request.body"] == ["Ik wil weten wat u bewaart."]
    assert {each["key"] for each in found["categories"]} >= {"account", "roles", "requests"}
    assert all(each["why"] and each["kept"] and each["purposes"] and each["recipients"] for each in found["categories"])
    events = {each["event"] for each in found["seen_and_done"]}
    assert "requests.filed" in events
    assert "learners.changed" not in events
    reasons = {str(reason) for reason in withheld(PersonKind.STAFF).values()}
    assert {each["why"] for each in found["not_here"]} == reasons
    page = parts["mijn-gegevens.html"].decode()
    assert "Wat u zag en deed" in page
    for secret in ("Tess", "Amina", str(learner.id), str(other.id), 'password_hash": "'):
        assert secret not in page + json.dumps(found)
    stored = files.get_file(copy.file_id or UUID(int=0))
    assert (stored.learner_id, stored.person_id, stored.category) == (None, account.id, "dealings")


@pytest.mark.promise("MN-18")
@pytest.mark.parametrize("kind", [PersonKind.STAFF, PersonKind.CONTACT_PERSON])
def test_what_keeps_her_data_past_its_term_stands_in_it(app: Flask, staff: Actor, kind: PersonKind) -> None:
    account, contact = make_account("Olga Smit", "administration"), contact_person("Kim de Boer")
    own_id = {PersonKind.STAFF: account.id, PersonKind.CONTACT_PERSON: contact.id}[kind]
    other = make_account("Tess Jansen", "coach")
    for person_id, of, case in ((own_id, kind, "Zaak 12"), (other.id, PersonKind.STAFF, "Zaak 13")):
        set_hold(of, person_id, reason=HoldReason.CLAIM, details=case, ends_on=today(), by=staff)
    with app.app_context():
        if kind is PersonKind.STAFF:
            request = asked_by(account, "administration")
        else:
            request = enter(RequestKind.ACCESS, contact_person_id=contact.id)
            check_identity(request.id, IdentityCheck.COUNTER, by=as_staff())
        copy = make(copy_of(request))
        parts, found = archive_of(copy), json_of(copy)

    values = values_of(found)
    assert values["retention_hold.details"] == ["Zaak 12"]
    assert (values["retention_hold.reason"], values["retention_hold.ends_on"]) == (["claim"], [today().isoformat()])
    page = parts["mijn-gegevens.html"].decode()
    assert "Redenen om gegevens langer te bewaren" in page
    assert "het is nodig voor een rechtszaak" in page
    assert "retention.hold_set" in {each["event"] for each in found["who_looked"]}
    assert "Zaak 13" not in page


@pytest.mark.promise("MN-18")
def test_she_fetches_it_on_her_own_page_after_signing_in_anew(
    app: Flask, client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    account = make_account("Dora Docent", "teacher")
    with app.app_context():
        request = asked_by(account, "teacher")
        copy = make(copy_of(request))
    sign_in(client, "teacher", account=account)
    page, own = f"/mijn/rechten/kopie/{request.id}", f"/mijn/rechten/{request.id}"
    assert page in client.get(own).get_data(as_text=True)
    assert "klaar om op te halen" in client.get(page).get_data(as_text=True)

    fetched = client.post(f"{page}/ophalen")

    assert fetched.data.startswith(b"PK")
    copy = copy_of(request)
    assert (copy.handover, copy.state) == (Handover.SIGN_IN, CopyState.HANDED_OVER)
    assert session.get_one(DataRequest, (request.school_id, request.id)).closed_at is not None
    sign_in(client, "teacher", name="Een ander")
    assert client.get(page).status_code == 404
    assert client.post(f"{page}/ophalen").status_code == 404
    with pytest.raises((NotAllowed, NotFound)):
        hand_over(copy.id, signed_in_at=now(), by=as_staff("teacher"))


@pytest.mark.promise("MN-18")
def test_a_representative_asks_about_herself_beside_the_learner(
    app: Flask, client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    account = make_account("Samira Yilmaz", "representative")
    learner, second = make_learner("Amina", "Yusuf"), make_learner("Chen", "Li")
    rows = [
        make_representative(each, account_id=account.id, name="Samira Yilmaz", email="samira@example.org")
        for each in (learner, second)
    ]
    sign_in(client, "representative", account=account)
    chosen = re.search(r'name="cursist"[^>]* value="([^"]+)"', client.get("/namens").text)
    assert chosen is not None
    client.post("/namens", {"cursist": chosen[1]})
    mine = client.get("/mijn/rechten").get_data(as_text=True)
    assert "Uw eigen gegevens" in mine
    form = client.get("/mijn/rechten/vragen/zien?over=mij").get_data(as_text=True)
    assert "Over uzelf" in form

    sent = client.post("/mijn/rechten/vragen/zien?over=mij", {"body": ""})

    assert sent.status_code == 303
    request = session.query(DataRequest).one()
    assert (request.learner_id, request.account_id) == (None, None)
    assert request.representative_id == rows[0].id
    assert not request.is_by_representative
    assert "Over uzelf" in client.get(sent.headers["Location"]).get_data(as_text=True)
    with app.app_context(), in_school(request.school_id):
        copy = make(copy_of(request))
        found = json_of(copy)
    assert found["person"] == {"kind": "representative", "name": "Samira Yilmaz"}
    values = values_of(found)
    assert values["representative.email"] == ["samira@example.org"] * 2
    assert values["account.name"] == ["Samira Yilmaz"]
    assert "Yusuf" not in json.dumps(found)
    assert str(learner.id) not in json.dumps(found)
    assert client.post(f"/mijn/rechten/kopie/{request.id}/ophalen").data.startswith(b"PK")


def test_a_representative_takes_along_what_she_gave(app: Flask, staff: Actor) -> None:
    acting = make_representative(make_learner("Amina", "Yusuf"), name="Samira Yilmaz", email="samira@example.org")
    with app.app_context():
        request = enter(RequestKind.PORTABILITY)
        request.asker_name, request.representative_id = None, acting.id
        check_identity(request.id, IdentityCheck.COUNTER, by=staff)
        parts = archive_of(make(copy_of(request)))
    found = json.loads(parts["data.json"])
    schema = json.loads(parts["schema.json"])
    assert {*schema["required"], "person"} == found.keys()
    assert found["person"]["kind"] in schema["properties"]["person"]["properties"]["kind"]["enum"]
    assert found["tables"]["representative"] == [
        {"id": str(acting.id), "name": "Samira Yilmaz", "email": "samira@example.org"}
    ]
    assert set(found["tables"]) == {"representative"}
    assert "tables/representative.csv" in parts
    assert "import.csv" not in parts


@pytest.mark.promise("MN-18")
def test_a_contact_person_gets_hers_at_the_counter(
    app: Flask, client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    contact = contact_person("Kees Klant", email="kees@gemeente.example", phone="0612345678")
    with app.app_context():
        staff = privacy_staff()
        request = enter(RequestKind.ACCESS, contact_person_id=contact.id, by=staff)
        check_identity(request.id, IdentityCheck.COUNTER, by=staff)
        copy = make(copy_of(request))
        found = json_of(copy)
    values = values_of(found)
    assert values["contact_person.name"] == ["Kees Klant"]
    assert values["contact_person.phone"] == ["0612345678"]
    assert {"name", "contact"} <= {each["key"] for each in found["categories"]}
    assert "requests.identity_checked" in {each["event"] for each in found["who_looked"]}
    sign_in(client, "privacy_staff")
    desk = f"/verzoeken/{request.id}/kopie"
    page = client.get(desk).get_data(as_text=True)
    assert "Kees Klant</bdi> (contactpersoon)" in page
    held = client.get(f"/verzoeken/{request.id}/gegevens").get_data(as_text=True)
    assert "0612345678" in held

    given = client.post(f"{desk}/geven", {"identity_seen": "paspoort gezien"})

    assert given.data.startswith(b"PK")
    copy = copy_of(request)
    assert (copy.handover, copy.identity_seen) == (Handover.COUNTER, "paspoort gezien")


def test_a_contact_person_takes_nothing_along_and_is_told_why(
    app: Flask, client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    contact = contact_person("Kees Klant")
    staff = privacy_staff()
    request = enter(RequestKind.PORTABILITY, contact_person_id=contact.id, by=staff)
    check_identity(request.id, IdentityCheck.COUNTER, by=staff)
    assert begin_copy(request, staff) is None
    sign_in(client, "privacy_staff")
    page = client.get(f"/verzoeken/{request.id}/kopie").get_data(as_text=True)
    assert "geen toestemming of contract (AVG 20 lid 1)" in page


def test_names_of_learners_in_a_text_of_hers_wait_for_a_decision(app: Flask, staff: Actor) -> None:
    make_learner("Yusuf", "Berg")
    account = make_account("Dora Docent", "teacher")
    with app.app_context():
        request = asked_by(account, "teacher", body="Staat er iets over Yusuf Berg en Dora Docent?")
        copy = make(copy_of(request))
        assert copy.state is CopyState.FLAGGED
        (passage,) = list_passages(copy)
        assert passage.learner_id is None
        decide_passages(copy.id, {passage.id: (True, "Een ander")}, by=staff)
        page = archive_of(make(copy))["mijn-gegevens.html"].decode()
    assert "iets over ■■■ en Dora Docent?" in page
    session.refresh(request)
    assert request.outcome is Outcome.IN_PART


@pytest.mark.parametrize("kind", ["staff", "contact_person", "representative", "learner"])
def test_the_copy_goes_with_its_person(app: Flask, staff: Actor, kind: str) -> None:
    learner = make_learner("Amina", "Yusuf")
    account, contact = make_account("Olga Smit", "administration"), contact_person("Kees Klant")
    acting = make_representative(learner)
    of = {"staff": {"account_id": account.id}, "contact_person": {"contact_person_id": contact.id}}
    whose = of.get(kind, {"representative_id": acting.id})
    person = {"staff": account.id, "contact_person": contact.id, "learner": learner.id}.get(kind, acting.id)
    with app.app_context():
        request = enter(RequestKind.ACCESS)
        for name, value in whose.items():
            setattr(request, name, value)
        check_identity(request.id, IdentityCheck.COUNTER, by=staff)
        copy = make(copy_of(request))
        file_id = copy.file_id
        assert file_id is not None

        erase_person(PersonKind(kind), person, why="asked")

        session.expire_all()
        assert session.query(DataCopy).count() == 0
        assert not [row for row in session.query(files.StoredFile) if row.id == file_id and row.gone_at is None]


def test_answers_that_somebody_gave_stay_when_she_is_erased(app: Flask, staff: Actor) -> None:
    learner = make_learner("Amina", "Yusuf")
    handler = make_account("Petra Privacy", "privacy_staff")
    by = as_staff("privacy_staff", handler)
    with app.app_context():
        request = enter(RequestKind.RECTIFICATION, learner_id=learner.id, body="Mijn naam", by=by)
        check_identity(request.id, IdentityCheck.COUNTER, by=by)
        decide_request(request.id, {}, reply="Klaar", is_done_by_hand=True, by=by)
        erase_person(PersonKind.STAFF, handler.id, why="asked")
        session.expire_all()
    assert session.query(RequestAnswer).count() == 1


@pytest.mark.parametrize("role", ["teacher", "coach", "administration"])
def test_the_desk_of_others_is_closed_to_who_handles_no_requests(
    client: PageClient, sign_in: SignIn, school: SchoolView, role: str, client_at: Callable[[str], Any]
) -> None:
    contact = contact_person("Kees Klant")
    staff = privacy_staff()
    request = enter(RequestKind.ACCESS, contact_person_id=contact.id, by=staff)
    check_identity(request.id, IdentityCheck.COUNTER, by=staff)
    sign_in(client, role)
    for path in ("kopie", "gegevens"):
        assert client.get(f"/verzoeken/{request.id}/{path}").status_code == 403
    elsewhere = client_at("step-inburgering")
    sign_in(elsewhere, "privacy_staff")
    for path in ("kopie", "gegevens"):
        assert elsewhere.get(f"/verzoeken/{request.id}/{path}").status_code == 404
