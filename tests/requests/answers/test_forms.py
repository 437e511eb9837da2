"""Erasing is chosen by part, or for all at once, and shown a second time before anything goes."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.learners.record.models import Learner
from portal.requests.answers.grounds import Ground
from portal.requests.answers.services import decide_request
from portal.requests.data_requests.models import DataRequest, Outcome, RequestKind
from tests.conftest import school_id
from tests.factories.accounts import make_account
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff, ask
from tests.page_client import PageClient
from tests.retention.people import make_invoice
from tests.signing_in import SignIn

HERE = school_id("lest-best")


@pytest.fixture
def amina() -> Learner:
    with in_school(HERE):
        return make_learner("Amina", "Yilmaz", phone="0612345678", birth_date=today().replace(year=1990))


def asked(amina: Learner, *categories: str) -> DataRequest:
    with in_school(HERE):
        return ask(amina, RequestKind.ERASURE, categories=categories)


def phone_of(amina: Learner) -> str | None:
    with in_school(HERE):
        return session.get_one(Learner, (HERE, amina.id), populate_existing=True).phone


def outcome_of(request: DataRequest) -> Outcome | None:
    with in_school(HERE):
        return session.get_one(DataRequest, (HERE, request.id), populate_existing=True).outcome


def confirmed(page: str) -> str:
    found = re.search(r'name="confirmed"[^>]* value="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])


def test_no_answer_stands_there_before_it_is_chosen(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    request = asked(amina, "contact", "address")
    sign_in(client, "privacy_staff")
    page = client.get(f"/verzoeken/{request.id}").get_data(as_text=True)
    assert page.count("kies ja of nee") == 2
    sent = client.post(f"/verzoeken/{request.id}/beslissen", {"part_0": "ja", "reply": "Goed."})
    assert sent.status_code == 422
    assert "Kies ja of nee." in sent.get_data(as_text=True)
    assert phone_of(amina) is not None


def test_the_second_person_says_herself_that_the_bookkeeping_has_the_invoices(
    client_at: Callable[[str], PageClient], sign_in: SignIn
) -> None:
    client, there = client_at("step-inburgering"), school_id("step-inburgering")
    with in_school(there):
        learner = make_learner("Amina", "Yilmaz", phone="0612345678")
        make_invoice(learner, today())
        request = ask(learner, RequestKind.ERASURE, categories=("finance", "contact"))
        first, second = (make_account(name, "privacy_staff", email=f"{name}@example.org") for name in ("een", "twee"))
        unfounded, by = {"contact": Ground.UNFOUNDED}, as_staff("privacy_staff", first)
        decide_request(request.id, unfounded, reply="Nee.", proof="Tien keer.", are_invoices_kept=True, by=by)
    sign_in(client, "privacy_staff", account=second)
    at = f"/verzoeken/{request.id}"

    refused = client.post(f"{at}/bevestigen")
    page = unescape(refused.get_data(as_text=True))
    assert refused.status_code == 422
    assert "Zorg eerst dat deze facturen in de boekhouding staan. Het zijn er 1." in page
    assert "Voorstel van" in page
    assert client.post(f"{at}/bevestigen", {"are_invoices_kept": "y"}).status_code == 303
    with in_school(there):
        assert session.get_one(DataRequest, (there, request.id)).outcome is Outcome.IN_PART


def test_what_goes_is_named_a_second_time_and_goes_only_then(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    request = asked(amina, "contact", "address")
    at = f"/verzoeken/{request.id}/beslissen"
    sign_in(client, "privacy_staff")
    wanted = {"is_all_yes": "y", "reply": "Wij wissen dit."}
    looked = client.post(at, wanted)
    page = unescape(looked.get_data(as_text=True))
    assert looked.status_code == 422
    assert "Dit wordt gewist en komt nooit terug" in page
    assert "Wij wissen dit." in page
    assert phone_of(amina) is not None
    other = {**wanted, "is_all_yes": "", "part_0": "ja", "part_1": "avg_17_3_b", "confirmed": confirmed(page)}
    assert client.post(at, other).status_code == 422  # another choice than was shown
    assert client.post(at, {**wanted, "confirmed": confirmed(page)}).status_code == 303
    assert phone_of(amina) is None
    assert outcome_of(request) is Outcome.GRANTED


def test_of_all_of_her_it_says_that_she_goes_herself(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    request = asked(amina)
    sign_in(client, "privacy_staff")
    looked = client.post(f"/verzoeken/{request.id}/beslissen", {"is_all_yes": "y", "reply": "Goed."})
    assert "de persoon zelf, met naam en account" in looked.get_data(as_text=True)
    assert phone_of(amina) is not None


def test_a_no_to_all_needs_no_second_look(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    request = asked(amina, "contact")
    sign_in(client, "privacy_staff")
    sent = client.post(f"/verzoeken/{request.id}/beslissen", {"part_0": "avg_17_3_b", "reply": "De wet vraagt het."})
    assert sent.status_code == 303
    assert outcome_of(request) is Outcome.REFUSED


def test_sentences_to_start_from_are_in_the_language_in_which_she_reads(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(HERE):
        request = ask(amina, RequestKind.RECTIFICATION, body="My name.")
        request.language = "en"
    sign_in(client, "privacy_staff")
    page = unescape(client.get(f"/verzoeken/{request.id}").get_data(as_text=True))
    assert "Wij hebben uw gegevens nagekeken" not in page
    assert '<strong lang="en">English</strong>' in page
    assert '<ul lang="en"><li dir="auto">We ' in page
    assert "Beslis en verstuur het antwoord" in page
