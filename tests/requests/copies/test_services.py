"""Asking for a copy, deciding on passages and handing it over: who may, once, and what is written down."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.clock import now, today
from portal.core.crypto import files
from portal.core.db.base import new_id
from portal.core.db.scope import checkpoint, reveal
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import PORTAL, Actor
from portal.core.jobs import Job
from portal.disclosures.queries import list_disclosures_of
from portal.identity.models import IdentityDocument
from portal.learners.record.models import Learner, Source
from portal.learners.record.services import apply_change
from portal.policy.queries import current_policy
from portal.requests.copies.models import CopyKind, CopyState, DataCopy, Handover, PassageKind
from portal.requests.copies.production import end_terms, make_copy
from portal.requests.copies.queries import find_copy_of_request, list_flagged, list_passages
from portal.requests.copies.services import begin_copy, decide_passages, hand_over, prepare_copy
from portal.requests.data_requests.models import IdentityCheck, Outcome, RequestKind
from portal.requests.data_requests.services import check_identity
from portal.schools.queries import SchoolView
from tests.factories.consent import as_learner
from tests.factories.copies import archive_of, ask_copy, json_of, make, make_note, make_request, privacy_staff
from tests.factories.learners import make_learner
from tests.factories.requests import ask as ask_request
from tests.factories.restrictions import hold
from tests.jobs import do_jobs

Clock = Callable[[datetime], None]


@pytest.fixture
def staff(school: SchoolView) -> Actor:
    """Somebody who handles requests."""
    return privacy_staff()


@pytest.fixture
def amina(school: SchoolView) -> Learner:
    """The learner whose copy it is."""
    return make_learner("Amina", "Haddad")


def events() -> list[str]:
    found = session.scalars(select(AuditEvent.event).where(AuditEvent.event.startswith("requests.copy_")))
    return sorted(found)


def test_without_names_of_others_it_is_released_at_once(app: Flask, amina: Learner, staff: Actor) -> None:
    make_note(amina, "Amina leest goed.")
    with app.app_context():
        copy = make(ask_copy(amina, by=staff))

        assert copy.state is CopyState.READY
        assert copy.gone_at is not None
        assert timedelta(days=29) < copy.gone_at - now() < timedelta(days=32)
        assert "Amina leest goed." in archive_of(copy)["mijn-gegevens.html"].decode()
    assert events() == ["requests.copy_asked", "requests.copy_made"]


def test_it_is_encrypted_under_her_key(app: Flask, amina: Learner, staff: Actor) -> None:
    with app.app_context():
        copy = make(ask_copy(amina, by=staff))
    assert copy.file_id is not None
    stored = files.get_file(copy.file_id)
    assert (stored.learner_id, stored.category) == (amina.id, "dealings")


def test_a_second_time_gives_the_copy_that_is_there(app: Flask, amina: Learner, staff: Actor) -> None:
    request_id = make_request(amina).id
    first = ask_copy(amina, request_id=request_id, by=staff)
    again = ask_copy(amina, request_id=request_id, by=staff)
    assert again.id == first.id
    assert len(session.scalars(select(Job).where(Job.kind == "requests.make_copy")).all()) == 1


def test_a_job_that_comes_twice_makes_it_once(app: Flask, amina: Learner, staff: Actor) -> None:
    with app.app_context():
        copy = make(ask_copy(amina, by=staff))
        made = copy.file_id
        make_copy(copy.id, by=PORTAL)
    assert copy.file_id == made
    assert events().count("requests.copy_made") == 1


def test_names_of_others_wait_for_a_decision_and_are_blacked_out(app: Flask, amina: Learner, staff: Actor) -> None:
    make_learner("Yusuf", "Berg")
    make_note(amina, "Yusuf Berg plaagt Amina. Meneer Berg ontkent dat.")
    with app.app_context():
        copy = make(ask_copy(amina, by=staff))
        assert copy.state is CopyState.FLAGGED
        make_copy(copy.id, by=PORTAL)
        flagged = list_flagged(copy, staff)
        found = {each.found.text: each for each in flagged if each.found is not None}
        assert sorted(found) == ["Berg", "Yusuf Berg"]
        assert found["Berg"].found is not None
        assert found["Berg"].found.lead == "Meneer "

        decide_passages(copy.id, {found["Yusuf Berg"].row.id: (True, "Een klacht van een ander")}, by=staff)
        assert copy.state is CopyState.FLAGGED
        decide_passages(copy.id, {found["Berg"].row.id: (False, "Zij weet dit al")}, by=staff)
        make(copy)

        assert copy.state is CopyState.READY
        assert copy.blacked_out == 1
        page = archive_of(copy)["mijn-gegevens.html"].decode()
    assert "■■■ plaagt Amina. Meneer Berg ontkent dat." in page
    assert "Yusuf" not in page
    assert "Op 1 plek is de naam of tekst van iemand anders zwart gemaakt" in page
    assert json_of(copy)["blacked_out"] == 1


def test_a_text_kept_from_her_waits_for_a_decision(app: Flask, amina: Learner, staff: Actor) -> None:
    make_note(amina, "Dit mag zij nu niet lezen.", hidden_because="eerst het gesprek")
    with app.app_context():
        copy = make(ask_copy(amina, by=staff))
        (passage,) = list_passages(copy)
        assert passage.kind is PassageKind.HIDDEN
        decide_passages(copy.id, {passage.id: (True, "Schaadt een ander")}, by=staff)
        page = archive_of(make(copy))["mijn-gegevens.html"].decode()
    assert "niet lezen" not in page
    assert "eerst het gesprek" in page


def test_a_name_that_came_since_waits_anew(app: Flask, amina: Learner, staff: Actor) -> None:
    make_learner("Yusuf", "Berg")
    make_note(amina, "Yusuf Berg was er.")
    with app.app_context():
        copy = make(ask_copy(amina, by=staff))
        decide_passages(copy.id, {each.id: (True, "Van een ander") for each in list_passages(copy)}, by=staff)
        make_note(amina, "Yusuf Berg weer.")
        make(copy)
    assert copy.state is CopyState.FLAGGED
    assert len(list_passages(copy)) == 2


def test_what_the_answer_refuses_is_left_out_and_said(app: Flask, amina: Learner, staff: Actor) -> None:
    make_note(amina, "Amina leest goed.")
    with app.app_context():
        copy = make(ask_copy(amina, categories_left_out=["progress"], by=staff))
        page = archive_of(copy)["mijn-gegevens.html"].decode()
    assert "Amina leest goed." not in page
    assert "Waarom staat in het antwoord op uw verzoek" in page


@pytest.mark.promise("LB-11", part="representative")
def test_a_copy_of_part_holds_nothing_of_the_rest(app: Flask, amina: Learner, staff: Actor) -> None:
    with app.app_context():
        change = {"learner.phone": "0612345678", "learner.street": "Geheimstraat"}
        apply_change(amina, change, source=Source.SCHOOL, channel="phone", by=staff)
        about = (amina.id, "identity_document.file_id")
        scan = files.store([b"jpeg"], about=about, media_type="image/jpeg")
        session.add(IdentityDocument(learner_id=amina.id, file_id=scan, requested_by="gemeente", requested_on=today()))
        session.flush()
        every = [each.key for each in current_policy().categories]
        of = {
            left: archive_of(make(ask_copy(amina, categories_left_out=left, by=staff)))
            for left in ((), ("address",), tuple(each for each in every if each != "attendance"))
        }
    whole, without_address, attendance = of.values()

    def scans(parts: Mapping[str, bytes]) -> list[str]:
        return [name for name in parts if "identity_document" in name]

    def said(parts: Mapping[str, bytes], value: str) -> bool:
        return any(value.encode() in content for name, content in parts.items() if not name.endswith(".pdf"))

    assert (len(scans(whole)), said(whole, "Geheimstraat"), said(whole, "12345678")) == (1, True, True)
    assert said(whole, "Dit is alles wat de school over u bewaart op deze dag")
    assert (said(without_address, "Geheimstraat"), said(without_address, "12345678")) == (False, True)
    assert (scans(attendance), said(attendance, "Geheimstraat"), said(attendance, "12345678")) == ([], False, False)
    assert not said(attendance, staff.name)
    assert not said(attendance, "Dit is alles wat de school over u bewaart")


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_a_decision_has_a_reason(app: Flask, amina: Learner, staff: Actor, reason: str) -> None:
    make_learner("Yusuf", "Berg")
    make_note(amina, "Yusuf Berg was er.")
    with app.app_context():
        copy = make(ask_copy(amina, by=staff))
    with pytest.raises(Invalid):
        decide_passages(copy.id, {list_passages(copy)[0].id: (True, reason)}, by=staff)


def test_who_may_ask(app: Flask, amina: Learner, staff: Actor) -> None:
    other = make_learner("Chen", "Li")
    assert prepare_copy(None, amina.id, kind="access", language="nl", by=as_learner(amina)).kind is CopyKind.ACCESS
    with pytest.raises((NotAllowed, NotFound)):
        prepare_copy(None, other.id, kind="access", language="nl", by=as_learner(amina))
    with pytest.raises(Invalid):
        ask_copy(amina, kind="access", organisation="Een school", by=staff)
    with pytest.raises(Invalid):
        ask_copy(amina, kind="portability", organisation="x" * 201, by=staff)


def test_she_fetches_it_after_signing_in_anew(app: Flask, amina: Learner, staff: Actor) -> None:
    hers = as_learner(amina)
    with app.app_context():
        copy = make(ask_copy(amina, by=staff))
    with pytest.raises(Conflict, match="sign_in_anew"):
        hand_over(copy.id, signed_in_at=now() - timedelta(minutes=6), by=hers)
    with pytest.raises(NotFound):
        hand_over(copy.id, signed_in_at=now(), by=as_learner(make_learner("Chen", "Li")))

    got, content = hand_over(copy.id, signed_in_at=now(), by=hers)

    assert b"".join(content).startswith(b"PK")
    assert (got.state, got.handover) == (CopyState.HANDED_OVER, Handover.SIGN_IN)
    assert "requests.copy_fetched" in events()


def test_it_is_given_at_the_counter_with_the_check_of_identity(app: Flask, amina: Learner, staff: Actor) -> None:
    with app.app_context():
        copy = make(ask_copy(amina, by=staff))
    with pytest.raises(Invalid):
        hand_over(copy.id, signed_in_at=now(), by=staff)

    b"".join(hand_over(copy.id, signed_in_at=now(), identity_seen="paspoort gezien", by=staff)[1])

    assert (copy.handover, copy.identity_seen) == (Handover.COUNTER, "paspoort gezien")
    assert copy.handed_by_name == staff.name
    assert "requests.copy_given" in events()


def test_what_goes_to_an_organisation_is_a_disclosure_that_she_sees(app: Flask, amina: Learner, staff: Actor) -> None:
    with app.app_context():
        copy = make(ask_copy(amina, kind="portability", organisation="Taalschool Elders", by=staff))
    for _time in range(2):
        b"".join(hand_over(copy.id, signed_in_at=now(), by=staff)[1])

    (given,) = list_disclosures_of(amina.id, as_learner(amina).own)

    assert (given.recipient, given.purpose) == ("Taalschool Elders", "portability")
    assert "learner.given_name" in given.fields
    assert given.file_digest == copy.file_digest


def test_it_is_gone_after_its_term(app: Flask, amina: Learner, staff: Actor, clock: Clock) -> None:
    with app.app_context():
        copy = make(ask_copy(amina, by=staff))
    file_id, end = copy.file_id, copy.gone_at
    assert file_id is not None
    assert end is not None
    clock(end + timedelta(seconds=1))
    with pytest.raises(Conflict, match="gone"):
        hand_over(copy.id, signed_in_at=now(), by=as_learner(amina))

    assert end_terms() == 1
    assert end_terms() == 0

    assert session.get_one(DataCopy, (copy.school_id, copy.id)).state is CopyState.GONE
    assert files.get_file(file_id).gone_at is not None
    assert find_copy_of_request(copy.request_id or new_id(), PORTAL.scope) is not None


def test_the_request_is_answered_when_it_is_ready_and_closed_when_she_has_it(
    app: Flask, amina: Learner, staff: Actor
) -> None:
    make_learner("Yusuf", "Berg")
    make_note(amina, "Yusuf Berg was er.")
    request = make_request(amina)
    with app.app_context():
        copy = begin_copy(request, staff)
        assert copy is not None
        assert begin_copy(request, staff) is copy
        make(copy)
        assert request.decided_at is None
        decide_passages(copy.id, {each.id: (True, "Van een ander") for each in list_passages(copy)}, by=staff)
        make(copy)
        session.refresh(request)
        assert (request.outcome, request.closed_at) == (Outcome.IN_PART, None)
        b"".join(hand_over(copy.id, signed_in_at=now(), by=as_learner(amina))[1])
    session.refresh(request)
    assert request.closed_at is not None


@pytest.mark.parametrize("over", [{"withdrawn_at": True}, {"outcome": Outcome.REFUSED, "decided_at": True}])
def test_what_was_taken_back_or_refused_is_not_given(
    app: Flask, amina: Learner, staff: Actor, over: dict[str, Any]
) -> None:
    request = make_request(amina)
    with app.app_context():
        ready = make(ask_copy(amina, request_id=request.id, by=staff))
    for name, value in over.items():
        setattr(request, name, now() if value is True else value)
    session.flush()
    with pytest.raises(Conflict, match="gone"):
        hand_over(ready.id, signed_in_at=now(), by=as_learner(amina))
    assert begin_copy(request, staff) is None


def test_a_request_about_some_categories_gets_those(app: Flask, amina: Learner, staff: Actor) -> None:
    make_note(amina, "Amina leest goed.")
    request = make_request(amina, categories=["name", "contact"])
    with app.app_context():
        copy = begin_copy(request, staff)
        assert copy is not None
        found = json_of(make(copy))
    assert {category["key"] for category in found["categories"]} <= {"name", "contact"}


def test_who_acts_for_her_gets_no_more_than_she_may_see(app: Flask, amina: Learner, staff: Actor) -> None:
    parent = as_learner(amina, represents=True)
    narrow = replace(parent, scope=replace(parent.scope, sees=frozenset({"name", "dealings"})))
    with app.app_context():
        copy = make(ask_copy(amina, by=staff))
    with pytest.raises(NotFound):
        hand_over(copy.id, signed_in_at=now(), by=narrow)


def test_what_she_restricted_is_in_her_own_copy(app: Flask, amina: Learner, staff: Actor) -> None:
    make_note(amina, "Amina leest goed.")
    copy = ask_copy(amina, by=staff)
    hold(amina.id)
    with app.app_context():
        checkpoint()
        do_jobs("requests.make_copy")
        reveal(amina.id)
        made = session.get_one(DataCopy, (copy.school_id, copy.id))
    assert "Amina leest goed." in archive_of(made)["mijn-gegevens.html"].decode()


@pytest.mark.promise("LB-10", part="copy")
def test_it_begins_once_it_is_known_who_asks(app: Flask, amina: Learner, staff: Actor) -> None:
    unknown = ask_request(amina, RequestKind.ACCESS, is_certain=False)
    assert find_copy_of_request(unknown.id, PORTAL.scope) is None

    check_identity(unknown.id, IdentityCheck.COUNTER, by=staff)

    copy = find_copy_of_request(unknown.id, PORTAL.scope)
    assert copy is not None
    assert (copy.kind, copy.state) == (CopyKind.ACCESS, CopyState.WAITING)
    wish = {"includes_findings": True, "organisation": "Taalschool Elders"}
    along = ask_request(amina, RequestKind.PORTABILITY, **wish)
    taken = find_copy_of_request(along.id, PORTAL.scope)
    assert taken is not None
    assert (taken.organisation, taken.includes_findings) == ("Taalschool Elders", True)
