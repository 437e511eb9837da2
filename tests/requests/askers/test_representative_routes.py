"""At the desk: which of those who act for a learner asks this for her."""

from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest

from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.representation.models import Representative, RepresentativeKind
from portal.requests.answers.services import decide_request
from portal.requests.askers.services import Person, name_person
from portal.requests.data_requests.models import DataRequest, IdentityCheck, RequestKind
from portal.requests.data_requests.services import check_identity
from tests.conftest import school_id
from tests.factories.learners import make_learner, make_representative
from tests.factories.requests import as_staff, ask_from_outside
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE, THERE = school_id("lest-best"), school_id("step-inburgering")


@pytest.fixture
def asked(client: PageClient) -> tuple[UUID, UUID]:
    """A request from outside for Amina, and her mentor, whose decision names attendance alone."""
    with in_school(HERE):
        learner = make_learner("Amina", "Yilmaz")
        row = ask_from_outside(RequestKind.ERASURE, asked_for="Amina Yilmaz")
        name_person(row.id, Person(learner_id=learner.id), by=as_staff())
        acting = make_representative(
            learner, kind=RepresentativeKind.MENTOR, categories=["attendance"], name="Mentor M"
        )
        return row.id, acting.id


def page_of(client: PageClient, path: str) -> str:
    return unescape(client.get(path).get_data(as_text=True))


def stored(request_id: UUID) -> DataRequest:
    return session.get_one(DataRequest, (HERE, request_id), populate_existing=True)


@pytest.mark.promise("LB-11")
def test_the_desk_chooses_who_asks_and_reads_what_she_may_not_ask(
    client: PageClient, sign_in: SignIn, asked: tuple[UUID, UUID]
) -> None:
    request_id, acting_id = asked
    at = f"/verzoeken/{request_id}"
    sign_in(client, "privacy_staff")
    before = page_of(client, at)
    assert "Kies dan wie dit voor de cursist vraagt." in before
    assert f"{at}/gezien" not in before
    refused = client.post(f"{at}/gezien", {"said": "mag"}, follow_redirects=True).get_data(as_text=True)
    assert "Kies eerst wie dit voor de cursist vraagt." in refused

    assert "Mentor M" in page_of(client, f"{at}/vertegenwoordiger")
    for _twice in range(2):
        assert client.post(f"{at}/vertegenwoordiger", {"asked_by": str(acting_id)}).status_code == 303

    after = page_of(client, at)
    assert "Mentor M" in after
    assert "Ook gevraagd, maar dit mag deze vertegenwoordiger niet vragen:" in after
    assert f"{at}/gezien" in after
    client.post(f"{at}/gezien")
    with in_school(HERE):
        row = stored(request_id)
        assert (row.asked_by_id, row.categories) == (acting_id, ["attendance"])
        assert row.identity_check is IdentityCheck.COUNTER
        decide_request(request_id, {}, reply="", by=as_staff())
    letter = page_of(client, f"{at}/brief")
    assert "Mentor M" in letter
    assert "Dit gaat over" in letter
    assert "Wie dit vraagt, mag dit niet voor de cursist vragen." in letter


def test_nothing_chosen_and_who_ended_meanwhile_are_said_beside_the_choice(
    client: PageClient, sign_in: SignIn, asked: tuple[UUID, UUID]
) -> None:
    request_id, acting_id = asked
    at = f"/verzoeken/{request_id}/vertegenwoordiger"
    sign_in(client, "privacy_staff")
    nothing = client.post(at)
    assert nothing.status_code == 422
    assert "Kies wie dit vraagt." in nothing.get_data(as_text=True)
    with in_school(HERE):
        session.get_one(Representative, (HERE, acting_id)).ended_at = now()
    assert client.post(at, {"asked_by": str(acting_id)}).status_code == 422
    assert "Er is niemand vastgelegd" in page_of(client, at)
    with in_school(HERE):
        assert stored(request_id).asked_by_id is None


def test_nobody_of_another_learner_or_school_is_chosen(
    client: PageClient, sign_in: SignIn, asked: tuple[UUID, UUID]
) -> None:
    request_id, _acting_id = asked
    with in_school(HERE):
        others = [make_representative(make_learner("Omar", "Haddad")).id]
    with in_school(THERE):
        others.append(make_representative(make_learner("Noor", "Bakker")).id)
    sign_in(client, "privacy_staff")
    for each in (*others, "geen id"):
        assert client.post(f"/verzoeken/{request_id}/vertegenwoordiger", {"asked_by": str(each)}).status_code == 422
    with in_school(HERE):
        assert stored(request_id).asked_by_id is None


def test_a_parent_is_not_offered_for_one_of_sixteen(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = make_learner("Kim", "Yilmaz", birth_date=today() - timedelta(days=17 * 366))
        make_representative(learner, kind=RepresentativeKind.PARENT, name="Moeder Yilmaz")
        row = ask_from_outside(RequestKind.ACCESS, asked_for="Kim Yilmaz")
        name_person(row.id, Person(learner_id=learner.id), by=as_staff())
    sign_in(client, "privacy_staff")
    assert "Moeder Yilmaz" not in page_of(client, f"/verzoeken/{row.id}/vertegenwoordiger")


def test_who_may_records_somebody_first_and_comes_back(
    client: PageClient, sign_in: SignIn, asked: tuple[UUID, UUID]
) -> None:
    request_id, _acting_id = asked
    sign_in(client, "management")
    at = f"/verzoeken/{request_id}/vertegenwoordiger"
    assert "/vertegenwoordigers/nieuw?terug=" in page_of(client, at)
    sign_in(client, "privacy_staff")
    assert "Vraag de administratie" in page_of(client, at)


def test_once_it_is_known_who_asks_nobody_is_chosen(
    client: PageClient, sign_in: SignIn, asked: tuple[UUID, UUID]
) -> None:
    request_id, acting_id = asked
    at = f"/verzoeken/{request_id}/vertegenwoordiger"
    sign_in(client, "privacy_staff")
    client.post(at, {"asked_by": str(acting_id)})
    with in_school(HERE):
        other = make_representative(make_learner("Bo", "Bos"), name="Ander").id
        check_identity(request_id, IdentityCheck.COUNTER, by=as_staff())
    assert client.get(at).status_code == 404
    assert client.post(at, {"asked_by": str(other)}).status_code == 422
    with in_school(HERE):
        assert stored(request_id).asked_by_id == acting_id


@pytest.mark.promise("LB-11")
def test_what_was_seen_before_it_was_known_for_whom_counts_no_more(client: PageClient, sign_in: SignIn) -> None:
    """Else a whole copy would go to who may see her attendance alone."""
    with in_school(HERE):
        learner = make_learner("Amina", "Yilmaz")
        request_id = ask_from_outside(RequestKind.ACCESS, asked_for="Amina Yilmaz").id
        check_identity(request_id, IdentityCheck.COUNTER, saw_authority=True, by=as_staff())
        name_person(request_id, Person(learner_id=learner.id), by=as_staff())
        acting_id = make_representative(
            learner, kind=RepresentativeKind.MENTOR, categories=["attendance"], name="Mentor M"
        ).id
        assert stored(request_id).identity_check is None
    at = f"/verzoeken/{request_id}"
    sign_in(client, "privacy_staff")
    assert "Kies dan wie dit voor de cursist vraagt." in page_of(client, at)

    client.post(f"{at}/vertegenwoordiger", {"asked_by": str(acting_id)})
    client.post(f"{at}/gezien")

    with in_school(HERE):
        row = stored(request_id)
        assert (row.identity_check, row.categories) == (IdentityCheck.COUNTER, ["attendance"])
