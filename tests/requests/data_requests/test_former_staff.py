"""The desk's page of who worked here and asks to be erased: what goes, what stays, and afterwards what went."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import Membership
from portal.core import audit
from portal.core.audit.models import AuditEvent
from portal.core.clock import today
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.permissions import Role
from portal.requests.data_requests.models import DataRequest, RequestChannel
from portal.schools.queries import SchoolView
from tests.factories.accounts import make_account
from tests.factories.copies import identified
from tests.factories.learners import make_learner
from tests.page_client import PageClient
from tests.signing_in import SignIn

KEYS = ("confidentiality", "roles", "log", "requests")


@pytest.fixture
def asked(client: PageClient, sign_in: SignIn, school: SchoolView) -> DataRequest:
    """A request by letter of somebody whose roles are over, at the desk."""
    account = make_account("Tess Zonderling", "teacher", email="tess@example.org")
    for row in session.scalars(select(Membership).where(Membership.account_id == account.id)):
        row.starts_on = row.ends_on = today() - timedelta(days=1)
    request = identified("erasure", channel=RequestChannel.LETTER, account_id=account.id)
    checkpoint()
    sign_in(client, "privacy_staff")
    return request


def _decide(client: PageClient, request: DataRequest, **more: str) -> str:
    answer = client.post(f"/verzoeken/{request.id}/beslissen", {"is_all_yes": "y", "reply": "Gewist.", **more})
    return "" if answer.status_code == 303 else answer.get_data(as_text=True)


def test_she_reads_what_stays_before_it_goes_and_what_went_afterwards(client: PageClient, asked: DataRequest) -> None:
    shown = _decide(client, asked)
    goes, _, stays = shown.partition("komt nooit terug:")[2].partition("Dit blijft:")
    assert "Uw account" in goes
    assert "Uw werk" not in goes
    assert "Wat u zag en deed" not in goes
    assert "Uw werk: Uw naam staat bij wat u opschreef." in stays
    assert "Wat u zag en deed: Uw naam staat nog in het logboek." in stays
    assert "Sporen van inloggen: Wanneer u inlogde, staat nog in het logboek." in stays

    confirmed = re.search(r'name="confirmed"[^>]* value="([^"]+)"', shown)
    assert confirmed
    assert _decide(client, asked, confirmed=confirmed[1]) == ""

    for path in (f"/verzoeken/{asked.id}", f"/verzoeken/{asked.id}/brief"):
        page = client.get(path).get_data(as_text=True)
        assert "Uw belofte om te zwijgen" in page, path
        assert "Uw naam staat bij wat u opschreef." in page, path
        assert not re.findall(rf"<dt>({'|'.join(KEYS)})", page), path
    page = client.get(f"/verzoeken/{asked.id}").get_data(as_text=True)
    assert "Er is geen e-mailadres" not in page
    assert "Het e-mailadres is ook gewist." in page


def test_what_the_certificate_says_of_the_log_is_what_stands_there(client: PageClient, asked: DataRequest) -> None:
    """Her name stays in the log of what she did until its term, and when she signed in until that of such traces."""
    hers = Actor(account_id=asked.account_id, name="Tess Zonderling", roles=frozenset({Role.TEACHER}))
    for event in ("accounts.signed_in", "record.viewed"):
        audit.record(event, learner_id=make_learner().id if event == "record.viewed" else None, by=hers)
    shown = _decide(client, asked)
    confirmed = re.search(r'name="confirmed"[^>]* value="([^"]+)"', shown)
    assert confirmed
    _decide(client, asked, confirmed=confirmed[1])
    session.expire_all()
    number = session.scalars(select(DataRequest.certificate_number).where(DataRequest.id == asked.id)).one()
    there = set(session.scalars(select(AuditEvent.event).where(AuditEvent.actor_name == "Tess Zonderling")))

    page = client.get(f"/wisbewijzen/{number}").get_data(as_text=True)
    went, _, stayed = page.partition('id="gewist"')[2].partition('id="blijft"')

    assert there == {"accounts.signed_in", "record.viewed"}
    assert "Sporen van inloggen" not in went
    assert "Wanneer u inlogde, staat nog in het logboek." in stayed
    assert "Uw naam staat nog in het logboek." in stayed
    assert "Niemand kan nog lezen" not in stayed
