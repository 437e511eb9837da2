"""What a request set going ends with it: taken back, joined to another, or answered; each through the pages."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.core.clock import now, today
from portal.core.crypto.ledger import EndingsSince
from portal.core.crypto.outbox import push_waiting
from portal.core.db.scope import in_school, is_restricted
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.core.jobs import Job
from portal.learners.record.models import Learner
from portal.purposes.objections.models import Objection
from portal.purposes.restored import object_again
from portal.purposes.restrictions.models import Restriction, RestrictionGround
from portal.purposes.restrictions.queries import list_restrictions
from portal.purposes.restrictions.services import lift_told_restriction
from portal.requests.answers.grounds import Ground
from portal.requests.answers.services import decide_request
from portal.requests.askers.services import Person, name_person
from portal.requests.data_requests.models import DataRequest, RequestKind
from portal.requests.data_requests.objections import say_yes_again
from portal.requests.data_requests.queries import text_of
from portal.requests.data_requests.services import join_requests, withdraw_request
from portal.schools.queries import SchoolView
from tests.conftest import school_id
from tests.factories.consent import as_learner, is_open
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff, ask, ask_from_outside, enter
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("lest-best")


@pytest.fixture
def amina() -> Learner:
    with in_school(HERE):
        return make_learner("Amina", "Yilmaz", email="amina@example.org")


def restriction_of(learner_id: UUID) -> Restriction:
    return session.scalars(select(Restriction).where(Restriction.learner_id == learner_id)).one()


def lifting_jobs() -> list[Job]:
    return list(session.scalars(select(Job).where(Job.kind == "purposes.lift_restriction")))


@pytest.mark.promise("ST-08", part="shielded")
def test_who_takes_her_correction_back_is_no_longer_hidden(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina, has_second_factor=True)
    typed = {"body": "Mijn straat klopt niet.", "is_restricted_meanwhile": "y"}
    at = str(client.post("/mijn/rechten/vragen/verbeteren", typed).location)
    assert "Afgeschermd" in client.get(at).get_data(as_text=True)
    with in_school(HERE):
        assert is_restricted(amina.id)
    client.post(f"{at}/terugnemen", {})
    assert "Afgeschermd" not in client.get(at).get_data(as_text=True)
    with in_school(HERE):
        assert not is_restricted(amina.id)
        row = restriction_of(amina.id)
        assert row.told_at is not None


@pytest.mark.promise("ST-08", part="shielded")
def test_an_answer_tells_her_first_and_the_worker_lifts_it_the_day_after(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(HERE):
        request = ask(amina, RequestKind.RECTIFICATION, body="Mis.", is_restricted_meanwhile=True)
    sign_in(client, "privacy_staff")
    assert (
        client.post(
            f"/verzoeken/{request.id}/beslissen", {"part_0": "", "reply": "Goed.", "is_done_by_hand": "y"}
        ).status_code
        == 303
    )
    with in_school(HERE):
        row = restriction_of(amina.id)
        assert row.told_at is not None
        assert row.is_in_force
        [job] = lifting_jobs()
        assert job.run_after >= row.told_at + timedelta(hours=23)
        lift_told_restriction(row.id, by=PORTAL)
    with in_school(HERE):
        assert not is_restricted(amina.id)


def test_who_has_no_address_stays_hidden_until_the_desk_told_her(school: SchoolView) -> None:
    learner = make_learner(email=None)
    request = ask(learner, RequestKind.RECTIFICATION, body="Mis.", is_restricted_meanwhile=True)
    decide_request(request.id, {}, reply="Goed.", is_done_by_hand=True, by=as_staff())
    assert restriction_of(learner.id).told_at is None
    assert lifting_jobs() == []


def test_what_is_asked_anew_meanwhile_is_not_lifted(school: SchoolView) -> None:
    learner = make_learner(email="a@example.org")
    request = ask(learner, RequestKind.RECTIFICATION, body="Mis.", is_restricted_meanwhile=True)
    row = restriction_of(learner.id)
    decide_request(request.id, {}, reply="Goed.", is_done_by_hand=True, by=as_staff())
    row.told_at = None  # as `restrict` leaves it where the same is asked once more
    lift_told_restriction(row.id, by=PORTAL)
    assert row.is_in_force


def test_a_granted_restriction_outlives_the_correction_that_hid_the_same(school: SchoolView) -> None:
    learner, by = make_learner(email="a@example.org"), as_staff()
    correction = ask(learner, RequestKind.RECTIFICATION, body="Mis.", is_restricted_meanwhile=True)
    asked = ask(learner, RequestKind.RESTRICTION, restriction_ground="claim")
    decide_request(asked.id, {}, reply="Goed.", by=by)
    decide_request(correction.id, {}, reply="Goed.", is_done_by_hand=True, by=by)
    told = {each.data_request_id: each.told_at is not None for each in list_restrictions(learner.id, SYSTEM)}
    assert told == {correction.id: True, asked.id: False}


def test_a_correction_can_hide_a_part_alone(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina, has_second_factor=True)
    typed = {"body": "Mijn straat.", "is_restricted_meanwhile": "y", "categories": ["address"]}
    at = str(client.post("/mijn/rechten/vragen/verbeteren", typed).location)
    assert "alle gegevens" not in client.get(at).get_data(as_text=True)
    with in_school(HERE):
        assert restriction_of(amina.id).categories == ["address"]


@pytest.mark.promise("ST-09", part="objection")
def test_an_objection_that_is_taken_back_opens_the_use_again(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    sign_in(client, "learner", learner=amina)
    typed = {"purposes": ["security", "efficiency"], "body": "Door mijn situatie."}
    at = str(client.post("/mijn/rechten/vragen/bezwaar", typed).location)
    with in_school(HERE):
        assert not is_open("security", amina.id, SYSTEM)
    client.post(f"{at}/terugnemen", {})
    with in_school(HERE):
        assert is_open("security", amina.id, SYSTEM)
        assert is_open("efficiency", amina.id, SYSTEM)


def test_what_another_request_objects_to_stays_stopped(school: SchoolView) -> None:
    learner = make_learner()
    first = ask(learner, RequestKind.OBJECTION, purposes=("security",))
    ask(learner, RequestKind.OBJECTION, purposes=("security", "efficiency"))
    withdraw_request(first.id, by=as_learner(learner))
    assert not is_open("security", learner.id, SYSTEM)


def test_a_refused_objection_ends_whichever_request_made_it(school: SchoolView) -> None:
    learner, by = make_learner(), as_staff()
    ask(learner, RequestKind.OBJECTION, purposes=("security",))
    both = ask(learner, RequestKind.OBJECTION, purposes=("security", "efficiency"))
    refused = {"security": Ground.COMPELLING}
    decide_request(both.id, refused, reply="Nee.", proof="Niet veilig.", is_done_by_hand=True, by=by)
    assert is_open("security", learner.id, SYSTEM)
    assert not is_open("efficiency", learner.id, SYSTEM)


def test_she_says_yes_again_to_what_she_won(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(HERE):
        won = ask(amina, RequestKind.OBJECTION, purposes=("security",))
        decide_request(won.id, {}, reply="Goed.", is_done_by_hand=True, by=as_staff())
    sign_in(client, "learner", learner=amina)
    assert "Toch ja" in client.get("/mijn/toestemmingen").get_data(as_text=True)
    assert client.post("/mijn/rechten/bezwaar/security/toch-ja", {}).status_code == 303
    assert "Toch ja" not in client.get("/mijn/toestemmingen").get_data(as_text=True)
    client.post("/mijn/rechten/bezwaar/security/toch-ja", {})
    assert client.post("/mijn/rechten/bezwaar/course/toch-ja", {}).status_code == 404
    with in_school(HERE):
        assert is_open("security", amina.id, SYSTEM)


def test_a_yes_to_one_use_leaves_the_rest_of_her_request(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(HERE):
        request = ask(amina, RequestKind.OBJECTION, purposes=("security", "efficiency"))
    sign_in(client, "learner", learner=amina)
    client.post("/mijn/rechten/bezwaar/security/toch-ja", {})
    with in_school(HERE):
        row = session.get_one(DataRequest, (HERE, request.id))
        assert (row.purposes, row.is_undecided) == (["efficiency"], True)
        assert is_open("security", amina.id, SYSTEM)
    client.post("/mijn/rechten/bezwaar/efficiency/toch-ja", {})
    with in_school(HERE):
        assert session.get_one(DataRequest, (HERE, request.id)).withdrawn_at is not None


def test_what_is_restricted_because_she_objected_is_released_with_it(school: SchoolView) -> None:
    learner, by = make_learner(email="a@example.org"), as_staff()
    objection = ask(learner, RequestKind.OBJECTION, purposes=("security",))
    asked = ask(learner, RequestKind.RESTRICTION, restriction_ground="objection")
    decide_request(asked.id, {}, reply="Goed.", by=by)
    assert restriction_of(learner.id).ground is RestrictionGround.OBJECTION
    decide_request(objection.id, {}, reply="Goed.", is_done_by_hand=True, by=by)
    assert restriction_of(learner.id).told_at is not None
    assert len(lifting_jobs()) == 1


def test_a_restored_backup_knows_that_an_objection_was_taken_back(school: SchoolView) -> None:
    before, learner = now(), make_learner()

    ask(learner, RequestKind.OBJECTION, purposes=("security",))
    say_yes_again("security", by=as_learner(learner))
    push_waiting()
    for each in session.scalars(select(Objection).where(Objection.learner_id == learner.id)):
        each.ended_at = None  # as the backup has it
    session.flush()
    assert object_again(EndingsSince(before)) == 0
    assert is_open("security", learner.id, SYSTEM)
    ask(learner, RequestKind.OBJECTION, purposes=("security",))
    push_waiting()
    session.execute(Objection.__table__.delete())
    assert object_again(EndingsSince(before)) == 1


# ── Joined ──


def test_alike_requests_become_one_with_all_their_parts(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(HERE):
        first = ask(amina, RequestKind.ERASURE, categories=("contact",), body="Bellen niet.")
        second = ask(amina, RequestKind.ERASURE, categories=("address", "contact"), body="Straat ook.")
        first.due_on -= timedelta(days=5)
        due_on = first.due_on
        objection = ask(amina, RequestKind.OBJECTION, purposes=("security",))
    sign_in(client, "privacy_staff")
    page = client.get(f"/verzoeken/{second.id}").get_data(as_text=True)
    assert objection.number in page
    assert page.count("Voeg de verzoeken samen") == 1
    client.post(f"/verzoeken/{first.id}/samenvoegen", {"met": str(second.id)})
    with in_school(HERE):
        kept = session.get_one(DataRequest, (HERE, second.id))
        assert (sorted(kept.categories), kept.due_on) == (["address", "contact"], due_on)
        assert text_of(kept, "body") == "Straat ook.\n\nBellen niet."


def test_her_joined_request_leads_to_the_one_that_is_answered(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(HERE):
        first = ask(amina, RequestKind.RECTIFICATION, body="Mijn straat.")
        second = ask(amina, RequestKind.RECTIFICATION, body="Mijn naam.")
        join_requests(first.id, second.id, by=as_staff())
    sign_in(client, "learner", learner=amina)
    assert f"/mijn/rechten/{second.id}" in client.get(f"/mijn/rechten/{first.id}").get_data(as_text=True)


def test_her_page_says_that_shielding_waits_until_it_is_known_who_asks(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(HERE):
        asked = ask(amina, RequestKind.RECTIFICATION, body="Mis.", is_restricted_meanwhile=True, is_certain=False)
    sign_in(client, "learner", learner=amina)
    page = client.get(f"/mijn/rechten/{asked.id}").get_data(as_text=True)
    assert "begint als wij zeker weten" in page
    assert "Stop het afschermen" not in page


def test_requests_of_another_kind_or_person_are_not_joined(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    with in_school(HERE):
        objection = ask(amina, RequestKind.OBJECTION, purposes=("security",))
        asked = ask(amina, RequestKind.RESTRICTION, restriction_ground="objection")
    sign_in(client, "privacy_staff")
    answer = client.post(f"/verzoeken/{asked.id}/samenvoegen", {"met": str(objection.id)})
    assert "niet over hetzelfde" in client.get(str(answer.location)).get_data(as_text=True)
    with in_school(HERE):
        assert session.get_one(DataRequest, (HERE, asked.id)).is_undecided


def test_what_one_of_two_hid_stays_hidden_until_both_are_answered(school: SchoolView) -> None:
    learner, by = make_learner(email="a@example.org"), as_staff()
    first = ask(learner, RequestKind.RECTIFICATION, body="Mijn straat.", is_restricted_meanwhile=True)
    second = ask(learner, RequestKind.RECTIFICATION, body="Mijn naam.")
    kept = join_requests(first.id, second.id, by=by)
    assert kept.is_restricted_meanwhile
    assert restriction_of(learner.id).told_at is None
    decide_request(kept.id, {}, reply="Goed.", is_done_by_hand=True, by=by)
    assert restriction_of(learner.id).told_at is not None


def test_who_is_not_surely_her_is_not_joined_to_what_she_proved(school: SchoolView) -> None:
    learner, by = make_learner(), as_staff()
    hers = ask(learner, RequestKind.ERASURE, categories=("contact",))
    unsure = enter(RequestKind.ERASURE, learner_id=learner.id, received_on=today())
    with pytest.raises(Conflict, match="not_alike"):
        join_requests(unsure.id, hers.id, by=by)


@pytest.mark.promise("ST-08", part="shielded")
def test_she_stops_herself_what_she_asked_and_nobody_elses(client: PageClient, sign_in: SignIn, amina: Learner) -> None:
    sign_in(client, "learner", learner=amina)
    with in_school(HERE):
        asked = ask(amina, RequestKind.RESTRICTION, restriction_ground="claim")
        decide_request(asked.id, {}, reply="Goed.", by=as_staff())
        other = ask(make_learner("Omar", "Haddad"), RequestKind.RESTRICTION, restriction_ground="claim")
        decide_request(other.id, {}, reply="Goed.", by=as_staff())
    assert f"/mijn/rechten/{asked.id}" in client.get("/mijn/gegevens").get_data(as_text=True)
    assert "Stop het afschermen" in client.get(f"/mijn/rechten/{asked.id}").get_data(as_text=True)
    assert client.post(f"/mijn/rechten/{other.id}/afscherming/stoppen", {}).status_code == 404
    assert client.post(f"/mijn/rechten/{asked.id}/afscherming/stoppen", {}).status_code == 303
    assert "Stop het afschermen" not in client.get(f"/mijn/rechten/{asked.id}").get_data(as_text=True)
    with in_school(HERE):
        assert not is_restricted(amina.id)
        assert is_restricted(other.learner_id or UUID(int=0))


def test_the_officers_link_to_a_record_is_there_only_where_it_opens(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    with in_school(HERE):
        asked = ask(amina, RequestKind.RESTRICTION, restriction_ground="claim")
    sign_in(client, "privacy_officer")
    assert f"/cursisten/{amina.id}" in client.get(f"/verzoeken/{asked.id}").get_data(as_text=True)
    with in_school(HERE):
        decide_request(asked.id, {}, reply="Goed.", by=as_staff())
    assert f"/cursisten/{amina.id}" not in client.get(f"/verzoeken/{asked.id}").get_data(as_text=True)
    assert client.get(f"/cursisten/{amina.id}").status_code == 404


def test_a_request_from_the_public_page_is_not_joined_before_it_is_sure_who_asks(school: SchoolView) -> None:
    learner, by = make_learner("Amina", "Yilmaz"), as_staff()
    known = enter(RequestKind.ACCESS, learner_id=learner.id)
    outside = ask_from_outside()
    name_person(outside.id, Person(learner_id=learner.id), by=by)

    for one, other in ((outside, known), (known, outside)):
        with pytest.raises(Conflict, match="not_alike"):
            join_requests(one.id, other.id, by=by)
