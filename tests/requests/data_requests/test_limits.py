"""Who acted for a learner and may no more gets no yes and no mail; the learner is told."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.core.clock import now, today
from portal.core.crypto import keys
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.mail import Mail
from portal.learners.record.models import Learner
from portal.representation.models import Representative
from portal.requests.answers.grounds import Ground
from portal.requests.answers.services import decide_request
from portal.requests.data_requests.limits import may_still_ask
from portal.requests.data_requests.models import DataRequest, Outcome, RequestKind
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner, make_representative
from tests.factories.requests import as_staff, ask
from tests.signing_in import make_account

OWN = "amina@example.org"


def asked(kind: RequestKind) -> tuple[DataRequest, Representative]:
    learner = make_learner("Amina", "Yilmaz", email=OWN)
    account = make_account("Ex Partner", "representative")
    acting = make_representative(learner, account_id=account.id)
    role = frozenset({"representative"})
    by = actor_of(account.id, account.name, role, learner_id=learner.id, represents=True)
    return ask(learner, kind, body="Graag.", by=by), acting


def ended(acting: Representative, how: str) -> None:
    match how:
        case "ended":
            acting.ended_at = now()
        case "over":
            acting.starts_on, acting.ends_on = today() - timedelta(days=9), today() - timedelta(days=1)
        case "narrowed":
            acting.categories = ["contact"]
    session.flush()


def mails(template: str = "requests/step") -> list[dict[str, Any]]:
    rows = session.scalars(select(Mail).where(Mail.template == template).order_by(Mail.asked_at)).all()
    return [json.loads(keys.unseal_for_school(row.sealed or b"", "mail")) for row in rows]


@pytest.mark.promise("LB-11", part="representative")
@pytest.mark.parametrize("kind", [RequestKind.ERASURE, RequestKind.RECTIFICATION])
@pytest.mark.parametrize("how", ["ended", "over", "narrowed"])
def test_no_yes_to_who_acts_no_more(school: SchoolView, kind: RequestKind, how: str) -> None:
    request, acting = asked(kind)
    assert may_still_ask(request)
    ended(acting, how)
    with pytest.raises(Conflict, match="no_longer_acts"):
        decide_request(request.id, {}, reply="Ja.", by=as_staff())
    assert session.get(Learner, (school.id, request.learner_id)) is not None


def test_a_parents_request_ends_with_her_sixteenth_birthday(school: SchoolView) -> None:
    request, acting = asked(RequestKind.ERASURE)
    acting.kind = "parent"
    session.flush()
    assert not may_still_ask(request)


def test_it_can_be_refused_and_the_learner_is_told(school: SchoolView) -> None:
    request, acting = asked(RequestKind.RECTIFICATION)
    before = mails()
    assert OWN not in {each["to"] for each in before}
    ended(acting, "ended")
    decide_request(request.id, {"": Ground.UNIDENTIFIED}, reply="U mag dit niet meer vragen.", by=as_staff())
    assert request.outcome is Outcome.REFUSED
    assert [each["to"] for each in mails()[len(before) :]] == [OWN]


def test_what_stops_a_use_may_be_granted_all_the_same(school: SchoolView) -> None:
    request, acting = asked(RequestKind.RESTRICTION)
    ended(acting, "ended")
    decide_request(request.id, {}, reply="Ja.", by=as_staff())
    assert request.outcome is Outcome.GRANTED


def test_who_acts_for_another_reads_that_the_data_of_that_other_went(school: SchoolView) -> None:
    request, _acting = asked(RequestKind.ERASURE)
    decide_request(request.id, {}, reply="Ja.", by=as_staff())
    [mail] = mails("requests/erased")
    assert mail["context"]["is_for_another"] is True
