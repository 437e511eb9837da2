"""The desk says whose a request is, checks who asks, and answers; also that nothing is held."""

from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.audit.queries import list_of_learner
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.learners.record.models import Learner
from portal.purposes.restrictions.models import RestrictionGround
from portal.purposes.restrictions.services import restrict
from portal.requests.copies.models import DataCopy
from portal.requests.data_requests.models import DataRequest, Outcome, RequestKind
from portal.requests.data_requests.queries import text_of
from tests.conftest import school_id
from tests.factories.complaints import complain_from_outside
from tests.factories.learners import make_contact_person, make_learner, make_organisation, make_representative
from tests.factories.requests import as_staff, enter
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

HERE, THERE = school_id("lest-best"), school_id("step-inburgering")


@pytest.fixture
def amina() -> Learner:
    with in_school(HERE):
        return make_learner("Amina", "Yilmaz", email="amina@example.org")


def unknown(kind: RequestKind = RequestKind.ACCESS, **given: Any) -> DataRequest:
    with in_school(HERE):
        request = enter(kind, body="Wat hebt u?")
        for name, value in given.items():
            setattr(request, name, value)
        return request


def again(request: DataRequest) -> DataRequest:
    with in_school(HERE):
        return session.get_one(DataRequest, (HERE, request.id), populate_existing=True)


def page_of(client: PageClient, path: str) -> str:
    return unescape(client.get(path).get_data(as_text=True))


def test_whose_it_is_is_found_by_what_was_given_and_then_what_is_asked_is_made(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    request = unknown(asker_number=amina.number)
    at = f"/verzoeken/{request.id}"
    sign_in(client, "privacy_staff")
    assert "Amina Yilmaz" in page_of(client, f"{at}/persoon")
    client.post(f"{at}/persoon", {"cursist": str(amina.id)})
    with in_school(HERE):
        row = again(request)
        assert (row.learner_id, row.identity_check) == (amina.id, None)
        assert text_of(row, "body") == "Wat hebt u?"
        assert "requests.person_named" in [each.event for each in list_of_learner(amina.id)]
        assert not session.scalars(select(DataCopy)).all()
    client.post(f"{at}/gezien")
    with in_school(HERE):
        assert [copy.learner_id for copy in session.scalars(select(DataCopy))] == [amina.id]
    assert client.get(f"{at}/persoon").status_code == 404


def test_who_is_known_at_the_counter_first_is_named_then(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    request = unknown()
    sign_in(client, "privacy_staff")
    client.post(f"/verzoeken/{request.id}/gezien")
    client.post(f"/verzoeken/{request.id}/persoon", {"cursist": str(amina.id)})
    with in_school(HERE):
        assert [copy.learner_id for copy in session.scalars(select(DataCopy))] == [amina.id]
    client.post(f"/verzoeken/{request.id}/persoon", {"cursist": str(amina.id)})
    assert "hoort al een persoon" in page_of(client, f"/verzoeken/{request.id}")


def test_a_wrong_person_is_put_right_before_it_is_known_who_asks(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(HERE):
        other = make_learner("Omar", "Haddad")
    request = unknown()
    sign_in(client, "privacy_staff")
    for learner in (other, amina):
        client.post(f"/verzoeken/{request.id}/persoon", {"cursist": str(learner.id)})
    with in_school(HERE):
        assert again(request).learner_id == amina.id
        assert text_of(again(request), "body") == "Wat hebt u?"


def test_an_objection_stops_the_use_once_it_is_known_whose_it_is(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    from portal.core.http.scope import SYSTEM
    from tests.factories.consent import is_open

    with in_school(HERE):
        request = enter(RequestKind.OBJECTION, purposes=("security",))
        assert is_open("security", amina.id, SYSTEM)
    sign_in(client, "privacy_staff")
    client.post(f"/verzoeken/{request.id}/persoon", {"cursist": str(amina.id)})
    with in_school(HERE):
        assert not is_open("security", amina.id, SYSTEM)


def test_contact_people_and_who_worked_here_are_found_too(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        contact = make_contact_person(make_organisation("Gemeente Zeist"), name="Karin de Wit")
        former = make_account("Bas de Boer", "teacher")
        former.ended_at = None
    sign_in(client, "privacy_staff")
    for word, value, column in (
        ("zeist", ("contactpersoon", contact.id), "contact_person_id"),
        ("boer", ("medewerker", former.id), "account_id"),
    ):
        request = unknown()
        at = f"/verzoeken/{request.id}/persoon"
        assert str(value[1]) in page_of(client, f"{at}?zoek={word}")
        client.post(at, {value[0]: str(value[1])})
        assert getattr(again(request), column) == value[1]


def test_who_restricted_everything_is_met_by_what_she_gave_and_in_no_search(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(HERE):
        restrict(amina.id, ground=RestrictionGround.CLAIM, categories=[], by=as_staff())
    request = unknown(asker_birth_date=amina.birth_date, asker_name="A. Yilmaz")
    at = f"/verzoeken/{request.id}/persoon"
    sign_in(client, "privacy_staff")
    assert "Amina Yilmaz" in page_of(client, at)
    assert "Amina Yilmaz" not in page_of(client, f"/verzoeken/{unknown().id}/persoon?zoek=yilmaz")
    client.post(at, {"cursist": str(amina.id)})
    assert again(request).learner_id == amina.id


def test_nothing_held_is_said_only_once_it_is_known_who_asks(client: PageClient, sign_in: SignIn) -> None:
    request = unknown(asker_contact="noor@example.org")
    at = f"/verzoeken/{request.id}"
    sign_in(client, "privacy_staff")
    client.post(f"{at}/niets")
    assert "Eerst moet zeker zijn" in page_of(client, at)
    assert again(request).outcome is None
    client.post(f"{at}/gezien")
    assert "Wij hebben niets van deze persoon" in page_of(client, at)
    client.post(f"{at}/niets")
    row = again(request)
    assert (row.outcome, row.closed_at is not None) == (Outcome.NOTHING_HELD, True)
    letter = page_of(client, f"{at}/brief")
    assert "Wij hebben geen gegevens van u." in letter
    assert "Autoriteit Persoonsgegevens" in letter


def test_of_somebody_whose_data_is_here_it_is_never_said(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(HERE):
        request = enter(learner_id=amina.id)
    sign_in(client, "privacy_staff")
    client.post(f"/verzoeken/{request.id}/gezien")
    client.post(f"/verzoeken/{request.id}/niets")
    assert again(request).outcome is None


def test_only_who_decides_says_whose_it_is_and_another_schools_people_are_not_there(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(THERE):
        other = make_learner("Olena", "Kovalenko")
    request = unknown(received_on=today())
    at = f"/verzoeken/{request.id}"
    for role in ("administration", "privacy_officer", "teacher"):
        sign_in(client, role)
        assert client.get(f"{at}/persoon").status_code == 403
        assert client.post(f"{at}/persoon", {"cursist": str(amina.id)}).status_code == 403
        assert client.post(f"{at}/niets").status_code == 403
    sign_in(client, "privacy_staff")
    assert client.post(f"{at}/persoon", {"cursist": str(other.id)}).status_code == 404
    assert client.post(f"{at}/persoon", {}).status_code == 404
    assert again(request).learner_id is None


def test_exactly_one_person_is_named_and_nobody_of_another_school_beside_her(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(THERE):
        elsewhere = make_learner("Olena", "Kovalenko").id
        account_elsewhere = make_account("Olaf", "teacher").id
    with in_school(HERE):
        tess = make_account("Tess", "teacher").id
        contact = make_contact_person(make_organisation()).id
        complaint = complain_from_outside()
    request = unknown()
    sign_in(client, "privacy_staff")
    for named in (
        {"cursist": amina.id, "medewerker": tess},
        {"cursist": amina.id, "medewerker": account_elsewhere},
        {"contactpersoon": contact, "cursist": elsewhere},
        {"medewerker": account_elsewhere},
        {"cursist": elsewhere},
        {"vertegenwoordiger": elsewhere},
        {"contactpersoon": elsewhere},
        {},
    ):
        sent = {key: str(value) for key, value in named.items()}
        for role, at in (("privacy_staff", f"/verzoeken/{request.id}"), ("management", f"/klachten/{complaint.id}")):
            sign_in(client, role)
            assert client.post(f"{at}/persoon", sent).status_code == 404, (at, named)
    assert again(request).known_person_id is None


def test_who_complains_is_nobody_who_acts_for_another(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(HERE):
        acting = make_representative(amina)
        complaint = complain_from_outside()
    sign_in(client, "management")
    assert client.post(f"/klachten/{complaint.id}/persoon", {"vertegenwoordiger": str(acting.id)}).status_code == 404


def test_no_two_people_are_chosen_to_write_something_down(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(HERE):
        tess = make_account("Tess", "teacher").id
    sign_in(client, "privacy_staff")
    for at in ("/verzoeken/nieuw", "/verzoeken/nieuw/access", "/verzoeken/nieuw/klacht"):
        assert client.get(f"{at}?cursist={amina.id}&medewerker={tess}").status_code == 404
