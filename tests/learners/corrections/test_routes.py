"""What waits for the school, on the page."""

from typing import Any

import pytest

from portal.accounts.actors import actor_of
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.learners.corrections.models import Correction
from portal.learners.corrections.services import propose_correction
from portal.learners.record.models import Learner, Source
from portal.learners.record.services import change_learner
from portal.schools.queries import SchoolView
from tests.factories.corrections import seen_of
from tests.factories.courses import enrol, make_group, make_teacher_of
from tests.factories.learners import make_learner, make_trajectory
from tests.page_client import PageClient, hidden_in

BSN = "999999990"


def _proposes(learner: Learner, field: str, value: str, remark: str | None = None) -> Correction:
    by = actor_of(new_id(), "Amina", frozenset({"learner"}), learner_id=learner.id)
    return propose_correction(learner.id, field, value, remark=remark, by=by)


@pytest.fixture
def learner(school: SchoolView) -> Learner:
    """A learner with a BSN."""
    made = make_learner("Amina", "Yilmaz", bsn=BSN)
    make_trajectory(made, reports_to_government=True)
    return made


def test_old_and_new_stand_beside_each_other(client: PageClient, sign_in: Any, learner: Learner) -> None:
    _proposes(learner, "learner.family_name", "Yildiz", "Ik ben getrouwd")
    sign_in(client, "privacy_officer")
    text = client.get("/wijzigingen").get_data(as_text=True)
    for words in ("Amina Yilmaz", "Yildiz", "Ik ben getrouwd", "officieel document"):
        assert words in text


def test_nothing_waits(client: PageClient, sign_in: Any, school: SchoolView) -> None:
    sign_in(client, "administration")
    assert "Er wacht niets" in client.get("/wijzigingen").get_data(as_text=True)


def test_a_proposal_is_accepted(client: PageClient, sign_in: Any, learner: Learner) -> None:
    proposal = _proposes(learner, "learner.family_name", "Yildiz")
    sign_in(client, "administration")
    path = f"/wijzigingen/{proposal.id}"
    response = client.post(path, {**hidden_in(client.get(path), path), "besluit": "ja", "answer": ""})
    assert response.status_code == 303
    with in_school(learner.school_id):
        assert session.get_one(Learner, (learner.school_id, learner.id)).family_name == "Yildiz"
    assert "al beslist" in client.get(f"/wijzigingen/{proposal.id}").get_data(as_text=True)


def test_what_stood_there_is_not_called_what_stands_there_now_once_it_is_decided(
    client_at: Any, sign_in: Any, learner: Learner
) -> None:
    path = f"/wijzigingen/{_proposes(learner, 'learner.family_name', 'Yildiz').id}"
    hers, office = client_at("lest-best"), client_at("lest-best")
    sign_in(hers, "learner", learner=learner)
    sign_in(office, "administration")
    assert '<small>nu</small><bdi><bdi translate="no">Yilmaz' in hers.get("/mijn/wijzigingen").get_data(as_text=True)
    office.post(path, {**hidden_in(office.get(path), path), "besluit": "ja", "answer": ""})
    assert '<small>was</small><bdi><bdi translate="no">Yilmaz' in hers.get("/mijn/wijzigingen").get_data(as_text=True)


def test_a_refusal_without_a_reason_is_asked_for_one(client: PageClient, sign_in: Any, learner: Learner) -> None:
    proposal = _proposes(learner, "learner.family_name", "Yildiz")
    sign_in(client, "administration")
    path = f"/wijzigingen/{proposal.id}"
    hidden = hidden_in(client.get(path), path)
    response = client.post(path, {**hidden, "besluit": "nee", "answer": " "})
    assert response.status_code == 422
    assert "Schrijf op waarom u dit weigert" in response.get_data(as_text=True)
    hidden = hidden_in(response, path)
    assert client.post(path, {**hidden, "besluit": "nee", "answer": "Klopt niet."}).status_code == 303


def test_a_stale_proposal_shows_both(client: PageClient, sign_in: Any, learner: Learner, office: Actor) -> None:
    proposal = _proposes(learner, "learner.family_name", "Yildiz")
    sign_in(client, "administration")
    path = f"/wijzigingen/{proposal.id}"
    hidden = hidden_in(client.get(path), path)
    with in_school(learner.school_id):
        change_learner(learner.id, {"learner.family_name": "Yildirim"}, source=Source.SCHOOL, by=office)
    response = client.post(path, {**hidden, "besluit": "ja"})
    text = response.get_data(as_text=True)
    assert response.status_code == 409
    for words in ("Toen stond er", "Yilmaz", "Nu staat er", "Yildirim", "Yildiz"):
        assert words in text


def test_what_she_proposes_meanwhile_is_shown_before_anything_is_stored(
    client: PageClient, sign_in: Any, learner: Learner
) -> None:
    proposal = _proposes(learner, "learner.family_name", "Yildiz")
    sign_in(client, "administration")
    path = f"/wijzigingen/{proposal.id}"
    hidden = hidden_in(client.get(path), path)
    with in_school(learner.school_id):
        _proposes(learner, "learner.family_name", "Oranje")
    response = client.post(path, {**hidden, "besluit": "ja", "answer": "Paspoort gezien"})
    text = response.get_data(as_text=True)
    assert response.status_code == 409
    for words in ("intussen iets anders voorgesteld", "Yilmaz", "Oranje", "Paspoort gezien"):
        assert words in text
    assert client.post(path, {"besluit": "ja"}).status_code == 409
    with in_school(learner.school_id):
        assert session.get_one(Learner, (learner.school_id, learner.id)).family_name == "Yilmaz"
    assert client.post(path, {**hidden_in(response, path), "besluit": "ja"}).status_code == 303
    with in_school(learner.school_id):
        assert session.get_one(Learner, (learner.school_id, learner.id)).family_name == "Oranje"


def test_a_proposed_bsn_is_masked_until_shown_on_purpose(client: PageClient, sign_in: Any, learner: Learner) -> None:
    proposal = _proposes(learner, "learner.bsn", "123456782")
    sign_in(client, "administration")
    for path in ("/wijzigingen", f"/wijzigingen/{proposal.id}"):
        assert "123456782" not in client.get(path).get_data(as_text=True)
    assert "123456782" in client.post(f"/wijzigingen/{proposal.id}/toon").get_data(as_text=True)


def test_the_privacy_officer_sees_what_waits_and_decides_on_nothing(
    client: PageClient, sign_in: Any, learner: Learner
) -> None:
    proposal = _proposes(learner, "learner.family_name", "Yildiz")
    sign_in(client, "privacy_officer")
    path = f"/wijzigingen/{proposal.id}"
    text = client.get(path).get_data(as_text=True)
    assert "Yildiz" in text
    assert "Hierover beslist: begeleider, administratie." in text
    assert "Neem over" not in text
    with in_school(learner.school_id):
        seen = seen_of(proposal.id)
    assert client.post(path, {"besluit": "ja", "seen": seen}).status_code == 403
    with in_school(learner.school_id):
        assert session.get_one(Learner, (learner.school_id, learner.id)).family_name == "Yilmaz"


def test_a_coach_decides_on_a_name_and_does_not_see_a_bsn(client: PageClient, sign_in: Any, learner: Learner) -> None:
    name, bsn = _proposes(learner, "learner.family_name", "Yildiz"), _proposes(learner, "learner.bsn", "123456782")
    sign_in(client, "coach")
    path, hidden_path = f"/wijzigingen/{name.id}", f"/wijzigingen/{bsn.id}"
    assert client.get(hidden_path).status_code == 404
    assert client.post(hidden_path, {"besluit": "ja"}).status_code == 403
    assert client.post(path, {**hidden_in(client.get(path), path), "besluit": "ja"}).status_code == 303


def test_a_teacher_sees_nothing_that_is_not_hers_to_decide(client: PageClient, sign_in: Any, learner: Learner) -> None:
    group = make_group()
    enrol(learner, group)
    proposal = _proposes(learner, "learner.family_name", "Yildiz")
    make_teacher_of(group, sign_in(client, "teacher"))
    assert "Yildiz" not in client.get("/wijzigingen").get_data(as_text=True)
    assert client.get(f"/wijzigingen/{proposal.id}").status_code == 404
    assert client.post(f"/wijzigingen/{proposal.id}", {"besluit": "ja"}).status_code in {403, 404}
    assert client.post(f"/wijzigingen/{proposal.id}/toon").status_code == 403


def test_who_does_not_decide_sees_nothing(client: PageClient, sign_in: Any, learner: Learner) -> None:
    proposal = _proposes(learner, "learner.family_name", "Yildiz")
    sign_in(client, "learner", learner=learner)
    assert client.get("/wijzigingen").status_code == 403
    assert client.post(f"/wijzigingen/{proposal.id}", {"besluit": "ja"}).status_code == 403
    assert client.post(f"/wijzigingen/{proposal.id}/toon").status_code == 403


def test_another_schools_proposal_is_not_there(client_at: Any, sign_in: Any, learner: Learner) -> None:
    proposal = _proposes(learner, "learner.family_name", "Yildiz")
    other = client_at("step-inburgering")
    sign_in(other, "administration")
    assert other.get(f"/wijzigingen/{proposal.id}").status_code == 404
    assert other.post(f"/wijzigingen/{proposal.id}", {"besluit": "ja"}).status_code == 404
    assert other.post(f"/wijzigingen/{proposal.id}/toon").status_code == 404
