"""A masked document for a request: only where the school doubts who asks; gone with the decision, whatever that is."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.core.clock import now, today
from portal.core.crypto import files, keys
from portal.core.db.session import session
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.core.http.languages import written
from portal.core.mail import Mail
from portal.identity.documents.layouts import LAYOUTS, DocumentKind
from portal.identity.documents.models import MaskedDocument
from portal.identity.documents.queries import find_waiting
from portal.identity.documents.services import Picture, see_once
from portal.learners.record.models import Learner
from portal.requests.answers.grounds import Ground
from portal.requests.answers.services import decide_request
from portal.requests.data_requests.models import DataRequest, IdentityCheck, RequestKind
from portal.requests.data_requests.services import ask_identity, check_identity, join_requests, withdraw_request
from portal.requests.documents.presenters import told_documents
from portal.requests.documents.services import decide_on_document, hand_in_document, is_asked
from portal.schools.queries import SchoolView
from tests.factories.consent import as_learner
from tests.factories.documents import paper
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff, ask

KIND = DocumentKind.ID_CARD


def picture() -> Picture:
    boxes = dict(LAYOUTS[KIND])
    return Picture(content=paper(boxes.values()), kind=KIND, boxes=boxes, is_attested=True)


def doubted(learner: Learner, by: Actor, **wish: Any) -> DataRequest:
    request = ask(learner, is_certain=False, by=by, **wish)
    ask_identity(request.id, by=as_staff())
    return request


def test_without_doubt_none_is_asked_and_never_to_object(school: SchoolView) -> None:
    learner = make_learner()
    by = as_learner(learner)
    request = ask(learner, is_certain=False, by=by)
    objection = ask(learner, RequestKind.OBJECTION, is_certain=False, by=by, purposes=("security",))
    for each in (request, objection):
        assert not is_asked(each)
        with pytest.raises(NotFound):
            hand_in_document(each.id, picture(), by=by)
    with pytest.raises(Conflict):
        ask_identity(objection.id, by=as_staff())


@pytest.mark.promise("ST-10", part="destroyed")
@pytest.mark.parametrize("is_right", [True, False])
def test_it_is_decided_on_once_it_was_seen_and_gone_then(school: SchoolView, is_right: bool) -> None:
    learner = make_learner()
    by, desk = as_learner(learner), as_staff()
    request = doubted(learner, by)
    document = hand_in_document(request.id, picture(), by=by)
    with pytest.raises(Conflict, match="not_seen"):
        decide_on_document(request.id, is_right=is_right, by=desk)
    list(see_once(document.id, by=desk))
    with pytest.raises(NotAllowed):
        decide_on_document(request.id, is_right=is_right, by=as_staff("privacy_officer"))
    decide_on_document(request.id, is_right=is_right, by=desk)
    assert document.file_id is None
    assert document.destroyed_at is not None
    assert request.identity_check is (IdentityCheck.DOCUMENT if is_right else None)
    assert document.seen_by_name == desk.name


def test_a_better_picture_takes_the_place_of_the_one_before(school: SchoolView) -> None:
    learner = make_learner()
    by = as_learner(learner)
    request = doubted(learner, by)
    first = hand_in_document(request.id, picture(), by=by)
    second: UUID = hand_in_document(request.id, picture(), by=by).id
    assert first.file_id is None
    assert session.get_one(MaskedDocument, (school.id, second)).file_id is not None


NOT_RIGHT = "De school kon hieruit niet zien wie u bent. Kom langs bij de balie, of stuur een nieuw bewijs."


def test_she_hears_and_reads_that_a_document_was_not_right(app: Flask, school: SchoolView) -> None:
    learner = make_learner(email="amina@example.org")
    by, desk = as_learner(learner), as_staff()
    request = doubted(learner, by)
    first = hand_in_document(request.id, picture(), by=by)
    list(see_once(first.id, by=desk))
    before = steps_mailed()
    decide_on_document(request.id, is_right=False, by=desk)
    assert [each for each in steps_mailed() if each not in before and "document_not_right" in each]
    second = hand_in_document(request.id, picture(), by=by)
    list(see_once(second.id, by=desk))
    third = hand_in_document(request.id, picture(), by=by)
    list(see_once(third.id, by=desk))
    decide_on_document(request.id, is_right=True, by=desk)
    with app.app_context():
        told = told_documents([first, second, third], request)
    assert [NOT_RIGHT in each.story for each in told] == [True, False, False]


def steps_mailed() -> list[str]:
    rows = session.scalars(select(Mail).where(Mail.template == "requests/step").order_by(Mail.asked_at)).all()
    return [keys.unseal_for_school(row.sealed or b"", "mail") for row in rows]


def test_for_anothers_request_nobody_hands_in(school: SchoolView) -> None:
    learner = make_learner()
    request = doubted(learner, as_learner(learner))
    with pytest.raises(NotFound):
        hand_in_document(request.id, picture(), by=as_learner(make_learner()))


@pytest.mark.promise("ST-10", part="destroyed")
@pytest.mark.parametrize("end", ["withdraw", "counter", "join"])
def test_it_goes_with_whatever_ends_the_request_or_the_doubt(app: Flask, school: SchoolView, end: str) -> None:
    learner = make_learner()
    by = as_learner(learner)
    earlier = ask(learner, RequestKind.ERASURE, is_certain=False, by=by, categories=("contact",))
    request = doubted(learner, by, kind=RequestKind.ERASURE, categories=("progress",))
    document = hand_in_document(request.id, picture(), by=by)

    if end == "withdraw":
        withdraw_request(request.id, by=by)
    elif end == "counter":
        check_identity(request.id, IdentityCheck.COUNTER, by=as_staff())
    else:
        join_requests(request.id, earlier.id, by=as_staff())

    assert document.file_id is None
    assert document.destroyed_at is not None
    with app.app_context():
        (told,) = told_documents([document], request)
        assert told.story[1] == "Niemand keek ernaar."


def test_it_goes_with_the_answer(school: SchoolView) -> None:
    learner = make_learner()
    by = as_learner(learner)
    request = doubted(learner, by)
    document = hand_in_document(request.id, picture(), by=by)

    decide_request(request.id, {"": Ground.UNIDENTIFIED}, reply="Wij weten niet of u het bent.", by=as_staff())

    assert document.file_id is None


def test_one_whose_term_is_over_reads_as_gone(app: Flask, school: SchoolView) -> None:
    learner = make_learner()
    by = as_learner(learner)
    request = doubted(learner, by)
    document = hand_in_document(request.id, picture(), by=by)
    with app.app_context():
        assert told_documents([document], request)[0].story[1] == "Nog niemand keek ernaar."
        assert document.file_id is not None
        files.remove(document.file_id)

        (told,) = told_documents([document], request)

        assert told.story[1:] == ["Niemand keek ernaar.", f"De foto is gewist op {written('date', today())}."]


@pytest.mark.parametrize("is_seen", [True, False])
def test_one_whose_term_is_over_waits_at_the_desk_only_where_somebody_saw_it(school: SchoolView, is_seen: bool) -> None:
    learner, desk = make_learner(), as_staff()
    request = doubted(learner, by := as_learner(learner))
    document = hand_in_document(request.id, picture(), by=by)
    if is_seen:
        list(see_once(document.id, by=desk))
    assert document.file_id is not None
    session.execute(update(files.StoredFile).values(expires_at=now()))

    for _night in range(2):
        assert (find_waiting(request.id, desk.scope) is document) is is_seen
        files.remove(document.file_id)
    if is_seen:
        decide_on_document(request.id, is_right=True, by=desk)
        assert request.identity_check is IdentityCheck.DOCUMENT
    else:
        with pytest.raises(NotFound):
            decide_on_document(request.id, is_right=True, by=desk)
