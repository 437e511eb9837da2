"""What a learner asks to correct is corrected from her request, also what stands still until the answer (art. 16)."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.db.scope import in_school, reveal, revealed
from portal.core.db.session import session
from portal.learners.origins.queries import list_origins
from portal.learners.record.models import Learner, Source
from portal.purposes.restrictions.models import RestrictionUse, UseGround
from portal.requests.data_requests.models import DataRequest, Outcome, RequestKind
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.factories.requests import ask, enter
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

HERE, THERE = school_id("lest-best"), school_id("step-inburgering")
NEW = "0687654321"


@pytest.fixture
def amina() -> Learner:
    with in_school(HERE):
        account = make_account("Amina Yilmaz", "learner")
        return make_learner("Amina", "Yilmaz", phone="+31612345678", email="a@example.org", account_id=account.id)


def asked_by(learner: Learner, **wish: Any) -> DataRequest:
    with in_school(HERE):
        return ask(learner, RequestKind.RECTIFICATION, body=f"Mijn nummer is {NEW}.", **wish)


def read_form(client: PageClient, address: str) -> dict[str, str]:
    """Return what the form at an address holds, as it is sent back."""
    text = client.get(address).get_data(as_text=True)
    inputs = re.findall(r"<input[^>]*>", text)
    found = {re.findall(r'name="([^"]+)"', each)[0]: re.findall(r'value="([^"]*)"', each) for each in inputs}
    chosen = {
        name: re.findall(
            r'<option[^>]*\bvalue="([^"]*)"[^>]*\bselected|<option[^>]*\bselected[^>]*\bvalue="([^"]*)"', options
        )
        for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL)
    }
    typed = {name: value[0] for name, value in found.items() if value and name != "csrf_token"}
    return typed | {name: "".join(values[0]) for name, values in chosen.items() if values}


def phone_of(learner: Learner) -> str | None:
    with in_school(HERE), revealed(learner.id):
        return session.get_one(Learner, (HERE, learner.id)).phone


@pytest.mark.parametrize("role", ["privacy_staff", "management"])
@pytest.mark.parametrize("wish", [{}, {"is_restricted_meanwhile": True}, {"categories": ("contact",)}])
def test_a_field_is_corrected_from_the_request(
    client: PageClient, sign_in: SignIn, amina: Learner, role: str, wish: dict[str, Any]
) -> None:
    request = asked_by(amina, **wish)
    sign_in(client, role)
    at = f"/verzoeken/{request.id}/verbeteren/contact"
    assert at in client.get(f"/verzoeken/{request.id}").get_data(as_text=True)
    assert client.post(at, {**read_form(client, at), "phone": NEW}).location == f"/verzoeken/{request.id}"
    assert phone_of(amina) == "+31687654321"
    with in_school(HERE):
        reveal(amina.id)
        origin = list_origins(session.get_one(Learner, (HERE, amina.id)))["learner.phone"]
        assert (origin.source, origin.channel) == (Source.LEARNER, "portal")
        uses = session.scalars(select(RestrictionUse)).all()
        assert len(uses) == ("is_restricted_meanwhile" in wish)
        assert all(use.ground is UseGround.CONSENT and request.number in use.used_for for use in uses)
        logged = select(AuditEvent.id).where(AuditEvent.event == "requests.corrected")
        assert session.scalars(logged).one()


def test_nothing_is_said_to_be_used_where_nothing_changed(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    request = asked_by(amina, is_restricted_meanwhile=True)
    sign_in(client, "privacy_staff")
    at = f"/verzoeken/{request.id}/verbeteren/contact"
    assert client.post(at, read_form(client, at)).status_code == 303
    with in_school(HERE):
        assert session.scalars(select(RestrictionUse)).all() == []


def test_a_yes_waits_until_it_was_corrected(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    request = asked_by(amina)
    sign_in(client, "privacy_staff")
    assert "Het portaal verbetert dit niet vanzelf" in client.get(f"/verzoeken/{request.id}").get_data(as_text=True)
    typed = {"part_0": "", "reply": "Verbeterd."}
    sent = client.post(f"/verzoeken/{request.id}/beslissen", typed)
    assert sent.status_code == 422
    assert "Anders is het antwoord ja niet waar" in sent.get_data(as_text=True)
    assert client.post(f"/verzoeken/{request.id}/beslissen", {**typed, "is_done_by_hand": "y"}).status_code == 303
    with in_school(HERE):
        assert session.get_one(DataRequest, (HERE, request.id)).outcome is Outcome.GRANTED
    at = f"/verzoeken/{request.id}/verbeteren/contact"
    assert client.get(at).status_code == 404
    assert client.post(at, {"phone": NEW}).status_code == 404


def test_what_is_wrong_is_said_beside_the_field(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    request = asked_by(amina, is_restricted_meanwhile=True)
    sign_in(client, "privacy_staff")
    at = f"/verzoeken/{request.id}/verbeteren/contact"
    before = read_form(client, at)
    refused = client.post(at, {**before, "phone": "geen nummer"})
    assert refused.status_code == 422
    assert "geen nummer" in refused.get_data(as_text=True)
    with in_school(HERE):
        reveal(amina.id)
        session.get_one(Learner, (HERE, amina.id)).phone = "+31612121212"
    stale = client.post(at, {**before, "phone": NEW})
    assert stale.status_code == 409
    assert "Dit staat er nu" in stale.get_data(as_text=True)


def test_only_what_she_asks_is_corrected_and_only_once_it_is_known_who_asks(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    part = asked_by(amina, categories=("address",))
    with in_school(HERE):
        doubted = enter(RequestKind.RECTIFICATION, learner_id=amina.id, body="Mijn nummer.")
        other = ask(amina, RequestKind.ACCESS)
    sign_in(client, "privacy_staff")
    for request, category in ((part, "contact"), (doubted, "contact"), (other, "contact"), (part, "account")):
        assert client.get(f"/verzoeken/{request.id}/verbeteren/{category}").status_code == 404
    assert client.get(f"/verzoeken/{part.id}/verbeteren/address").status_code == 200


def test_who_does_not_see_all_of_her_corrects_nothing(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    request = asked_by(amina)
    with in_school(HERE):
        make_account("Pia Privacy", "privacy_staff")
    at = f"/verzoeken/{request.id}/verbeteren/contact"
    for role, status in (("management", 404), ("privacy_officer", 403), ("administration", 403)):
        sign_in(client, role)
        assert client.get(at).status_code == status
    sign_in(client, "management")
    assert at not in client.get(f"/verzoeken/{request.id}").get_data(as_text=True)
