"""Staff who write a request of a learner down say who asks: she herself, or who acts for her."""

from html import unescape
from uuid import UUID

import pytest

from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.learners.record.models import Learner
from portal.representation.models import Representative, RepresentativeKind
from portal.requests.data_requests.models import DataRequest, RequestChannel
from tests.conftest import school_id
from tests.factories.learners import make_learner, make_representative
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("lest-best")
TYPED = {"channel": "letter", "received_on": today().isoformat(), "language": "nl", "body": "Alles graag."}


@pytest.fixture
def amina() -> Learner:
    with in_school(HERE):
        return make_learner("Amina", "Yilmaz")


@pytest.fixture
def mentor(amina: Learner) -> UUID:
    with in_school(HERE):
        return make_representative(amina, kind=RepresentativeKind.MENTOR, categories=["attendance"], name="Mentor M").id


def rows() -> list[DataRequest]:
    return list(session.query(DataRequest).all())


def test_nobody_is_asked_who_asks_where_nobody_acts_for_her(
    client: PageClient, sign_in: SignIn, amina: Learner
) -> None:
    sign_in(client, "privacy_staff")
    at = f"/verzoeken/nieuw/access?cursist={amina.id}"
    assert "asked_by" not in client.get(at).get_data(as_text=True)
    assert client.post(at, TYPED).status_code == 303


@pytest.mark.promise("LB-11", part="representative")
def test_a_letter_of_who_acts_for_her_is_narrowed_to_what_she_may_ask(
    client: PageClient, sign_in: SignIn, amina: Learner, mentor: UUID
) -> None:
    sign_in(client, "administration")
    at = f"/verzoeken/nieuw/access?cursist={amina.id}"
    nothing = client.post(at, TYPED)
    assert nothing.status_code == 422
    assert "Kies wie dit vraagt." in nothing.get_data(as_text=True)
    assert "Alles graag." in nothing.get_data(as_text=True)

    assert client.post(at, {**TYPED, "asked_by": str(mentor)}).status_code == 303

    with in_school(HERE):
        [row] = rows()
        assert (row.asked_by_id, row.categories) == (mentor, ["attendance"])
        assert (row.is_by_representative, row.channel) == (True, RequestChannel.LETTER)
        assert "level" in row.beyond


def test_her_own_letter_asks_all(client: PageClient, sign_in: SignIn, amina: Learner, mentor: UUID) -> None:
    sign_in(client, "administration")
    assert client.post(f"/verzoeken/nieuw/access?cursist={amina.id}", {**TYPED, "asked_by": "zelf"}).status_code == 303
    with in_school(HERE):
        [row] = rows()
        assert (row.asked_by_id, row.categories, row.is_by_representative) == (None, [], False)


def test_what_is_wholly_beyond_her_is_said_beside_who_asks_and_nothing_is_lost(
    client: PageClient, sign_in: SignIn, amina: Learner, mentor: UUID
) -> None:
    sign_in(client, "privacy_staff")
    sent = {**TYPED, "asked_by": str(mentor), "categories": ["contact"]}
    refused = client.post(f"/verzoeken/nieuw/erasure?cursist={amina.id}", sent)
    assert refused.status_code == 422
    page = unescape(refused.get_data(as_text=True))
    assert "Niets van wat gevraagd is, mag deze persoon voor de cursist vragen." in page
    assert "Alles graag." in page
    with in_school(HERE):
        assert rows() == []


def test_who_ended_meanwhile_or_acts_for_another_is_refused(
    client: PageClient, sign_in: SignIn, amina: Learner, mentor: UUID
) -> None:
    with in_school(HERE):
        other = make_representative(make_learner("Omar", "Haddad")).id
        make_representative(amina, kind=RepresentativeKind.AUTHORISED, name="Blijft")
        session.get_one(Representative, (HERE, mentor)).ended_at = now()
    sign_in(client, "privacy_staff")
    for each in (other, mentor):
        sent = {**TYPED, "asked_by": str(each)}
        assert client.post(f"/verzoeken/nieuw/access?cursist={amina.id}", sent).status_code == 422
    with in_school(HERE):
        assert rows() == []
