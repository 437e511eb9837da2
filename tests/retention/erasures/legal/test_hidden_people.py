"""The desk reads and answers what somebody asks to erase whose own row can't be read here."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from portal.accounts.models import Membership
from portal.core.clock import now
from portal.core.db.base import new_id
from portal.core.db.scope import checkpoint, current_school_id
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.personal_data import PersonKind
from portal.purposes.restrictions.models import RestrictionGround
from portal.purposes.restrictions.services import restrict
from portal.requests.answers.erasures import LEGAL_KEEPS
from portal.requests.answers.grounds import Ground
from portal.requests.data_requests.models import DataRequest, Outcome, RequestChannel
from portal.requests.data_requests.parts import subjects_of
from portal.schools.queries import SchoolView
from tests.factories.accounts import make_account
from tests.factories.copies import identified
from tests.factories.learners import make_learner, make_representative
from tests.page_client import PageClient
from tests.signing_in import SignIn


def _of_restricted_learner() -> DataRequest:
    """Let somebody ask who acted for a learner whose data was wholly restricted since."""
    learner = make_learner()
    person = make_representative(learner, name="Omar Zonderling", email="omar@example.org")
    person.ended_at = now()
    asked = identified("erasure", channel=RequestChannel.LETTER, representative_id=person.id)
    restrict(learner.id, ground=RestrictionGround.CLAIM, by=PORTAL)
    return asked


def _of_account_without_role() -> DataRequest:
    """Let somebody ask by an account of which no role is left."""
    account = make_account("Tess Zonderling", "teacher", email="tess@example.org")
    asked = identified("erasure", channel=RequestChannel.LETTER, account_id=account.id)
    session.execute(delete(Membership).where(Membership.account_id == account.id))
    return asked


HIDDEN = {"restricted_learner": _of_restricted_learner, "no_role": _of_account_without_role}


@pytest.fixture(params=HIDDEN)
def asked(request: pytest.FixtureRequest, school: SchoolView) -> UUID:
    """The id of what somebody asked who is hidden by now."""
    make: Callable[[], DataRequest] = HIDDEN[request.param]
    asked_id = make().id
    checkpoint()
    return asked_id


@pytest.mark.parametrize("role", ["privacy_staff", "privacy_officer"])
def test_the_page_opens(client: PageClient, sign_in: SignIn, asked: UUID, role: str) -> None:
    sign_in(client, role)
    assert client.get(f"/verzoeken/{asked}").status_code == 200


def test_a_no_without_words_comes_back_and_one_with_words_is_given(
    client: PageClient, sign_in: SignIn, asked: UUID
) -> None:
    sign_in(client, "privacy_staff")
    path = f"/verzoeken/{asked}/beslissen"
    request = session.get_one(DataRequest, (current_school_id(), asked))
    refused = {f"part_{number}": Ground.LAW.value for number, _key in enumerate(subjects_of(request))}
    assert client.post(path, {**refused, "reply": ""}).status_code == 422
    assert client.post(path, {**refused, "reply": "Dat moet blijven."}).status_code == 303
    outcome = session.scalars(select(DataRequest.outcome).where(DataRequest.id == asked)).one()
    assert outcome is Outcome.REFUSED


@pytest.mark.parametrize("kind", PersonKind)
def test_no_law_is_named_for_who_is_not_found(school: SchoolView, kind: PersonKind) -> None:
    assert LEGAL_KEEPS.only(kind, new_id(), ["name", "finance"]) == {}
