"""Who sees all of somebody at the desk hands out her copy: not management where others decide, nor one person alone."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.audit.queries import list_of_subject
from portal.core.clock import now
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.errors import Conflict, NotAllowed
from portal.core.http.access import Actor
from portal.learners.record.models import Learner
from portal.requests.askers.services import Person, name_person
from portal.requests.copies.models import Handover
from portal.requests.copies.queries import find_copy_of_request, list_flagged, list_passages
from portal.requests.copies.services import decide_passages, hand_over
from portal.requests.data_requests.desk import must_see_whole, needs_another, sees_whole
from portal.requests.data_requests.models import DataRequest, IdentityCheck, RequestChannel, RequestKind
from portal.requests.data_requests.services import check_identity
from portal.schools.queries import SchoolView
from tests.factories.copies import ask_copy, make, make_flagged, make_request
from tests.factories.learners import make_contact_person, make_learner, make_organisation
from tests.factories.requests import as_staff, ask_from_outside, enter
from tests.page_client import PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn


@pytest.fixture
def amina(school: SchoolView) -> Learner:
    return make_learner("Amina", "Haddad", bsn="123456782", birth_date=now().date().replace(year=1990))


def test_management_sees_all_of_a_learner_only_where_the_school_has_nobody_for_privacy(amina: Learner) -> None:
    request, management = make_request(amina), as_staff("management")
    assert sees_whole(request, management)
    staff = as_staff()
    assert sees_whole(request, staff)
    assert not sees_whole(request, management)
    with pytest.raises(NotAllowed):
        must_see_whole(request, management)
    for role in ("privacy_officer", "administration", "coach"):
        assert not sees_whole(request, as_staff(role))


def test_management_takes_no_copy_and_reads_no_passage_where_others_decide(app: Flask, amina: Learner) -> None:
    request, management = make_request(amina), as_staff("management")
    with app.app_context():
        copy = make_flagged(amina, request.id)
        [passage] = list_passages(copy)
        with pytest.raises(NotAllowed):
            list_flagged(copy, management)
        with pytest.raises(NotAllowed):
            decide_passages(copy.id, {passage.id: (False, "Mag")}, by=management)
        ready = make(ask_copy(make_learner("Chen", "Li")))
        with pytest.raises(NotAllowed):
            hand_over(ready.id, signed_in_at=now(), identity_seen="gezien", by=management)
    assert ready.handed_at is None


@pytest.mark.promise("LB-06")
def test_the_pages_of_a_copy_show_management_no_more_than_how_far_it_is(
    app: Flask, client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    request, unmade = make_request(amina), make_request(amina, "portability")
    with app.app_context():
        make_flagged(amina, request.id)
        ready = make(ask_copy(make_learner("Chen", "Li")))
    sign_in(client, "management")
    page = client.get(f"/verzoeken/{request.id}/kopie").get_data(as_text=True)
    assert "Dit bespreken wij later samen" not in page
    assert "De privacymedewerker van uw school" in page
    assert "Maak het bestand" not in client.get(f"/verzoeken/{unmade.id}/kopie").get_data(as_text=True)
    assert "identity_seen" not in client.get(f"/verzoeken/{ready.request_id}/kopie").get_data(as_text=True)
    for at in (
        f"/verzoeken/{request.id}/kopie",
        f"/verzoeken/{ready.request_id}/kopie/geven",
        f"/verzoeken/{unmade.id}/kopie/maken",
        f"/verzoeken/{request.id}/bewijs",
        f"/verzoeken/{request.id}/bewijs/goed",
    ):
        sent = client.post(at, {"identity_seen": "paspoort gezien"})
        assert sent.status_code == 403, at
        assert not sent.data.startswith(b"PK")
    assert find_copy_of_request(unmade.id, as_staff().scope) is None


def entered(amina: Learner, by: Actor) -> DataRequest:
    request = enter(learner_id=amina.id, by=by)
    return check_identity(request.id, IdentityCheck.COUNTER, by=by)


def test_who_wrote_it_down_and_saw_her_alone_hands_out_no_copy_where_another_may(app: Flask, amina: Learner) -> None:
    first, second = as_staff(), as_staff()
    request = entered(amina, first)
    with app.app_context():
        found = find_copy_of_request(request.id, first.scope)
        assert found is not None
        copy = make(found)
        with pytest.raises(Conflict, match="second_person"):
            hand_over(copy.id, signed_in_at=now(), identity_seen="paspoort gezien", by=first)
        b"".join(hand_over(copy.id, signed_in_at=now(), identity_seen="paspoort gezien", by=second)[1])
    assert copy.handover is Handover.COUNTER


def test_one_person_alone_for_privacy_hands_it_out_herself(amina: Learner) -> None:
    only = as_staff()
    as_staff("management")  # sees no learner whole, so isn't another who may
    assert not needs_another(entered(amina, only), only)


def test_what_came_from_outside_and_one_person_named_and_saw_is_her_word_alone_too(school: SchoolView) -> None:
    first = as_staff()
    as_staff()
    request = ask_from_outside()
    check_identity(request.id, IdentityCheck.COUNTER, by=first)
    assert request.channel is RequestChannel.WEBSITE
    assert needs_another(request, first)


def test_what_she_asked_in_the_portal_may_be_given_by_who_saw_her(
    amina: Learner,
) -> None:
    first = as_staff()
    as_staff()
    request = make_request(amina, identity_check=IdentityCheck.COUNTER, identity_checked_by=first.account_id)
    request.filed_by = as_staff("learner").account_id
    assert not needs_another(request, first)


@pytest.mark.promise("LB-11")
def test_who_asks_for_somebody_else_shows_that_she_may(client: PageClient, sign_in: SignIn, school: SchoolView) -> None:
    with in_school(school.id):
        person = make_contact_person(make_organisation("Gemeente Zeist"))
        row = ask_from_outside(RequestKind.ACCESS, asked_for="Karin Bos")
        name_person(row.id, Person(contact_person_id=person.id), by=as_staff())
    sign_in(client, "privacy_staff")
    page = client.get(f"/verzoeken/{row.id}").get_data(as_text=True)
    assert "Bekijk het bewijs dat dit mag" in page

    refused = client.post(f"/verzoeken/{row.id}/gezien", follow_redirects=True).get_data(as_text=True)

    assert "Kijk eerst of deze persoon dat mag" in refused
    assert check_of(row.id) is None
    client.post(f"/verzoeken/{row.id}/gezien", {"said": "mag"})
    assert check_of(row.id) is IdentityCheck.COUNTER
    with in_school(school.id):
        seen = [each.event for each in list_of_subject(row.id) if each.event == "requests.authority_seen"]
    assert len(seen) == 1


def check_of(request_id: UUID) -> IdentityCheck | None:
    with in_school(SCHOOLS[0].id):
        return session.scalars(select(DataRequest.identity_check).where(DataRequest.id == request_id)).one()
