"""A request of nobody who is known has a term of its own; one of somebody goes with her."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from sqlalchemy import select

from portal.core.clock import today
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.policy.queries import current_policy
from portal.requests.answers.grounds import Ground
from portal.requests.answers.services import decide_request
from portal.requests.data_requests.expiry import end_requests
from portal.requests.data_requests.models import DataRequest, RequestKind
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff, ask, ask_from_outside


def test_requests_of_nobody_known_go_by_their_own_term(school: SchoolView, clock: Callable[[datetime], None]) -> None:
    by = as_staff()
    unknown, waits = ask_from_outside(RequestKind.RECTIFICATION, body="Mijn naam."), ask_from_outside()
    decide_request(unknown.id, {"": Ground.UNIDENTIFIED}, reply="Kom langs.", by=by)
    erased, known = ask(make_learner(), RequestKind.ERASURE), ask(make_learner(), RequestKind.RECTIFICATION, body="x")
    decide_request(erased.id, {}, reply="Gewist.", by=by)
    decide_request(known.id, {"": Ground.IS_RIGHT}, reply="Het klopt.", proof="Paspoort.", by=by)
    stay, gone = {waits.id, known.id}, {unknown.id, erased.id}
    last = current_policy().accountability_term.added_to(today())

    clock(datetime.combine(last, time(12)))
    assert end_requests(by=PORTAL) == 0
    clock(datetime.combine(last + timedelta(days=1), time(12)))
    assert end_requests(by=PORTAL) == 2

    left = set(session.scalars(select(DataRequest.id)))
    assert stay <= left
    assert not gone & left
