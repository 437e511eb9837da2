"""A hold that is set in the very moment that an erasure is decided on, in transactions that really race."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.accounts.actors import actor_of
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id, in_school
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.personal_data import PersonKind
from portal.representation.models import Representative
from portal.requests.answers.services import decide_request
from portal.requests.data_requests.models import DataRequest, Outcome, RequestChannel
from portal.retention.holds.services import set_hold
from portal.retention.models import HoldReason, RetentionHold
from tests.factories.copies import identified
from tests.factories.requests import as_staff
from tests.racing import Race
from tests.retention.people import GONE

KEEPER = actor_of(new_id(), "Pien Vos", frozenset({"privacy_staff"}))
ASKS = {
    PersonKind.LEARNER: "learner_id",
    PersonKind.REPRESENTATIVE: "representative_id",
    PersonKind.CONTACT_PERSON: "contact_person_id",
    PersonKind.STAFF: "account_id",
}


def hold(kind: PersonKind, person_id: UUID) -> None:
    set_hold(kind, person_id, reason=HoldReason.CLAIM, details="Zaak 12", ends_on=today(), by=KEEPER)


def decide(request_id: UUID) -> None:
    decide_request(request_id, {}, reply="Gewist.", by=as_staff())


def make(kind: PersonKind, categories: Sequence[str] = ()) -> tuple[UUID, PersonKind, UUID]:
    """Make somebody who left and asks to be erased; return her request, and of whom a hold keeps her."""
    person = GONE[kind]()
    asked = {ASKS[kind]: person.id, "categories": list(categories)}
    request = identified("erasure", channel=RequestChannel.LETTER, **asked)
    if isinstance(person, Representative):
        return request.id, PersonKind.LEARNER, person.learner_id
    return request.id, kind, person.id


@pytest.mark.promise("MN-16")
@pytest.mark.parametrize("kind", PersonKind)
def test_a_hold_waits_for_the_decision_that_goes_before_it(race: Race, kind: PersonKind) -> None:
    with in_school(race.school_id):
        request_id, whose, person_id = make(kind)

    with in_school(race.school_id):
        decide(request_id)
        session.flush()
        holding = race.start(lambda: hold(whose, person_id))
        assert race.stand_still(1)
        assert session.scalar(select(func.count()).select_from(RetentionHold)) == 0

    if kind is PersonKind.REPRESENTATIVE:
        holding.result(timeout=10)
    else:
        with pytest.raises(NotFound):
            holding.result(timeout=10)


@pytest.mark.promise("MN-16")
@pytest.mark.parametrize(
    ("kind", "categories"),
    [
        *((each, ()) for each in PersonKind),
        (PersonKind.LEARNER, ("contact",)),
        (PersonKind.CONTACT_PERSON, ("contact",)),
    ],
    ids=str,
)
def test_a_decision_waits_for_the_hold_that_goes_before_it(
    race: Race, kind: PersonKind, categories: Sequence[str]
) -> None:
    with in_school(race.school_id):
        request_id, whose, person_id = make(kind, categories)

    with in_school(race.school_id):
        hold(whose, person_id)
        session.flush()
        deciding = race.start(lambda: decide(request_id))
        assert race.stand_still(1)
    deciding.result(timeout=10)

    with in_school(race.school_id):
        request = session.get_one(DataRequest, (current_school_id(), request_id))
        assert (request.outcome, request.certificate_number) == (Outcome.REFUSED, None)
        assert request.known_person_id is not None
