"""A certificate is read by privacy staff, by her own request, and by its link alone once her account is gone."""

from pathlib import Path
from typing import Any

import pytest

from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.disclosures.formats.pdf import compile_pdf
from portal.learners.record.models import Learner
from portal.requests.answers.services import decide_request
from portal.requests.data_requests.models import DataRequest, RequestKind
from portal.retention.certificates import presenters
from portal.retention.certificates.links import token_of
from portal.retention.certificates.queries import get_certificate
from tests.conftest import school_id
from tests.factories.accounts import make_account
from tests.factories.certificates import make_certificate
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff, ask
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE, THERE = school_id("lest-best"), school_id("step-inburgering")


@pytest.fixture
def amina() -> Learner:
    with in_school(HERE):
        return make_learner("Amina", "Yilmaz")


@pytest.mark.parametrize("role", ["privacy_staff", "privacy_officer", "management"])
def test_who_handles_or_watches_requests_reads_them(client: PageClient, sign_in: SignIn, role: str) -> None:
    with in_school(HERE):
        amina = make_learner("Amina", "Yilmaz", account_id=make_account("Amina Yilmaz", "learner").id)
        number = make_certificate(amina).number
    sign_in(client, role)
    assert number in client.get("/wisbewijzen").text
    shown = client.get(f"/wisbewijzen/{number}").text
    assert "Ook uw account is weg" in shown
    paper = client.get(f"/wisbewijzen/{number}/pdf")
    assert paper.data.startswith(b"%PDF")


@pytest.mark.parametrize("role", ["teacher", "coach", "administration", "learner"])
def test_nobody_else_reads_the_list(client: PageClient, sign_in: SignIn, amina: Learner, role: str) -> None:
    sign_in(client, role, learner=amina if role == "learner" else None)
    assert client.get("/wisbewijzen").status_code == 403


def test_she_reads_it_at_her_request_and_another_does_not(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(HERE):
        request = ask(amina, RequestKind.ERASURE, categories=("contact",))
        path = f"/mijn/rechten/{request.id}"
        decide_request(request.id, {}, reply="Gewist.", by=as_staff())
        other = make_learner("Bob")
    sign_in(client, "learner", learner=amina)
    assert f"{path}/wisbewijs" in client.get(path).text
    shown = client.get(f"{path}/wisbewijs").text
    assert "een deel van uw gegevens gewist" in shown
    sign_in(client, "learner", learner=other)
    assert client.get(f"{path}/wisbewijs").status_code == 404


@pytest.mark.promise("MN-16")
def test_who_has_no_account_any_more_reads_it_by_its_link(client: PageClient) -> None:
    with in_school(HERE):
        amina = make_learner("Amina", "Yilmaz", account_id=make_account("Amina Yilmaz", "learner").id)
        request = ask(amina, RequestKind.ERASURE)
        decide_request(request.id, {}, reply="Gewist.", by=as_staff())
        token = token_of(get_certificate(str(request.certificate_number)))
    shown = client.get(f"/wisbewijs/{token}").text
    assert "Ook uw account is weg" in shown
    assert "Amina" not in shown
    assert client.get(f"/wisbewijs/{token}/pdf").data.startswith(b"%PDF")
    wrong = token[:-1] + ("0" if token[-1] != "0" else "1")
    assert [client.get(f"/wisbewijs/{each}").status_code for each in (wrong, "x", f"{token}/../")] == [404] * 3


def test_a_request_without_one_has_no_page(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(HERE):
        request: DataRequest = ask(amina, RequestKind.ACCESS)
    sign_in(client, "learner", learner=amina)
    assert client.get(f"/mijn/rechten/{request.id}/wisbewijs").status_code == 404


TITLES = {"nl": "Bewijs van wissen", "en": "Certificate of erasure", "ar": "إثبات المحو"}


@pytest.mark.parametrize("language", TITLES)
def test_the_paper_is_in_dutch_for_the_school_and_in_her_language_for_her(
    client: PageClient, sign_in: SignIn, amina: Learner, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[dict[str, Any]] = []

    def compile_and_note(layout: Path, data: dict[str, Any]) -> bytes:
        written.append(data)
        return compile_pdf(layout, data)

    monkeypatch.setattr(presenters, "compile_pdf", compile_and_note)
    with in_school(HERE):
        row = make_certificate(amina, "contact", language=language)
        number, token = row.number, token_of(row)
    sign_in(client, "privacy_staff")

    assert client.get(f"/wisbewijzen/{number}/pdf").data.startswith(b"%PDF")
    client.get(f"/wisbewijzen/{number}/pdf?voor=persoon")
    client.get(f"/wisbewijs/{token}/pdf")

    assert [each["lang"] for each in written] == ["nl", language, language]
    assert written[0]["title"] == "Bewijs van wissen"
    assert all(each["title"] == TITLES[language] for each in written[1:])
    assert ("voor=persoon" in client.get(f"/wisbewijzen/{number}").text) == (language != "nl")


def test_her_link_is_in_her_language_until_she_chooses_another(client: PageClient, amina: Learner) -> None:
    with in_school(HERE):
        token = token_of(make_certificate(amina, "contact", language="ar"))
    assert 'lang="ar"' in client.get(f"/wisbewijs/{token}").text
    client.browser.set_cookie("__Host-taal", "en", domain=client.host, secure=True)
    assert 'lang="en"' in client.get(f"/wisbewijs/{token}").text


def test_the_run_certifies_in_her_language(client: PageClient) -> None:
    with in_school(HERE):
        account = make_account("Amina Yilmaz", "learner")
        account.language = "ar"
        session.flush()
        chosen, written = make_learner(account_id=account.id), make_learner(preferred_language="en")
        rows = [make_certificate(each, "contact").language for each in (chosen, written, make_learner())]
    assert rows == ["ar", "en", "nl"]
