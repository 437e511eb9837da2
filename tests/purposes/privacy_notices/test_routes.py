"""*Nog niet verteld*: the list, checking, mails, letters; and where a learner reads that she was told."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.core.clock import now
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.learners.record.models import Learner
from portal.policy.privacy_notices.models import PrivacyNotice
from portal.schools.queries import SchoolView
from tests.factories.learners import make_contact_person, make_learner, make_organisation
from tests.jobs import do_jobs
from tests.page_client import PageClient, hidden_in
from tests.signing_in import SignIn

LIST = "/nog-niet-verteld"


@pytest.fixture
def amina(school: SchoolView) -> Learner:
    """A learner with an address, who should have been told by now."""
    return make_learner(
        "Amina", "Yilmaz", email="amina@example.org", preferred_language="en", created_at=now() - timedelta(days=40)
    )


@pytest.fixture
def chen(school: SchoolView) -> Learner:
    """A learner without an address, who reads Arabic."""
    return make_learner("Chen", "Li & Zn", preferred_language="ar")


def test_nothing_is_ticked_and_what_is_late_says_so(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "administration")

    page = client.get(LIST).get_data(as_text=True)

    assert 'name="wie"' in page
    assert " checked" not in page
    assert "te laat" in page
    assert "Nog niet verteld dat de school gegevens heeft" in client.get("/vandaag").get_data(as_text=True)
    assert client.post(f"{LIST}/nakijken").status_code == 422


def test_the_list_is_searched_and_a_refusal_comes_back_to_it(
    client: PageClient, sign_in: SignIn, amina: Learner, chen: Learner
) -> None:
    sign_in(client, "administration")

    page = client.get(f"{LIST}?zoek=yilm").get_data(as_text=True)
    assert "Amina" in page
    assert "Chen" not in page
    refused = client.post(f"{LIST}/nakijken?zoek=yilm")
    assert refused.status_code == 422
    assert "Chen" not in refused.get_data(as_text=True)
    assert "In deze lijst staat niemand met deze naam." in client.get(f"{LIST}?zoek=nergens").get_data(as_text=True)
    assert client.get(f"{LIST}?pagina=99").status_code == 200


@pytest.mark.parametrize("role", ["privacy_officer", "privacy_staff"])
def test_the_officer_sees_it_and_privacy_staff_tells(
    client: PageClient, sign_in: SignIn, amina: Learner, role: str
) -> None:
    sign_in(client, role)

    page = client.get(LIST).get_data(as_text=True)
    answer = client.post(f"{LIST}/nakijken", {"wie": str(amina.id)})

    assert "Amina" in page
    assert ('name="wie"' in page, answer.status_code) == ((True, 200) if role == "privacy_staff" else (False, 403))


def test_a_teacher_and_a_learner_do_not_get_it(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "teacher")
    assert client.get(LIST).status_code == 403


def test_one_confirmation_sends_the_mails_and_lists_the_rest(
    client: PageClient, sign_in: SignIn, amina: Learner, chen: Learner
) -> None:
    sign_in(client, "administration")

    checked = client.post(f"{LIST}/nakijken", {"wie": [str(amina.id), str(chen.id)]}).get_data(as_text=True)
    assert "1 persoon krijgt een e-mail" in checked
    assert "1 persoon heeft geen e-mailadres" in checked
    sent = client.post(LIST, {"wie": str(amina.id)})
    assert sent.status_code == 303
    with in_school(chen.school_id):
        do_jobs()
    assert "1 e-mail verstuurd" in client.get(sent.headers["Location"]).get_data(as_text=True)
    assert client.get(sent.headers["Location"], htmx=True).get_data(as_text=True).lstrip().startswith("<div")

    page = client.get(LIST).get_data(as_text=True)
    assert "Chen" in page
    assert "Amina" not in page


def test_letters_are_in_the_language_of_the_reader_and_then_marked_as_sent(
    client: PageClient, sign_in: SignIn, amina: Learner, chen: Learner
) -> None:
    sign_in(client, "administration")

    answer = client.post(f"{LIST}/brieven", {"wie": [str(amina.id), str(chen.id)]})
    page = answer.get_data(as_text=True)
    assert 'lang="ar" dir="rtl"' in page
    assert "Li &amp; Zn" in page
    assert "has data about you" in page
    assert "autoriteitpersoonsgegevens.nl" in page
    with in_school(chen.school_id):
        assert session.scalars(select(PrivacyNotice)).all() == []

    form = hidden_in(answer, f"{LIST}/brieven/verstuurd")
    ids = [str(amina.id), str(chen.id)]
    noted = client.post(f"{LIST}/brieven/verstuurd", {**form, "wie": ids})
    assert noted.headers["Location"].endswith(LIST)
    assert "Opgeslagen: 2 brieven." in client.get(LIST).get_data(as_text=True)


def test_ids_of_nobody_and_no_ids_at_all_are_not_found(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "administration")
    for path in (LIST, f"{LIST}/nakijken", f"{LIST}/brieven", f"{LIST}/brieven/verstuurd"):
        assert client.post(path, {"wie": str(UUID(int=5))}).status_code == 404
        assert client.post(path, {"wie": "\0 geen"}).status_code == 404


def test_a_contact_person_stands_with_where_she_works(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(amina.school_id):
        make_contact_person(make_organisation("Gemeente Houten"), "Kim de Boer")
    sign_in(client, "administration")
    assert "Gemeente Houten" in client.get(LIST).get_data(as_text=True)


def test_a_learner_reads_when_and_how_she_was_told(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "administration")
    client.post(f"{LIST}/brieven/verstuurd", {"wie": str(amina.id)})
    sign_in(client, "learner", learner=amina)

    page = client.get("/mijn/gegevens").get_data(as_text=True)

    assert "Wanneer kreeg u de privacyverklaring?" in page
    assert "met een brief" in page
    assert 'versie <bdi translate="no">2021-01-19</bdi>' in page
