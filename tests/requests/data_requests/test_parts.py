"""The parts of a request by what somebody is to the school, and a yes that the portal doesn't carry out."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from portal.core.db.scope import in_school
from portal.core.errors import Conflict, Invalid
from portal.core.http.scope import SYSTEM
from portal.policy.queries import current_policy
from portal.purposes.objections.queries import list_objections
from portal.requests.answers.grounds import Ground
from portal.requests.answers.services import decide_request
from portal.requests.data_requests.models import DataRequest, IdentityCheck, Outcome, RequestKind
from portal.requests.data_requests.parts import is_carried_out, open_subjects, subjects_of
from portal.requests.data_requests.presenters import by_hand, told_answers
from portal.requests.data_requests.queries import list_answers
from portal.requests.data_requests.services import check_identity
from portal.schools.queries import SchoolView
from tests.conftest import school_id
from tests.factories.copies import identified
from tests.factories.learners import make_contact_person, make_learner, make_organisation, make_representative
from tests.factories.requests import as_staff, ask, ask_from_outside
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account


def of_staff(kind: str, **more: object) -> DataRequest:
    return identified(kind, account_id=make_account("Tess Bakker", "teacher").id, **more)


def of_contact(kind: str, **more: object) -> DataRequest:
    return identified(kind, contact_person_id=make_contact_person(make_organisation()).id, **more)


def test_what_staff_ask_to_erase_is_told_as_the_policy_tells_it_to_them(school: SchoolView) -> None:
    staff = current_policy().staff
    assert staff is not None
    assert subjects_of(of_staff("erasure")) == tuple(each.key for each in staff.data)
    of_hers = subjects_of(of_contact("erasure"))
    assert "contact" in of_hers
    assert not {"bsn", "attendance", "residence"} & set(of_hers)
    representative = make_representative(make_learner())
    assert subjects_of(identified("erasure", representative_id=representative.id)) == ("",)


@pytest.mark.parametrize("kind", ["rectification", "restriction", "objection"])
def test_a_yes_that_nobody_carries_out_waits_until_the_office_says_it_did(school: SchoolView, kind: str) -> None:
    purposes = ["security"] if kind == "objection" else []
    request, by = of_staff(kind, purposes=purposes), as_staff()
    assert not is_carried_out(request)
    assert by_hand(request)
    with pytest.raises(Invalid, match="do_first"):
        decide_request(request.id, {}, reply="Goed.", by=by)
    assert request.decided_at is None
    decide_request(request.id, {}, reply="Goed.", is_done_by_hand=True, by=by)
    notes = {note for _title, _answer, _ground, note in told_answers(request, list_answers(request))}
    told = "De school verbetert dit." if kind == "rectification" else "De school doet dit met de hand."
    assert notes == {f"{told} {by.name} zorgt ervoor."}


@pytest.mark.parametrize("kind", ["restriction", "objection", "portability"])
def test_so_for_a_contact_person(school: SchoolView, kind: str) -> None:
    purposes = ["security"] if kind == "objection" else []
    with pytest.raises(Invalid, match="do_first"):
        decide_request(of_contact(kind, purposes=purposes).id, {}, reply="Goed.", by=as_staff())


def test_a_no_needs_nothing_done_and_what_the_portal_does_neither(school: SchoolView) -> None:
    refused = of_staff("rectification")
    decide_request(refused.id, {"": Ground.IS_RIGHT}, reply="Het klopt.", proof="Zie het contract.", by=as_staff())
    assert refused.outcome is Outcome.REFUSED
    erased = of_contact("erasure")
    decide_request(erased.id, {}, reply="Gewist.", by=as_staff())
    assert erased.contact_person_id is None


def test_the_desk_reads_what_to_do_first(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    request = of_staff("erasure")
    sign_in(client, "privacy_staff")
    page = client.get(f"/verzoeken/{request.id}").get_data(as_text=True)
    assert "Deze persoon werkt hier nog, of handelt nog voor iemand." in page
    assert "Sporen van inloggen" in page
    assert not re.search(r"\bBSN\b", page)
    sent = client.post(f"/verzoeken/{request.id}/beslissen", {"reply": "Wij wissen het."})
    assert sent.status_code in {409, 422}
    assert "Alles wissen kan pas als dat voorbij is. Zeg nu nee" in sent.get_data(as_text=True)
    number = next(n for n, key in enumerate(subjects_of(request)) if key == "roles")
    part = {f"part_{number}": "avg_17_3_b", "reply": "Uw rollen blijven staan."}
    sent = client.post(f"/verzoeken/{request.id}/beslissen", part)
    assert sent.status_code == 422
    assert "Anders is het antwoord ja niet waar" in sent.get_data(as_text=True)


@pytest.mark.parametrize("kind", [RequestKind.RECTIFICATION, RequestKind.ERASURE])
def test_nothing_is_granted_of_nobody(school: SchoolView, kind: RequestKind) -> None:
    request, by = ask_from_outside(kind, body="Graag."), as_staff()
    check_identity(request.id, IdentityCheck.COUNTER, by=by)
    with pytest.raises(Conflict, match="person_unknown"):
        decide_request(request.id, {}, reply="Goed.", by=by)
    assert request.outcome is None


def test_the_page_of_an_objection_of_nobody_says_to_look_for_the_person(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    request = ask_from_outside(RequestKind.OBJECTION, purposes=("security",))
    sign_in(client, "privacy_staff")
    assert "Zoek eerst over wie het gaat" in client.get(f"/verzoeken/{request.id}").get_data(as_text=True)
    sent = client.post(f"/verzoeken/{request.id}/beslissen", {"part_0": "", "reply": ""})
    assert sent.status_code == 422
    assert "Vindt u niemand? Zet dan dit vinkje." in sent.get_data(as_text=True)


def test_no_ground_weighs_against_an_objection_to_marketing(
    client_at: Callable[[str], PageClient], sign_in: SignIn
) -> None:
    client = client_at("leren-leren")
    with in_school(school_id("leren-leren")):
        learner, by = make_learner(), as_staff()
        asked = ("security", "service_news")
        request = ask(learner, RequestKind.OBJECTION, purposes=asked, body="Door mijn situatie.")
        assert open_subjects(request) == ("security",)
    sign_in(client, "privacy_staff")
    page = client.get(f"/verzoeken/{request.id}").get_data(as_text=True)
    assert set(re.findall(r'name="(part_\d)"', page)) == {"part_0"}
    with in_school(school_id("leren-leren")):
        no = dict.fromkeys(asked, Ground.COMPELLING)
        decide_request(request.id, no, reply="Nee.", proof="Zonder log is inloggen niet veilig.", by=by)
        assert {each.subject: each.outcome for each in list_answers(request)} == {
            "security": Outcome.REFUSED,
            "service_news": Outcome.GRANTED,
        }
        assert [each.purpose for each in list_objections(learner.id, SYSTEM)] == ["service_news"]


def test_who_represents_somebody_asks_all_of_it_about_herself(
    client: PageClient, sign_in: SignIn, school: SchoolView
) -> None:
    account = make_account("Samira Yilmaz", "representative")
    make_representative(make_learner("Amina", "Yilmaz"), account_id=account.id, name="Samira Yilmaz")
    sign_in(client, "representative", account=account)
    page = client.get("/mijn/rechten").get_data(as_text=True)
    for slug in ("zien", "verbeteren", "wissen", "afschermen", "meenemen", "bezwaar"):
        assert f"/mijn/rechten/vragen/{slug}?over=mij" in page
        assert client.get(f"/mijn/rechten/vragen/{slug}?over=mij").status_code == 200
    form = client.get("/mijn/rechten/vragen/bezwaar?over=mij").get_data(as_text=True)
    assert 'value="security"' in form
    assert 'value="questions"' not in form


def test_a_won_objection_offers_to_erase_what_the_use_took(
    client_at: Callable[[str], PageClient], sign_in: SignIn
) -> None:
    client, here = client_at("meester-in-nt2"), school_id("meester-in-nt2")
    with in_school(here):
        learner, by = make_learner(), as_staff()
        won, lost = (
            ask(learner, RequestKind.OBJECTION, purposes=(each,), body="Nee.") for each in ("client_report", "security")
        )
        decide_request(won.id, {}, reply="Goed.", by=by)
        decide_request(lost.id, {"security": Ground.COMPELLING}, reply="Nee.", proof="Nodig.", by=by)
        used = current_policy().used_for("client_report")
    sign_in(client, "learner", learner=learner)
    assert "dit ook wissen" not in client.get(f"/mijn/rechten/{lost.id}").get_data(as_text=True)
    page = unescape(client.get(f"/mijn/rechten/{won.id}").get_data(as_text=True))
    link = re.search(r'href="(/mijn/rechten/vragen/wissen\?[^"]+)"', page)
    assert link is not None
    form = client.get(link[1]).get_data(as_text=True)
    chosen = set(re.findall(r'<input checked[^>]*name="categories"[^>]*value="([^"]+)"', form))
    assert chosen
    assert chosen <= used
