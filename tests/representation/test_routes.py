"""The office records who acts for a learner: first what somebody is to her, then the form of that kind."""

import pytest
from sqlalchemy import select

from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.mail import Mail
from portal.representation.models import ProofKind, Representative, RepresentativeKind
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("lest-best")


@pytest.fixture
def url(client: PageClient, sign_in: SignIn) -> str:
    """The address at which the office, signed in, records somebody for an adult."""
    sign_in(client, "administration")
    with in_school(HERE):
        return f"/cursisten/{make_learner('Amina', 'Yilmaz').id}/vertegenwoordigers/nieuw"


def typed(**more: object) -> dict[str, object]:
    day = today().replace(year=today().year + 1, day=1).isoformat()
    return {"name": "Marieke Mentor", "email": "mentor@example.org", "ends_on": day, **more}


def test_only_kinds_that_fit_her_age_are_offered(client: PageClient, url: str) -> None:
    page = client.get(url).get_data(as_text=True)
    assert "Bewindvoerder" in page
    assert "Voogd" not in page
    assert client.get(f"{url}?kind=parent").get_data(as_text=True).count("Bewindvoerder")


@pytest.mark.promise("LB-11", part="representative")
def test_a_mentor_is_recorded_by_what_was_seen_and_no_file_is_asked(client: PageClient, url: str) -> None:
    page = client.get(f"{url}?kind=mentor").get_data(as_text=True)
    assert "Maak geen kopie." in page
    assert 'type="file"' not in page
    sent = typed(kind="mentor", categories=["attendance"], seen_on=today().isoformat())
    refused = client.post(url, sent)
    assert refused.status_code == 422
    assert "Kies wat u zag." in refused.get_data(as_text=True)
    assert client.post(url, {**sent, "proof_kind": "decision"}).status_code == 303
    with in_school(HERE):
        row = session.scalars(select(Representative)).one()
    assert (row.kind, row.proof_kind, row.categories) == (
        RepresentativeKind.MENTOR,
        ProofKind.DECISION,
        ["attendance"],
    )


def test_what_is_not_of_that_kind_is_refused(client: PageClient, url: str) -> None:
    wrong = typed(kind="koning", proof="Gezien")
    assert client.post(url, wrong).status_code == 422
    beyond = typed(kind="administrator", proof_kind="extract", seen_on=today().isoformat(), categories=["attendance"])
    assert client.post(url, beyond).status_code == 422
    with in_school(HERE):
        assert session.scalars(select(Representative)).all() == []


def test_who_has_no_mail_is_recorded_without_a_sign_in(client: PageClient, url: str) -> None:
    sent = typed(kind="mentor", categories=["attendance"], seen_on=today().isoformat(), proof_kind="decision", email="")
    refused = client.post(url, sent)
    assert refused.status_code == 422
    assert "Marieke Mentor" in refused.get_data(as_text=True)

    stored = client.post(url, {**sent, "has_no_sign_in": "y"}, follow_redirects=True)

    assert "Inloggen kan deze persoon niet." in stored.get_data(as_text=True)
    assert "logt niet in" in stored.get_data(as_text=True)
    with in_school(HERE):
        row = session.scalars(select(Representative)).one()
        assert (row.account_id, row.email, row.categories) == (None, None, ["attendance"])
        assert session.scalars(select(Mail)).all() == []


def test_who_wants_no_account_is_recorded_with_her_address_and_not_invited(client: PageClient, url: str) -> None:
    sent = typed(kind="authorised", proof="Machtiging getekend", has_no_sign_in="y")
    assert client.post(url, {**sent, "email": "geen adres"}).status_code == 422
    assert client.post(url, sent).status_code == 303
    with in_school(HERE):
        row = session.scalars(select(Representative)).one()
        assert (row.account_id, row.email) == (None, "mentor@example.org")
        assert session.scalars(select(Mail)).all() == []


def test_recording_leads_back_to_where_it_began_and_to_no_other_host(client: PageClient, url: str) -> None:
    sent = typed(kind="authorised", proof="Machtiging getekend")
    page = client.get(f"{url}?terug=/verzoeken/nieuw").get_data(as_text=True)
    assert "terug=/verzoeken/nieuw" in page or "terug=%2Fverzoeken%2Fnieuw" in page
    assert client.post(f"{url}?terug=/verzoeken/nieuw", sent).location == "/verzoeken/nieuw"
    elsewhere = client.post(f"{url}?terug=//example.org/", {**sent, "email": "tweede@example.org"})
    assert elsewhere.location is not None
    assert elsewhere.location.endswith("/toegang")
