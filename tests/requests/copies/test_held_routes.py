"""Who handles a request sees all that is held of her on one page, also what stands still, and that is written down."""

from html import unescape

import pytest
from sqlalchemy import select

from portal.core.audit.models import AuditEvent
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.learners.record.models import Learner
from portal.purposes.restrictions.models import RestrictionGround
from portal.purposes.restrictions.services import restrict
from portal.requests.data_requests.models import DataRequest, RequestKind
from portal.requests.data_requests.services import withdraw_request
from tests.conftest import school_id
from tests.factories.consent import as_learner
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff, ask, ask_from_outside, enter
from tests.factories.restrictions import hold
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("lest-best")


@pytest.fixture
def request_of_hers() -> DataRequest:
    with in_school(HERE):
        learner = make_learner(
            "Amina", "Yilmaz", phone="0612345678", bsn="123456782", birth_date=today().replace(year=1990)
        )
        restrict(learner.id, ground=RestrictionGround.CLAIM, categories=[], by=as_staff())
        return enter(learner_id=learner.id)


@pytest.mark.promise("ST-08", part="shielded")
def test_all_of_hers_is_there_also_what_stands_still_and_it_is_written_down_with_the_request(
    client: PageClient, sign_in: SignIn, request_of_hers: DataRequest
) -> None:
    sign_in(client, "privacy_staff")
    assert client.get(f"/cursisten/{request_of_hers.learner_id}").status_code == 404
    answer = client.get(f"/verzoeken/{request_of_hers.id}/gegevens")
    assert answer.status_code == 200
    page = unescape(answer.get_data(as_text=True))
    assert "Amina" in page
    assert "0612345678" in page.replace(" ", "").replace("-", "")
    assert "123456782" not in page
    with in_school(HERE):
        seen = session.scalars(select(AuditEvent).where(AuditEvent.event == "record.viewed")).all()
        assert any(each.subject_id == request_of_hers.id for each in seen)


@pytest.mark.promise("ST-08", part="shielded")
def test_a_request_that_is_over_opens_nothing(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        learner = make_learner("Amina", "Yilmaz")
        request = ask(learner, RequestKind.PORTABILITY)
        withdraw_request(request.id, by=as_learner(learner))
        hold(learner.id)
    sign_in(client, "privacy_staff")
    at = f"/verzoeken/{request.id}"
    assert client.get(f"{at}/gegevens").status_code == 404
    assert f"{at}/gegevens" not in client.get(at).get_data(as_text=True)


def test_management_sees_its_own_categories_where_somebody_else_decides_and_all_where_nobody_does(
    client: PageClient, sign_in: SignIn, request_of_hers: DataRequest
) -> None:
    at = f"/verzoeken/{request_of_hers.id}/gegevens"
    sign_in(client, "management")  # `as_staff` made somebody whose work requests are
    assert "12345678" not in client.get(at).get_data(as_text=True).replace(" ", "").replace("-", "")


@pytest.mark.parametrize("role", ["administration", "privacy_officer", "teacher", "learner"])
def test_nobody_else_opens_it(client: PageClient, sign_in: SignIn, request_of_hers: DataRequest, role: str) -> None:
    with in_school(HERE):
        other: Learner | None = make_learner("Omar", "Haddad") if role == "learner" else None
    sign_in(client, role, learner=other)
    assert client.get(f"/verzoeken/{request_of_hers.id}/gegevens").status_code == 403


def test_of_somebody_unknown_there_is_no_such_page(client: PageClient, sign_in: SignIn) -> None:
    with in_school(HERE):
        request = ask_from_outside()
    sign_in(client, "privacy_staff")
    assert client.get(f"/verzoeken/{request.id}/gegevens").status_code == 404
