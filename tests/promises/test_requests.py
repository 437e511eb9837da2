"""What the statements promise of requests, each at its own school, from the learner's page to the answer."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask

from portal.core.clock import today
from portal.core.db.scope import checkpoint, in_school
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.learners.record.models import Learner
from portal.policy.queries import current_policy
from portal.purposes.objections.queries import list_objections
from portal.purposes.queries import asked_before_use
from portal.purposes.restrictions.queries import list_restrictions
from portal.purposes.restrictions.services import lift_restriction, tell_of_lifting
from portal.requests.answers.grounds import Ground
from portal.requests.answers.services import decide_request
from portal.requests.data_requests.models import DataRequest, RequestKind
from portal.requests.data_requests.own_routes import SLUGS
from tests.conftest import school_id
from tests.factories.consent import is_open
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff, ask
from tests.jobs import do_jobs
from tests.page_client import PageClient
from tests.signing_in import SignIn

MEESTER, STEP, PRO, LEREN = "meester-in-nt2", "step-inburgering", "onderwijs-pro", "leren-leren"
TYPED: dict[str, dict[str, Any]] = {
    "zien": {},
    "verbeteren": {"body": "Mijn straat klopt niet."},
    "wissen": {"categories": ["contact"]},
    "afschermen": {"restriction_ground": "claim", "categories": ["contact"]},
    "meenemen": {"organisation": "Taalschool Elders"},
}
At = Callable[[str], tuple[PageClient, Learner]]


@pytest.fixture
def signed_in_at(client_at: Callable[[str], PageClient], sign_in: SignIn) -> At:
    """A learner of a school with a phone number, signed in by two steps."""

    def entered(slug: str) -> tuple[PageClient, Learner]:
        with in_school(school_id(slug)):
            learner = make_learner("Amina", "Yilmaz", phone="0612345678")
        client = client_at(slug)
        sign_in(client, "learner", learner=learner)
        return client, learner

    return entered


def file(client: PageClient, slug: str, **typed: Any) -> str:
    """Ask for one thing, and return the address of the request."""
    answer = client.post(f"/mijn/rechten/vragen/{slug}", TYPED.get(slug, {}) | typed)
    assert answer.status_code == 303, unescape(answer.get_data(as_text=True))[-3000:]
    return str(answer.location)


def objectable(slug: str) -> str:
    with in_school(school_id(slug)):
        stopping = asked_before_use(current_policy())
        return next(each.key for each in current_policy().purposes if each.may_be_objected_to and each.key in stopping)


def row_at(slug: str, address: str) -> DataRequest:
    return session.get_one(DataRequest, (school_id(slug), address.rpartition("/")[2]))


def text_at(client: PageClient, address: str) -> str:
    return unescape(client.get(address).get_data(as_text=True))


@pytest.mark.promise("MN-18")
def test_at_meester_she_asks_to_see_and_to_erase_and_both_are_done(app: Flask, signed_in_at: At) -> None:
    client, learner = signed_in_at(MEESTER)
    seen, erased = file(client, "zien"), file(client, "wissen")
    with in_school(school_id(MEESTER)):
        decide_request(row_at(MEESTER, erased).id, {}, reply="Gewist.", by=as_staff())
        do_jobs("requests.make_copy")
        checkpoint()
        assert session.get_one(Learner, (learner.school_id, learner.id), populate_existing=True).phone is None
    assert "Gewist." in text_at(client, erased)
    assert client.post(f"{seen.replace('/rechten/', '/rechten/kopie/')}/ophalen").data.startswith(b"PK")


@pytest.mark.promise("ST-08", part="shielded")
def test_at_step_what_is_shielded_is_seen_by_no_staff_until_it_is_lifted(
    signed_in_at: At, client_at: Callable[[str], PageClient], sign_in: SignIn
) -> None:
    client, learner = signed_in_at(STEP)
    address = file(client, "afschermen", categories=[])
    office = client_at(STEP)
    sign_in(office, "administration")
    record = f"/cursisten/{learner.id}"
    assert "0612345678" in text_at(office, record).replace(" ", "").replace("-", "")
    with in_school(school_id(STEP)):
        decide_request(row_at(STEP, address).id, {}, reply="Het is afgeschermd.", by=as_staff())
    assert office.get(record).status_code == 404
    assert "Yilmaz" not in text_at(office, "/cursisten?zoek=yilm").partition("<main")[2].replace('value="yilm"', "")
    with in_school(school_id(STEP)):
        assert not is_open("contact", learner.id, SYSTEM)
        [restriction] = list_restrictions(learner.id, SYSTEM)
        tell_of_lifting(restriction.id, by=as_staff())
        lift_restriction(restriction.id, by=as_staff())
    assert office.get(record).status_code == 200


@pytest.mark.promise("ST-09", part="objection")
def test_at_step_an_objection_stops_what_it_names_while_it_is_decided_on(signed_in_at: At) -> None:
    client, learner = signed_in_at(STEP)
    purpose = objectable(STEP)
    with in_school(school_id(STEP)):
        assert is_open(purpose, learner.id, SYSTEM)
    address = file(client, "bezwaar", purposes=[purpose], body="Door mijn situatie.")
    assert "Het gebruik stopt nu al" in text_at(client, address)
    with in_school(school_id(STEP)):
        assert row_at(STEP, address).is_undecided
        assert not is_open(purpose, learner.id, SYSTEM)


@pytest.mark.promise("ST-11", "OP-14")
@pytest.mark.promise("LL-14", part="authority")
@pytest.mark.parametrize("slug", [STEP, PRO, LEREN])
def test_complaint_and_refusal_name_the_authority(signed_in_at: At, slug: str) -> None:
    client, learner = signed_in_at(slug)
    with in_school(school_id(slug)):
        request = ask(learner, RequestKind.RECTIFICATION, body="Mijn naam.")
        decide_request(request.id, {"": Ground.IS_RIGHT}, reply="Het klopt.", proof="Zie het bewijs.", by=as_staff())
        refusal = f"/mijn/rechten/{request.id}"
    for page in ("/mijn/rechten/klacht", refusal, "/mijn/rechten"):
        text = text_at(client, page)
        assert "Autoriteit Persoonsgegevens" in text
        assert "zes weken" in text
        assert "geen advocaat" in text


@pytest.mark.promise("OP-13")
def test_at_onderwijs_pro_an_answer_is_due_in_four_weeks_and_she_hears_of_more_time(
    signed_in_at: At, client_at: Callable[[str], PageClient], sign_in: SignIn
) -> None:
    client, _learner = signed_in_at(PRO)
    address = file(client, "verbeteren")
    with in_school(school_id(PRO)):
        row = row_at(PRO, address)
        assert row.due_on == today() + timedelta(days=28)
        row.due_on = today() + timedelta(days=2)
    desk, at = client_at(PRO), address.replace("/mijn/rechten/", "/verzoeken/")
    sign_in(desk, "privacy_staff")
    assert "nog 2 dagen" in text_at(desk, "/verzoeken?welke=soon")
    assert desk.post(f"{at}/verlengen", {"because": "complexity", "reason": ""}).status_code == 422
    desk.post(f"{at}/verlengen", {"because": "complexity", "reason": "Er zijn veel verslagen."})
    assert "Er zijn veel verslagen." in text_at(client, address)


@pytest.mark.promise("OP-11", "LL-14", part="own page")
@pytest.mark.parametrize("slug", [PRO, LEREN])
def test_each_right_is_asked_from_her_own_page_and_followed_there(signed_in_at: At, slug: str) -> None:
    client, learner = signed_in_at(slug)
    page = text_at(client, "/mijn/rechten")
    for each in SLUGS:
        assert f"/mijn/rechten/vragen/{each}" in page
        purposes = [objectable(slug)] if each == "bezwaar" else []
        address = file(client, each, **({"purposes": purposes, "body": "Door mijn situatie."} if purposes else {}))
        assert address in text_at(client, "/mijn/rechten")
    assert "/mijn/toestemmingen" in page
    with in_school(school_id(slug)):
        assert len(list_objections(learner.id, SYSTEM)) == 1


@pytest.mark.promise("OP-11", part="organisation")
def test_at_onderwijs_pro_her_data_goes_to_whom_she_names_and_that_is_logged(
    app: Flask, signed_in_at: At, client_at: Callable[[str], PageClient], sign_in: SignIn
) -> None:
    client, _learner = signed_in_at(PRO)
    address = file(client, "meenemen")
    with in_school(school_id(PRO)):
        do_jobs("requests.make_copy")
    desk = client_at(PRO)
    sign_in(desk, "privacy_staff")
    given = desk.post(f"{address.replace('/mijn/rechten/', '/verzoeken/')}/kopie/geven", {"identity_seen": "paspoort"})
    assert given.data.startswith(b"PK"), unescape(given.get_data(as_text=True))[-2000:]
    assert "Taalschool Elders" in text_at(client, "/mijn/wie-kreeg")
