"""Complaining without a sign-in: one answer for everybody, and a link that tells how far it is."""

import re
from html import unescape
from itertools import count
from random import randrange
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.core.clock import today
from portal.core.crypto import keys
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.mail import Mail
from portal.requests.complaints.models import Complaint
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

HERE = school_id("lest-best")
AT = "/privacy/verzoek/klacht"
BODY = "Mijn adres stond op de deur."
_addresses = count(randrange(2**22))
"""Another beginning in each run: the limits of the run before may stand yet."""


def send(client: PageClient, **typed: Any) -> Any:
    """Send the form from a network address of its own, so that limits of one test don't reach the next."""
    number = next(_addresses)
    address = typed.pop("address", f"10.{number // 65536}.{number // 256 % 256}.{number % 256}")
    if not typed.pop("is_again", False):
        client.get(AT)
    contact = f"{uuid4().hex[:12]}@example.org"
    given = {"asker_name": "Noor Visser", "asker_contact": contact, "language": "nl", "body": BODY, **typed}
    return client.post(AT, given, environ_overrides={"REMOTE_ADDR": address})


def stored() -> list[Complaint]:
    with in_school(HERE):
        return list(session.scalars(select(Complaint).order_by(Complaint.number)))


def mails() -> list[str]:
    with in_school(HERE):
        rows = session.scalars(select(Mail).where(Mail.template == "requests/complaint").order_by(Mail.asked_at)).all()
        return [keys.unseal_for_school(row.sealed or b"", "mail") for row in rows]


def text_of(client: PageClient, path: str) -> str:
    return unescape(client.get(path).get_data(as_text=True))


@pytest.mark.promise("LB-14", part="filing")
def test_somebody_without_a_sign_in_complains_follows_it_and_is_mailed(client: PageClient, sign_in: SignIn) -> None:
    assert AT in text_of(client, "/privacy/verzoek")
    page = text_of(client, AT)
    assert "directie" in page
    assert "Autoriteit Persoonsgegevens" in page
    sent = send(client, asked_for="Omar Haddad", asker_birth_date="1990-05-04", asker_number="4012")
    assert sent.status_code == 303
    [row] = stored()
    assert (row.channel, row.person_id, row.filed_on) == ("website", row.id, today())
    link = str(sent.location)
    followed = text_of(client, link)
    assert str(row.number) in followed
    assert not [word for word in ("Noor", "Omar", "adres stond") if word in followed]
    assert all(each in followed for each in ("uiterlijk", "Autoriteit Persoonsgegevens", "rechter"))
    assert client.get(link).headers["Referrer-Policy"] == "no-referrer"

    sign_in(client, "management")
    desk = f"/klachten/{row.id}"
    page = text_of(client, desk)
    assert all(each in page for each in ("Noor Visser", "Omar Haddad", "4012", BODY, "op de website"))
    client.post(f"{desk}/oppakken")
    client.post(desk, {"handling": "De lijst hangt er niet meer."})
    outside = PageClient(client.app, client.host)
    page = text_of(outside, link)
    assert "U kreeg antwoord." in page
    assert "De lijst hangt" not in page
    told = mails()
    assert len(told) == 3
    assert all(link.rpartition("/")[2] in each for each in told)
    assert not [each for each in told if "Noor" in each or "adres stond" in each or "De lijst" in each]


@pytest.mark.promise("LB-14", part="filing")
@pytest.mark.parametrize("typed", ["Bas de Boer", "bas  DE boer", "De Boer", "boer"])
def test_whom_it_is_about_as_she_typed_never_has_it_where_there_is_anyone_else(
    client: PageClient, sign_in: SignIn, typed: str
) -> None:
    with in_school(HERE):
        make_account("Anna de Boer", "teacher")
        boss, other = make_account("Bas de Boer", "management"), make_account("Olga Smit", "management")
    assert "Olga Smit" not in text_of(client, AT)
    send(client, about_name=typed)
    desk = f"/klachten/{stored()[0].id}"
    sign_in(client, "management", account=boss)
    assert client.get(desk).status_code == 404
    sign_in(client, "management", account=other)
    assert "Bas de Boer" in text_of(client, desk)


def test_a_name_that_is_nobodys_stands_there_as_it_was_typed(client: PageClient, sign_in: SignIn) -> None:
    send(client, about_name="Juf Truus")
    sign_in(client, "management")
    page = text_of(client, f"/klachten/{stored()[0].id}")
    assert "Juf Truus" in page
    assert "zo typte de persoon de naam" in page


def test_where_there_is_nobody_else_the_followed_page_names_the_authority_first(client: PageClient) -> None:
    with in_school(HERE):
        make_account("Bas de Boer", "management")
    page = text_of(client, str(send(client, about_name="Bas de Boer").location))
    assert page.index("eerst naar de Autoriteit") < page.index("U diende de klacht in.")


def test_the_answer_is_the_same_whoever_complains(client: PageClient) -> None:
    with in_school(HERE):
        amina = make_learner("Amina", "Yilmaz", email=f"{uuid4().hex[:10]}@example.org")
    known = {"asker_name": "Amina Yilmaz", "asker_contact": amina.email, "asker_number": amina.number}
    pages = {
        re.sub(r"K-\d\d-\d+|[0-9a-f]{32,}|[\w.-]{80,}", "", text_of(client, str(send(client, **each).location)))
        for each in (known, {})
    }
    assert len(pages) == 1


def test_what_is_wrong_is_said_beside_it_kept_and_not_stored(client: PageClient) -> None:
    for wrong, said in (
        ({"asker_name": " "}, "Typ uw naam."),
        ({"asker_contact": "noor@"}, "Dit e-mailadres klopt niet"),
        ({"asker_birth_date": "31-31-1990"}, "Dit is geen datum"),
        ({"body": " "}, "Schrijf op wat er niet goed ging."),
        ({"body": "a" * 4_001}, "4000 tekens"),
        ({"about_name": "N" * 201}, "200 tekens"),
    ):
        answer = send(client, **{"asked_for": "Omar Haddad", **wrong})
        assert answer.status_code == 422
        page = unescape(answer.get_data(as_text=True))
        assert said in page
        assert "Omar Haddad" in page
    assert stored() == []
    assert mails() == []


def test_what_is_hostile_is_refused_or_kept_as_text(client: PageClient, sign_in: SignIn) -> None:
    assert send(client, asker_name="No\0or", body="a\0b", about_name="B\0as").status_code in {303, 422}
    assert send(client, body="x" * 1_200_000).status_code == 413
    assert send(client, asker_contact="noor@example.org\r\nBcc: ander@example.org").status_code == 422
    assert send(client, asker_name="<script>alert(1)</script>", about_name="<i>Bas</i>").status_code == 303
    sign_in(client, "management")
    for row in stored():
        assert "<script>alert" not in client.get(f"/klachten/{row.id}").get_data(as_text=True)


def test_sent_twice_it_is_stored_once_and_a_flood_waits(client: PageClient) -> None:
    same = {"asker_contact": "noor@example.org", "address": f"10.9.{randrange(256)}.{randrange(256)}"}
    first = send(client, **same)
    second = send(client, **same, is_again=True)
    assert first.location == second.location
    assert len(stored()) == 1
    busy = f"10.8.{randrange(256)}.{randrange(256)}"
    for number in range(20):
        assert send(client, address=busy, body=f"Klacht {number}").status_code == 303
    answer = send(client, address=busy, body="Nog een klacht.")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert "Nog een klacht." in answer.get_data(as_text=True)


def test_a_link_is_anothers_or_nobodys(client: PageClient, client_at: Any) -> None:
    link = str(send(client).location)
    wrong = link[:-1] + ("0" if link[-1] != "0" else "1")
    as_request = link.replace("/klacht/volgen", "/volgen")
    for path in (wrong, link[:-10], f"{AT}/volgen/x", f"{AT}/volgen/{stored()[0].id}", as_request):
        assert client.get(path).status_code == 404
    assert client_at("step-inburgering").get(link).status_code == 404


def test_a_complaint_that_was_not_sent_without_a_sign_in_has_no_link(client: PageClient) -> None:
    link = str(send(client).location)
    with in_school(HERE):
        session.get_one(Complaint, (HERE, stored()[0].id)).channel = "phone"
    assert client.get(link).status_code == 404
