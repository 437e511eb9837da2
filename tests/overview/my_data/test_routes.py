"""A learner's own pages: everything held on her, changing it, who looked, who got it."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from portal.core import audit
from portal.core.audit.seals import seal_entries
from portal.core.clock import now, today
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.disclosures.files.delivery import give_file
from portal.learners.corrections.models import Correction, CorrectionState
from portal.learners.merges.services import merge_learners
from portal.learners.record.models import Learner, Source
from portal.learners.record.services import change_learner
from portal.schools.queries import SchoolView
from tests.factories.caseloads import make_coach, make_coaching
from tests.factories.consent import agree
from tests.factories.disclosures import ask, make, make_scene
from tests.factories.learners import make_learner, make_trajectory
from tests.page_client import PageClient
from tests.signing_in import SignIn


@pytest.fixture
def amina(school: SchoolView) -> Learner:
    """A learner with something in every corner of her record."""
    learner = make_learner(
        "Amina",
        "Yusuf",
        city="Utrecht",
        phone="+31612345678",
        birth_date=date(1991, 2, 1),
        care_duties="zorgt voor haar moeder",
        last_contact_on=date(2026, 1, 15),
    )
    make_trajectory(
        learner, reports_to_government=True, starts_on=date(2025, 1, 15), ends_on=today() - timedelta(days=1)
    )
    return learner


@pytest.mark.promise("MN-02", part="fields")
def test_every_value_stands_there_with_source_and_until_when(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    sign_in(client, "learner", learner=amina)

    page = client.get("/mijn/gegevens/alles").get_data(as_text=True)

    for value in ("Amina", "Yusuf", "Utrecht", "1 februari 1991", "06 12345678", "zorgt voor haar moeder"):
        assert value in page
    assert "uw school" in page
    assert "15 januari 2030" in page


def test_another_address_to_sign_in_with_asks_for_the_password_once_more(
    client: PageClient, sign_in: SignIn, amina: Learner, clock: Callable[..., None]
) -> None:
    sign_in(client, "learner", learner=amina)
    address = "/mijn/gegevens/email/wijzigen"
    assert client.get(address).status_code == 200

    clock(now() + timedelta(minutes=6))

    for answer in (client.get(address), client.post(address, {"email": "dief@example.org"})):
        assert answer.headers["Location"] == f"/aanmelden/opnieuw?terug={address}"
    assert "dief@example.org" not in client.get("/mijn/gegevens").get_data(as_text=True)
    assert client.get("/mijn/gegevens/phone/wijzigen").status_code == 200


def test_contact_data_change_at_once(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)
    client.get("/mijn/gegevens/phone/wijzigen")

    changed = client.post("/mijn/gegevens/phone/wijzigen", {"phone": "0687654321"})

    assert changed.status_code == 303
    page = client.get("/mijn/gegevens/contact").get_data(as_text=True)
    assert "06 87654321" in page
    assert "uzelf" in page


@pytest.mark.promise("MN-17", part="own fields")
def test_verified_data_wait_for_the_school(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)
    form = client.get("/mijn/gegevens/birth_date/wijzigen").get_data(as_text=True)
    assert "De school kijkt" in form

    asked = client.post(
        "/mijn/gegevens/birth_date/wijzigen", {"birth_date": "2-2-1991", "remark": "staat zo op mijn pas"}
    )

    assert asked.status_code == 303
    page = client.get("/mijn/gegevens").get_data(as_text=True)
    assert "1 februari 1991" in page
    assert "wacht op de school" in page
    with in_school(amina.school_id):
        assert session.query(Correction).one().state is CorrectionState.PROPOSED


def test_a_wrong_value_is_refused_beside_its_field_and_kept(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    sign_in(client, "learner", learner=amina)
    client.get("/mijn/gegevens/phone/wijzigen")

    refused = client.post("/mijn/gegevens/phone/wijzigen", {"phone": "12"})

    assert refused.status_code == 422
    text = refused.get_data(as_text=True)
    assert "Dit telefoonnummer klopt niet" in text
    assert 'value="12"' in text


@pytest.mark.parametrize(("subject", "changes"), [("contact", True), ("level", False), ("attendance", False)])
def test_a_subject_says_what_can_be_done_there(
    client: PageClient, sign_in: SignIn, amina: Learner, subject: str, changes: bool
) -> None:
    sign_in(client, "learner", learner=amina)

    page = client.get(f"/mijn/gegevens/{subject}").get_data(as_text=True)

    assert ("Klopt iets niet? Wijzig het." in page) is changes
    assert ("Bekijk dit bij Mijn" in page) is not changes


def test_what_is_left_as_it_is_leads_back_to_its_subject(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)
    page = client.get("/mijn/gegevens/phone/wijzigen").get_data(as_text=True)
    assert re.search(r'href="/mijn/gegevens/contact">\s*Laat het zo', page)


def test_a_proposal_can_be_taken_back(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)
    client.get("/mijn/gegevens")
    client.post("/mijn/gegevens/family_name/wijzigen", {"family_name": "Yousuf"})
    with in_school(amina.school_id):
        correction_id = session.query(Correction).one().id

    client.post(f"/mijn/wijzigingen/{correction_id}/intrekken")

    assert "wacht op de school" not in client.get("/mijn/gegevens").get_data(as_text=True)


def test_a_field_that_the_school_does_not_keep_is_not_there(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    sign_in(client, "learner", learner=amina)

    assert client.get("/mijn/gegevens/gender/wijzigen").status_code == 404
    assert client.post("/mijn/gegevens/iban/wijzigen", {"iban": "NL91ABNA0417164300"}).status_code == 404
    assert client.get("/mijn/gegevens/number/wijzigen").status_code == 404


def test_who_looked_says_role_and_reason(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    learner_id = amina.id
    sign_in(client, "administration", name="Olga Smit")
    for _ in range(3):
        client.get(f"/cursisten/{learner_id}/voortgang")
    with in_school(amina.school_id):
        owner = session.get_one(Learner, (amina.school_id, learner_id))
    sign_in(client, "learner", learner=owner)

    page = client.get("/mijn/wie-keek").get_data(as_text=True)
    with in_school(amina.school_id):
        seal_entries()

    assert "Olga" not in page
    assert "Administratie" in page
    assert "voor de administratie" in page
    assert page.count("uw niveau en voortgang") == 1
    assert "3 keer" in page
    assert "1 medewerker keek" in client.get("/mijn/gegevens").get_data(as_text=True)


def test_the_number_who_looked_is_that_of_the_list_and_a_list_of_names_is_called_so(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    sign_in(client, "administration", name="Olga Smit")
    client.get("/cursisten?zoek=Yusuf")
    with in_school(amina.school_id):
        owner = session.get_one(Learner, (amina.school_id, amina.id))
    sign_in(client, "learner", learner=owner)
    only_her_name = client.get("/mijn/gegevens").get_data(as_text=True)
    assert "Niemand keek de laatste 30 dagen in uw gegevens." in only_her_name
    assert "1 medewerker zag alleen uw naam in een lijst." in only_her_name
    assert "keek naar uw naam in een lijst" in client.get("/mijn/wie-keek").get_data(as_text=True)
    with in_school(amina.school_id):
        audit.record(
            "disclosures.file_made",
            learner_ids=[amina.id],
            by=Actor(new_id(), "Piet Bakker", roles=frozenset({"administration"})),
        )

    told = client.get("/mijn/gegevens").get_data(as_text=True)

    assert "maakte een bestand" in client.get("/mijn/wie-keek").get_data(as_text=True)
    assert "1 medewerker keek de laatste 30 dagen in uw gegevens. Of deed er iets mee." in told
    assert "1 medewerker zag alleen uw naam in een lijst." in told


def test_what_was_changed_is_told_by_its_fields(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    office = sign_in(client, "administration", name="Olga Smit")
    with client.app.app_context(), in_school(amina.school_id):
        values = {"learner.city": "Zeist", "learner.phone": "+31687654321"}
        change_learner(amina.id, values, source=Source.SCHOOL, by=office)
        owner = session.get_one(Learner, (amina.school_id, amina.id))
    sign_in(client, "learner", learner=owner)

    page = re.sub(r"\s+", " ", client.get("/mijn/wie-keek").get_data(as_text=True))

    assert "wijzigde uw gegevens (woonplaats, telefoonnummer)" in page
    assert "Zeist" not in page


def test_who_looked_at_a_record_that_became_part_of_hers_stands_there_too(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    other = make_learner("Amina")
    looker = sign_in(client, "administration", name="Olga Smit")
    client.get(f"/cursisten/{other.id}/voortgang")
    with in_school(amina.school_id):
        merge_learners(amina.id, other.id, take=(), by=looker)
        seal_entries()
        owner = session.get_one(Learner, (amina.school_id, amina.id))
    sign_in(client, "learner", learner=owner)

    page = client.get("/mijn/wie-keek").get_data(as_text=True)

    assert "Administratie" in page
    assert "uw niveau en voortgang" in page
    assert "1 medewerker keek" in client.get("/mijn/gegevens").get_data(as_text=True)


@pytest.mark.promise("MN-14")
def test_who_got_names_recipient_purpose_and_categories(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    scene = make_scene()
    agree(scene.amina, "client_report")
    with client.app.app_context():
        made = make(ask(scene))
        _, content = give_file(made.id, signed_in_at=now(), by=scene.office)
        b"".join(content)
    sign_in(client, "learner", learner=scene.amina)

    page = client.get("/mijn/wie-kreeg").get_data(as_text=True)

    assert "Uw opdrachtgever" in page
    for field in ("cursistnummer", "voornaam", "achternaam", "per les: aanwezig of niet"):
        assert field in page
    assert f'<bdi translate="no">{scene.client.name}</bdi>' in page


def test_only_the_fields_that_went_out_are_named(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    scene = make_scene()
    agree(scene.amina, "survey")
    with client.app.app_context():
        made = make(ask(scene, "survey_contacts"))
        made.fields = [field for field in made.fields if field != "learner.phone"]
        _, content = give_file(made.id, signed_in_at=now(), by=scene.office)
        b"".join(content)
    sign_in(client, "learner", learner=scene.amina)

    got, data = (client.get(path).get_data(as_text=True) for path in ("/mijn/wie-kreeg", "/mijn/gegevens/alles"))

    assert "e-mailadres" in got
    assert "elefoon" not in got
    assert "Het bureau dat het tevredenheidsonderzoek doet (e-mailadres, taal voor berichten)" in data


def test_one_learner_never_reaches_another(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    other = make_learner("Bereket")
    sign_in(client, "learner", learner=other)

    page = client.get("/mijn/gegevens/alles").get_data(as_text=True)

    assert "Bereket" in page
    assert "Amina" not in page


@pytest.mark.parametrize("path", ["/mijn/gegevens", "/mijn/wie-keek", "/mijn/wie-kreeg", "/mijn/niveau"])
def test_staff_have_no_record_of_their_own(client: PageClient, sign_in: SignIn, path: str) -> None:
    sign_in(client, "administration")

    assert client.get(path).status_code == 403


def test_the_page_asks_no_more_for_a_longer_record(
    client: PageClient, sign_in: SignIn, amina: Learner, count_statements: Callable[[], Any]
) -> None:
    sign_in(client, "learner", learner=amina)
    client.get("/mijn/gegevens")
    with count_statements() as few:
        client.get("/mijn/gegevens")
    with in_school(amina.school_id):
        owner = session.get_one(Learner, (amina.school_id, amina.id))
        for days in range(1, 6):
            make_trajectory(owner, starts_on=today() - timedelta(days=100 + days))
    with count_statements() as many:
        client.get("/mijn/gegevens")

    assert len(many) == len(few)


def test_the_log_of_the_school_says_whom_it_is_about(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "administration", name="Olga Smit")
    client.get(f"/cursisten/{amina.id}/voortgang")
    sign_in(client, "privacy_officer")

    page = client.get("/logboek").get_data(as_text=True)

    assert "Olga Smit" in page
    assert "Amina Yusuf" in page


def test_a_learner_reads_who_her_coach_is(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    amina = make_learner("Amina")
    make_coaching(amina, make_coach())
    sign_in(client, "learner", learner=amina)
    assert "begeleider: Roos Willems" in client.get("/mijn/gegevens").text
    page = client.get("/mijn/gegevens/alles").text
    assert "Mijn begeleider" in page
    assert "Roos Willems" in page
