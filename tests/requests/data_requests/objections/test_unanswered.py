"""No decision in time means stopped for good, whoever objects; what isn't stopped by the portal waits at the desk."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.contacts.subscriptions.queries import refusals
from portal.core.audit.models import AuditEvent
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.purposes.objections.queries import list_objections
from portal.requests.answers.services import Finish, finish_by_hand
from portal.requests.askers.services import Person, name_person
from portal.requests.data_requests.models import DataRequest, Outcome, RequestKind
from portal.requests.data_requests.objections import grant_unanswered
from portal.requests.data_requests.presenters import told_answers
from portal.requests.data_requests.queries import list_answers
from portal.schools.queries import SchoolView
from tests.conftest import school_id
from tests.factories.copies import identified
from tests.factories.learners import make_contact_person, make_learner, make_organisation, make_representative
from tests.factories.requests import as_staff, ask_from_outside
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

LEREN = school_id("leren-leren")
OTHERS: Mapping[str, Callable[[], Person]] = {
    "contact person": lambda: Person(contact_person_id=make_contact_person(make_organisation()).id),
    "staff": lambda: Person(account_id=make_account("Tess Bakker", "teacher").id),
    "representative": lambda: Person(representative_id=make_representative(make_learner()).id),
}
STOPPED = re.compile("is gestopt|hiermee gestopt|stopt nu al|gebruikt dit niet meer")


def objection_of(person: Person, *purposes: str) -> DataRequest:
    known = {name: value for name, value in vars(person).items() if value is not None}
    return identified("objection", purposes=list(purposes), **known)


def let_its_day_go_by(request: DataRequest) -> DataRequest:
    request.due_on = today() - timedelta(days=1)
    session.flush()
    assert grant_unanswered() == 1
    assert grant_unanswered() == 0
    return request


def notes_of(request: DataRequest) -> list[str]:
    return [note for _title, _answer, _ground, note in told_answers(request, list_answers(request))]


@pytest.mark.promise("ST-09", part="objection")
@pytest.mark.parametrize("who", OTHERS)
def test_the_yes_is_given_and_a_task_stays_where_nothing_asks_before_that_use(school: SchoolView, who: str) -> None:
    request = let_its_day_go_by(objection_of(OTHERS[who](), "security"))
    assert (request.outcome, request.is_left_to_do) == (Outcome.GRANTED, True)
    assert notes_of(request) == ["De school mag dit niet meer doen. Zij moet het nog stoppen."]
    finish_by_hand(request.id, Finish.STOPPED, by=as_staff())
    assert not request.is_open
    assert notes_of(request) == ["De school is hiermee gestopt."]


@pytest.mark.parametrize("who", OTHERS)
def test_marketing_stops_by_itself_for_whoever_objects(school: SchoolView, who: str) -> None:
    with in_school(LEREN):
        person, address = OTHERS[who](), f"{uuid4().hex[:9]}@example.org"
        request = ask_from_outside(RequestKind.OBJECTION, purposes=("service_news",), asker_contact=address)
        name_person(request.id, person, by=as_staff())
        assert (request.outcome, request.is_open) == (Outcome.GRANTED, False)
        assert set(refusals("service_news", [address])) == {address}


def test_the_no_is_kept_at_the_address_by_which_the_school_knows_her(school: SchoolView) -> None:
    with in_school(LEREN):
        account = make_account("Tess Bakker", "teacher")
        request = ask_from_outside(RequestKind.OBJECTION, purposes=("service_news",))
        name_person(request.id, Person(account_id=account.id), by=as_staff())
        assert set(refusals("service_news", [account.email or ""])) == {account.email}


def test_of_whom_nobody_knows_the_desk_still_looks_for_her(school: SchoolView) -> None:
    found, nobody = (ask_from_outside(RequestKind.OBJECTION, purposes=("improvement",)) for _ in "ab")
    for each in (found, nobody):
        let_its_day_go_by(each)
        assert (each.outcome, each.is_left_to_do) == (Outcome.GRANTED, True)
    learner, by = make_learner(), as_staff()
    name_person(found.id, Person(learner_id=learner.id), by=by)
    assert [each.settled_at is not None for each in list_objections(learner.id, SYSTEM)] == [True]
    assert not found.is_open
    finish_by_hand(nobody.id, Finish.NOBODY_FOUND, by=by)
    assert not nobody.is_open
    logged = session.scalars(select(AuditEvent).where(AuditEvent.event == "requests.nobody_found")).all()
    assert [(each.actor_id, each.subject_id) for each in logged] == [(by.account_id, nobody.id)]


def test_what_the_portal_does_not_stop_stays_a_task_once_she_is_found(school: SchoolView) -> None:
    request = let_its_day_go_by(ask_from_outside(RequestKind.OBJECTION, purposes=("security",)))
    name_person(request.id, Person(learner_id=make_learner().id), by=as_staff())
    assert request.is_left_to_do


def test_the_desk_is_led_to_look_for_her(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    request = let_its_day_go_by(ask_from_outside(RequestKind.OBJECTION, purposes=("security",)))
    sign_in(client, "privacy_staff")
    at = f"/verzoeken/{request.id}"
    page = client.get(at).get_data(as_text=True)
    assert f"{at}/persoon" in page
    assert "Ik zocht, en vond niemand" in page
    assert "Wij zijn ermee gestopt" not in page
    assert client.get(f"{at}/persoon").status_code == 200
    assert client.post(f"{at}/gedaan", button_at(client, at)).status_code == 303
    assert "niemand gevonden" in client.get(at).get_data(as_text=True)


def button_at(client: PageClient, at: str) -> dict[str, str]:
    """Return what the button sends by which what is left to do is done."""
    form = re.search(rf'action="{at}/gedaan">(.*?)</form>', client.get(at).get_data(as_text=True), re.S)
    assert form is not None
    return dict(re.findall(r'name="(said)" value="([^"]+)"', form[1]))


def stored(request: DataRequest) -> DataRequest:
    return session.get_one(DataRequest, (request.school_id, request.id), populate_existing=True)


def events_of(request: DataRequest) -> set[str]:
    return set(session.scalars(select(AuditEvent.event).where(AuditEvent.subject_id == request.id)))


@pytest.mark.parametrize("use", ["security", "improvement"])
def test_that_nobody_was_found_is_not_said_of_whom_a_colleague_named_meanwhile(
    client: PageClient, sign_in: SignIn, school: SchoolView, use: str
) -> None:
    request = let_its_day_go_by(ask_from_outside(RequestKind.OBJECTION, purposes=(use,)))
    sign_in(client, "privacy_staff")
    at = f"/verzoeken/{request.id}"
    pressed = button_at(client, at)
    name_person(request.id, Person(learner_id=make_learner().id), by=as_staff())
    notes, is_left = notes_of(stored(request)), stored(request).is_left_to_do
    assert is_left == (use == "security")
    answer = client.post(f"{at}/gedaan", pressed)
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Dit verzoek is intussen anders" in page
    assert "Ik zocht, en vond niemand" not in page
    assert (stored(request).is_left_to_do, notes_of(stored(request))) == (is_left, notes)
    assert not {"requests.done_by_hand", "requests.nobody_found"} & events_of(request)
    if is_left:
        assert client.post(f"{at}/gedaan", button_at(client, at)).status_code == 303
        assert not stored(request).is_open
        assert "requests.done_by_hand" in events_of(request)


@pytest.mark.parametrize("said", ["stopped", "", "iets"])
def test_of_whom_nobody_knows_nothing_else_is_said(
    client: PageClient, sign_in: SignIn, school: SchoolView, said: str
) -> None:
    request = let_its_day_go_by(ask_from_outside(RequestKind.OBJECTION, purposes=("security",)))
    sign_in(client, "privacy_staff")
    answer = client.post(f"/verzoeken/{request.id}/gedaan", {"said": said})
    assert "Dit verzoek is intussen anders" in client.get(answer.headers["Location"]).get_data(as_text=True)
    assert stored(request).is_left_to_do


@pytest.mark.parametrize("role", ["teacher", "representative", "learner"])
def test_no_page_says_that_it_stopped_before_it_did(
    client: PageClient, sign_in: SignIn, school: SchoolView, role: str
) -> None:
    account = make_account("Samira Yilmaz", role)
    learner = make_learner("Amina", "Yilmaz", account_id=account.id if role == "learner" else None)
    if role == "representative":
        row = make_representative(learner, account_id=account.id, name="Samira Yilmaz")
        request = identified("objection", representative_id=row.id, purposes=["security"])
    elif role == "learner":
        request = identified("objection", learner_id=learner.id, purposes=["security"])
    else:
        request = identified("objection", account_id=account.id, purposes=["security"])
    let_its_day_go_by(request)
    sign_in(client, role, account=account, **({"learner": learner} if role == "learner" else {}))
    for path in (f"/mijn/rechten/{request.id}", "/mijn/rechten"):
        text = unescape(client.get(path).get_data(as_text=True))
        assert client.get(path).status_code == 200
        assert not STOPPED.search(text), path
    assert "Zij moet het nog stoppen" in client.get(f"/mijn/rechten/{request.id}").get_data(as_text=True)
