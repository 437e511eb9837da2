"""An objection stops at once what asks before it is done; the rest somebody stops by hand, and pages say which."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from portal.contacts.mailings.queries import find_readers
from portal.contacts.subscriptions.models import NEWSLETTER, SERVICE_NEWS
from portal.contacts.subscriptions.services import Said, offer_no
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.scope import SYSTEM
from portal.learners.record.models import Learner
from portal.organisations.models import ContactPerson, Relation
from portal.policy.queries import current_policy
from portal.purposes.queries import asked_before_use
from portal.requests.answers.services import decide_request
from portal.requests.askers.services import Person, name_person
from portal.requests.data_requests.models import DataRequest, Outcome, RequestKind
from portal.requests.data_requests.objections import grant_unanswered
from portal.requests.data_requests.parts import stopped_by_hand
from portal.requests.data_requests.reminders import remind
from tests.conftest import school_id
from tests.factories.contacts import subscribe
from tests.factories.learners import make_contact_person, make_learner
from tests.factories.policy import SLUGS
from tests.factories.requests import as_staff, ask, ask_from_outside, enter
from tests.page_client import PageClient
from tests.requests.public_requests.test_routes import mails
from tests.signing_in import SignIn, make_account

HERE = school_id("lest-best")
STOPS = ("stopt meteen", "stopt nu al", "gebruik is gestopt")


@pytest.fixture
def amina() -> Learner:
    with in_school(HERE):
        return make_learner("Amina", "Yilmaz")


def text_at(client: PageClient, address: str) -> str:
    text = unescape(client.get(address).get_data(as_text=True))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def asked(learner: Learner, *purposes: str) -> DataRequest:
    with in_school(HERE):
        return ask(learner, RequestKind.OBJECTION, purposes=purposes, body="Door mijn situatie.")


def stored(request: DataRequest) -> DataRequest:
    return session.get_one(DataRequest, (HERE, request.id))


def granted_unanswered(request: DataRequest) -> None:
    """Let its day go by without an answer."""
    with in_school(HERE):
        stored(request).due_on = today() - timedelta(days=1)
    with in_school(HERE):
        assert grant_unanswered() == 1


@pytest.mark.parametrize("slug", SLUGS)
def test_only_of_what_stops_by_itself_it_is_said_that_it_stops(
    client_at: Callable[[str], PageClient], sign_in: SignIn, slug: str
) -> None:
    client, walked = client_at(slug), 0
    with in_school(school_id(slug)):
        learner, stopping = make_learner("Amina", "Yilmaz"), asked_before_use(current_policy())
        uses = [each.key for each in current_policy().purposes if each.may_be_objected_to]
    sign_in(client, "learner", learner=learner)
    for key in uses:
        address = str(client.post("/mijn/rechten/vragen/bezwaar", {"purposes": key, "body": "Nee."}).location)
        assert ("stopt nu al" in text_at(client, address)) <= (key in stopping), key
        at = client.get("/mijn/toestemmingen").get_data(as_text=True)
        row = at[at.index(f'id="doel-{key}"') :].partition("</div>")[0]
        assert ("gestopt" in row) == (key in stopping), key
        assert "U zei nee" in row, key
        walked += 1
    assert walked == len(uses) > 0


@pytest.mark.parametrize(
    ("slug", "role", "stops"),
    [("lest-best", "learner", "some"), ("lest-best", "teacher", "none"), ("meester-in-nt2", "learner", "any")],
)
def test_the_form_says_what_stops_at_once(
    client_at: Callable[[str], PageClient], sign_in: SignIn, slug: str, role: str, stops: str
) -> None:
    client = client_at(slug)
    with in_school(school_id(slug)):
        learner, policy = make_learner("Amina", "Yilmaz"), current_policy()
        stopping = asked_before_use(policy) if role == "learner" else frozenset()
        objectable = {each.key for each in policy.purposes if each.may_be_objected_to}
    sign_in(client, role, learner=learner if role == "learner" else None)
    text = text_at(client, "/mijn/rechten/vragen/bezwaar")
    at_once, later = objectable & stopping, objectable - stopping
    assert ("Het gebruik stopt meteen" in text) == (bool(at_once) and not later)
    assert ("Zegt zij ja? Dan stopt het gebruik." in text) == bool(later)
    assert ("Dit stopt meteen als u nee zegt" in text) == bool(at_once and later)
    assert stops != "none" or not any(each in text for each in STOPS)


@pytest.mark.promise("ST-09", part="objection")
def test_a_yes_to_what_does_not_stop_by_itself_waits_until_it_was_stopped(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    request = asked(amina, "security", "improvement")
    sign_in(client, "privacy_staff")
    text = text_at(client, f"/verzoeken/{request.id}")
    with in_school(HERE):
        policy = current_policy()
        title, other = (str(policy.text(policy.purpose(key).title, "nl")) for key in ("security", "improvement"))
    warning = re.findall(r"Dit stopt niet vanzelf: (.*?)\. Stop het", text)
    assert warning == [title]
    assert other not in warning[0]
    with in_school(HERE):
        with pytest.raises(Invalid, match="do_first"):
            decide_request(request.id, {}, reply="Goed.", by=as_staff())
        alone = ask(make_learner(), RequestKind.OBJECTION, purposes=("improvement",))
        assert decide_request(alone.id, {}, reply="Goed.", by=as_staff()).outcome is Outcome.GRANTED


def test_what_was_granted_by_itself_waits_at_the_desk_until_somebody_stopped_it(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    request = asked(amina, "security")
    sign_in(client, "learner", learner=amina)
    granted_unanswered(request)
    with in_school(HERE):
        assert (stored(request).outcome, stored(request).is_open) == (Outcome.GRANTED, True)
    mine = text_at(client, "/mijn/toestemmingen")
    assert "Het gebruik is gestopt" not in mine
    assert "De school mag dit niet meer doen" in mine
    assert "Zij moet het nog stoppen" in text_at(client, f"/mijn/rechten/{request.id}")
    sign_in(client, "privacy_officer")
    assert "Wij zijn ermee gestopt" not in text_at(client, f"/verzoeken/{request.id}")
    assert client.post(f"/verzoeken/{request.id}/gedaan", {}).status_code == 403
    sign_in(client, "privacy_staff")
    assert "toegewezen, nog te doen" in text_at(client, "/verzoeken")
    assert "Wij zijn ermee gestopt" in text_at(client, f"/verzoeken/{request.id}")
    for _time in range(2):
        assert client.post(f"/verzoeken/{request.id}/gedaan", {"said": "stopped"}).status_code == 303
    with in_school(HERE):
        assert not stored(request).is_open
    assert "Nog te doen" not in text_at(client, f"/verzoeken/{request.id}")
    sign_in(client, "learner", learner=amina)
    assert "De school is hiermee gestopt" in text_at(client, f"/mijn/rechten/{request.id}")


def test_what_stops_by_itself_leaves_nothing_to_do(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    request = asked(amina, "improvement")
    granted_unanswered(request)
    with in_school(HERE):
        assert not stored(request).is_open
    waits = asked(amina, "security")
    sign_in(client, "privacy_staff")
    assert client.post(f"/verzoeken/{waits.id}/gedaan", {}).status_code == 303
    assert "Bij dit verzoek is nu niets te doen" in text_at(client, f"/verzoeken/{waits.id}")
    with in_school(HERE):
        assert stored(waits).is_undecided


def test_who_decides_is_reminded_of_what_is_left_to_do(database: Any, amina: Learner) -> None:
    with in_school(HERE):
        make_account("Pia Privacy", "privacy_staff")
    granted_unanswered(asked(amina, "security"))
    with in_school(HERE):
        assert remind() == 1
    [mailed] = mails("requests/reminder")
    assert '"count": 0' in mailed
    assert '"to_do": 1' in mailed


def test_who_says_yes_again_leaves_nothing_to_do(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    request = asked(amina, "security")
    granted_unanswered(request)
    sign_in(client, "learner", learner=amina)
    client.post("/mijn/rechten/bezwaar/security/toch-ja", {})
    with in_school(HERE):
        assert not stored(request).is_open


LEREN = school_id("leren-leren")


def customer() -> ContactPerson:
    """Somebody who bought a service, was offered a no to news of it, and didn't say so."""
    person = make_contact_person(None, "Kim de Boer", email="kim@example.org", relation=Relation.CUSTOMER)
    subscribe(person, SERVICE_NEWS, bought_on=today())
    subscribe(person, NEWSLETTER)
    return person


def readers(purpose: str) -> list[str]:
    return [each.email for each in find_readers(purpose, SYSTEM).readers]


@pytest.mark.promise("LL-07")
def test_a_contact_who_objects_to_news_of_services_gets_no_more_of_it_at_once_and_for_good(database: Any) -> None:
    with in_school(LEREN):
        person = customer()
        assert readers(SERVICE_NEWS) == ["kim@example.org"]
        request = enter(RequestKind.OBJECTION, contact_person_id=person.id, purposes=(SERVICE_NEWS,))
        assert readers(SERVICE_NEWS) == []
        assert (request.outcome, request.is_open) == (Outcome.GRANTED, False)
        with pytest.raises(Invalid, match="said_no_before"):
            offer_no(person.id, bought_on=today(), said=Said.NOT_NO, by=as_staff("administration"))
        assert readers(NEWSLETTER) == ["kim@example.org"]


def test_so_where_the_desk_says_later_whose_it_is_and_where_it_is_one_of_more(database: Any) -> None:
    with in_school(LEREN):
        person, by = customer(), as_staff()
        from_outside = ask_from_outside(RequestKind.OBJECTION, purposes=(SERVICE_NEWS, "security"))
        name_person(from_outside.id, Person(contact_person_id=person.id), by=by)
        assert readers(SERVICE_NEWS) == []
        assert from_outside.is_undecided
        assert stopped_by_hand(from_outside) == ["security"]
        with pytest.raises(Invalid, match="do_first"):
            decide_request(from_outside.id, {}, reply="Goed.", by=by)
        decide_request(from_outside.id, {}, reply="Goed.", is_done_by_hand=True, by=by)
        assert from_outside.outcome is Outcome.GRANTED


def test_a_contact_who_takes_her_yes_to_the_newsletter_back_gets_it_no_more(database: Any) -> None:
    with in_school(LEREN):
        person = customer()
        request = enter(RequestKind.CONSENT_WITHDRAWAL, contact_person_id=person.id, purposes=(NEWSLETTER,))
        decide_request(request.id, {}, reply="Gestopt.", by=as_staff())
        assert readers(NEWSLETTER) == []
        assert readers(SERVICE_NEWS) == ["kim@example.org"]
