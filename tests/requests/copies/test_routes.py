"""The pages of copies: who opens which, fetching after signing in anew, deciding, and giving at the counter."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.accounts.models import AccountSession
from portal.core.audit import AuditEvent
from portal.core.clock import now
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.learners.record.models import Learner
from portal.requests.copies.models import CopyState, DataCopy, Handover
from portal.schools.queries import SchoolView
from tests.factories.copies import ask_copy, make, make_note, make_request, privacy_staff
from tests.factories.learners import make_learner
from tests.page_client import PageClient
from tests.signing_in import SignIn


@pytest.fixture
def amina(school: SchoolView) -> Learner:
    """The learner whose copy it is."""
    return make_learner("Amina", "Haddad")


@pytest.fixture
def ready(app: Flask, amina: Learner) -> DataCopy:
    """A copy of hers that is ready."""
    with app.app_context():
        return make(ask_copy(amina))


@pytest.fixture
def flagged(app: Flask, amina: Learner) -> DataCopy:
    """A copy of hers in which two names of others wait."""
    make_learner("Yusuf", "Berg")
    make_learner("Chen", "Lind")
    make_note(amina, "Yusuf Berg plaagt haar. Chen Lind helpt haar.")
    with app.app_context():
        return make(ask_copy(amina))


def own_page(copy: DataCopy) -> str:
    return f"/mijn/rechten/kopie/{copy.request_id}"


def desk(copy: DataCopy) -> str:
    return f"/verzoeken/{copy.request_id}/kopie"


def let_time_pass() -> None:
    """Let everybody have signed in ten minutes ago."""
    session.execute(update(AccountSession).values(authenticated_at=now() - timedelta(minutes=10)))


def passages(page: str) -> list[str]:
    """The ids of the passages that have a form on a page, in its order."""
    return list(dict.fromkeys(re.findall(r'name="([0-9a-f-]{36})-decision"', page)))


@pytest.mark.promise("LB-10", part="copy")
def test_she_fetches_her_copy(client: PageClient, sign_in: SignIn, amina: Learner, ready: DataCopy) -> None:
    sign_in(client, "learner", learner=amina)
    page = client.get(own_page(ready)).get_data(as_text=True)
    assert "klaar om op te halen" in page

    fetched = client.post(f"{own_page(ready)}/ophalen")

    assert fetched.status_code == 200
    assert fetched.data.startswith(b"PK")
    assert "attachment" in fetched.headers["Content-Disposition"]
    assert "opgehaald" in client.get(own_page(ready)).get_data(as_text=True)
    seen = session.scalars(select(AuditEvent.learner_ids).where(AuditEvent.event == "record.viewed")).all()
    assert [amina.id] in seen


def test_she_signs_in_anew_first(client: PageClient, sign_in: SignIn, amina: Learner, ready: DataCopy) -> None:
    sign_in(client, "learner", learner=amina)
    client.get(own_page(ready))
    let_time_pass()

    sent = client.post(f"{own_page(ready)}/ophalen")

    assert sent.status_code == 303
    assert "opnieuw" in sent.headers["Location"]
    assert ready.handed_at is None


def test_what_waits_says_so(client: PageClient, sign_in: SignIn, amina: Learner, flagged: DataCopy) -> None:
    sign_in(client, "learner", learner=amina)
    page = client.get(own_page(flagged)).get_data(as_text=True)
    assert "namen van anderen" in page
    assert "Yusuf" not in page
    refused = client.post(f"{own_page(flagged)}/ophalen")
    assert refused.headers["Location"].endswith("kan_niet=not_ready")
    assert "nog niet klaar" in client.get(refused.headers["Location"]).get_data(as_text=True)


def test_anothers_copy_is_not_found(
    app: Flask, client: PageClient, sign_in: SignIn, ready: DataCopy, client_at: Callable[[str], PageClient]
) -> None:
    sign_in(client, "learner", learner=make_learner("Chen", "Li"))
    assert client.get(own_page(ready)).status_code == 404
    assert client.post(f"{own_page(ready)}/ophalen").status_code == 404
    elsewhere = client_at("step-inburgering")
    sign_in(elsewhere, "privacy_staff")
    assert elsewhere.get(desk(ready)).status_code == 404
    assert elsewhere.post(desk(ready)).status_code == 404
    assert elsewhere.post(f"{desk(ready)}/geven").status_code == 404


@pytest.mark.parametrize("role", ["privacy_staff", "management", "teacher", "administration"])
def test_staff_open_no_copy_at_a_learners_address(
    client: PageClient, sign_in: SignIn, ready: DataCopy, role: str
) -> None:
    sign_in(client, role)
    assert client.get(own_page(ready)).status_code == 404
    assert client.post(f"{own_page(ready)}/ophalen").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("privacy_staff", 200), ("management", 200), ("privacy_officer", 403), ("administration", 403),
        ("coach", 403), ("teacher", 403), ("learner", 403),
    ],
)  # fmt: skip
def test_the_desk_is_for_who_handles_requests(
    client: PageClient, sign_in: SignIn, flagged: DataCopy, role: str, status: int
) -> None:
    own = make_learner("Chen", "Li") if role in {"learner", "representative"} else None
    sign_in(client, role, learner=own)
    assert client.get(desk(flagged)).status_code == status
    if status != 200:
        assert client.post(desk(flagged)).status_code == status
        assert client.post(f"{desk(flagged)}/geven").status_code == status


def test_each_passage_stands_in_its_sentence_and_is_decided(
    app: Flask, client: PageClient, sign_in: SignIn, flagged: DataCopy
) -> None:
    sign_in(client, "privacy_staff")
    page = client.get(desk(flagged)).get_data(as_text=True)
    assert "<mark>Yusuf Berg</mark> plaagt haar." in page
    first, second = passages(page)

    refused = client.post(desk(flagged), {f"{first}-decision": "zwart", f"{first}-reason": ""})
    assert refused.status_code == 422
    assert "Schrijf op waarom" in refused.get_data(as_text=True)

    saved = client.post(desk(flagged), {f"{first}-decision": "zwart", f"{first}-reason": "Een klacht over hem"})
    assert saved.status_code == 303
    page = client.get(desk(flagged)).get_data(as_text=True)
    assert "Een klacht over hem" in page
    assert passages(page) == [second]

    client.post(desk(flagged), {f"{second}-decision": "laten", f"{second}-reason": "Zij weet dit"})
    with app.app_context(), in_school(flagged.school_id):
        copy = make(session.get_one(DataCopy, (flagged.school_id, flagged.id)))
    assert (copy.state, copy.blacked_out) == (CopyState.READY, 1)
    assert client.post(desk(flagged), {}).headers["Location"].endswith("kan_niet=copy_not_flagged")


def test_a_huge_reason_and_a_strange_choice_are_refused(client: PageClient, sign_in: SignIn, flagged: DataCopy) -> None:
    sign_in(client, "privacy_staff")
    first = passages(client.get(desk(flagged)).get_data(as_text=True))[0]
    for wrong in (
        {f"{first}-decision": "zwart", f"{first}-reason": "x" * 301},
        {f"{first}-decision": "weg", f"{first}-reason": "omdat"},
    ):
        assert client.post(desk(flagged), wrong).status_code == 422


def test_it_is_given_at_the_counter(client: PageClient, sign_in: SignIn, amina: Learner, ready: DataCopy) -> None:
    sign_in(client, "privacy_staff")
    client.get(desk(ready))
    refused = client.post(f"{desk(ready)}/geven", {"identity_seen": ""})
    assert refused.status_code == 422
    assert "Schrijf op hoe u zag wie dit is" in refused.get_data(as_text=True)

    given = client.post(f"{desk(ready)}/geven", {"identity_seen": "paspoort gezien"})

    assert given.data.startswith(b"PK")
    copy = session.get_one(DataCopy, (ready.school_id, ready.id))
    assert (copy.handover, copy.identity_seen) == (Handover.COUNTER, "paspoort gezien")
    assert "paspoort gezien" in client.get(desk(ready)).get_data(as_text=True)
    let_time_pass()
    assert client.post(f"{desk(ready)}/geven", {"identity_seen": "weer"}).status_code == 303


def test_what_goes_to_an_organisation_stands_with_who_got_her_data(
    app: Flask, client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with app.app_context():
        copy = make(ask_copy(amina, kind="portability", organisation="Taalschool Elders"))
    sign_in(client, "privacy_staff")
    client.get(desk(copy))
    assert client.post(f"{desk(copy)}/geven").data.startswith(b"PK")
    sign_in(client, "administration")
    listed = client.get("/bestanden").get_data(as_text=True)
    assert "Meenemen in een bestand" in listed
    sign_in(client, "learner", learner=amina)
    page = client.get("/mijn/wie-kreeg").get_data(as_text=True)
    assert "Taalschool Elders" in page
    assert "Meenemen in een bestand" in page


def test_a_request_that_is_not_there_is_not_found(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    sign_in(client, "privacy_staff")
    assert client.get(f"/verzoeken/{new_id()}/kopie").status_code == 404


def test_more_passages_ask_no_more_statements(
    app: Flask, client: PageClient, sign_in: SignIn, amina: Learner, count_statements: Callable[[], Any]
) -> None:
    make_learner("Yusuf", "Berg")
    make_note(amina, "Yusuf Berg was er.")
    staff = privacy_staff()
    with app.app_context():
        few = make(ask_copy(amina, by=staff))
        for _each in range(8):
            make_note(amina, "Yusuf Berg weer.")
        many = make(ask_copy(amina, by=staff))
    sign_in(client, "privacy_staff")
    counts = []
    for copy in (few, many):
        client.get(desk(copy))
        with count_statements() as statements:
            assert "Yusuf Berg" in client.get(desk(copy)).get_data(as_text=True)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert counts[1] <= 16


def test_she_lets_it_be_made_once_it_is_known_who_asks(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    asked, unknown = (
        make_request(amina),
        make_request(amina, "portability", identity_check=None, identity_checked_at=None),
    )
    sign_in(client, "learner", learner=amina)
    assert "zodra zeker is wie" in client.get(f"/mijn/rechten/kopie/{unknown.id}").get_data(as_text=True)
    client.post(f"/mijn/rechten/kopie/{unknown.id}/maken")
    assert "Maak het bestand" in client.get(f"/mijn/rechten/kopie/{asked.id}").get_data(as_text=True)

    for _time in range(2):
        assert client.post(f"/mijn/rechten/kopie/{asked.id}/maken").status_code == 303

    assert [copy.request_id for copy in session.scalars(select(DataCopy))] == [asked.id]
    assert "wordt gemaakt" in client.get(f"/mijn/rechten/kopie/{asked.id}").get_data(as_text=True)


def test_the_desk_lets_it_be_made(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    asked, other = make_request(amina), make_request(amina, "erasure")
    sign_in(client, "privacy_staff")
    assert client.get(f"/verzoeken/{other.id}/kopie").status_code == 404
    assert "Maak het bestand" in client.get(f"/verzoeken/{asked.id}/kopie").get_data(as_text=True)
    assert "Naar het bestand" in client.get(f"/verzoeken/{asked.id}").get_data(as_text=True)
    client.post(f"/verzoeken/{asked.id}/kopie/maken")
    assert "wordt gemaakt" in client.get(f"/verzoeken/{asked.id}/kopie").get_data(as_text=True)
