"""She asks with a reason who looked; the name is given or refused in words, once, and staff are told (C-579/21)."""

import pytest
from sqlalchemy import func, select

from portal.core.audit.queries import list_of_learner
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.learners.record.models import Learner
from portal.notifications.models import Notification, NotificationKind
from portal.requests.answers.grounds import Ground
from portal.requests.answers.services import decide_request
from portal.requests.data_requests.models import DataRequest, IdentityCheck, Outcome
from portal.requests.data_requests.services import check_identity
from tests.conftest import school_id
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("lest-best")
PATH = "/mijn/wie-keek/vragen"
WHY = "Mijn buurvrouw werkt bij deze school."


@pytest.fixture
def olga(client: PageClient, sign_in: SignIn) -> Actor:
    """A member of staff who looked twice at Amina's record."""
    with in_school(HERE):
        learner = make_learner("Amina")
    actor = sign_in(client, "administration", name="Olga Smit")
    for path in ("voortgang", ""):
        client.get(f"/cursisten/{learner.id}/{path}".rstrip("/"))
    with in_school(HERE):
        owner = session.get_one(Learner, (HERE, learner.id))
    sign_in(client, "learner", learner=owner)
    return actor


def looks() -> dict[str, str]:
    """What staff saw of the one learner there is, by the page: the entry's id."""
    with in_school(HERE):
        learner_id = session.scalars(select(Learner.id).where(Learner.school_id == HERE)).one()
        entries = list_of_learner(learner_id, views=True, own_looks=False)
        return {each.facts["what"]: str(each.id) for each in entries if each.actor_kind == "staff"}


def asked() -> list[DataRequest]:
    with in_school(HERE):
        return list(session.scalars(select(DataRequest).where(DataRequest.school_id == HERE)))


def decide(ground: Ground | None, reply: str = "") -> DataRequest:
    with in_school(HERE):
        [row] = session.scalars(select(DataRequest).where(DataRequest.school_id == HERE))
        by = as_staff()
        check_identity(row.id, IdentityCheck.COUNTER, by=by)
        return decide_request(row.id, {str(row.entry_ids[0]): ground}, reply=reply, by=by)


@pytest.mark.usefixtures("olga")
def test_she_asks_once_with_a_reason_of_what_is_hers(client: PageClient) -> None:
    entry = looks()["learners.record"]
    page = client.get(f"{PATH}?regel={entry}").get_data(as_text=True)
    assert "Olga" not in page
    assert f'value="{entry}"' in page

    refused = client.post(PATH, {"entries": entry, "body": " "})
    assert (refused.status_code, "Schrijf op waarom" in refused.text) == (422, True)
    assert client.post(PATH, {"entries": str(HERE), "body": WHY}).status_code == 422
    assert client.post(PATH, {"entries": "\x00", "body": WHY}).status_code == 422
    assert client.post(PATH, {"body": WHY}).status_code == 422
    assert asked() == []

    answer = client.post(PATH, {"entries": entry, "body": WHY})
    assert answer.status_code == 303
    assert client.post(PATH, {"entries": entry, "body": "Nog eens."}).status_code == 409
    [row] = asked()
    assert [str(each) for each in row.entry_ids] == [entry]
    own = client.get(str(answer.location)).get_data(as_text=True)
    assert "Naam van wie keek" in own
    assert WHY in own
    assert "Olga" not in own
    assert "Naar uw bestand" not in own


@pytest.mark.promise("LB-08")
def test_the_name_is_given_for_the_look_that_she_asked_about_alone(client: PageClient, olga: Actor) -> None:
    found = looks()
    client.post(PATH, {"entries": found["learners.record"], "body": WHY})
    assert "Olga" not in client.get("/mijn/wie-keek").text

    row = decide(None)

    assert (row.outcome, row.is_open) == (Outcome.GRANTED, False)
    page = client.get("/mijn/wie-keek").text
    assert page.count("Olga Smit") == 1
    assert "Olga Smit" in client.get(f"/mijn/rechten/{row.id}").text
    with in_school(HERE):
        told = select(Notification).where(Notification.account_id == olga.account_id)
        assert [each.kind for each in session.scalars(told)] == [NotificationKind.NAME_GIVEN]
        events = [each.event for each in list_of_learner(row.learner_id or HERE)]
    assert events.count("requests.names_given") == 1


@pytest.mark.usefixtures("olga")
def test_it_is_refused_with_a_reason_in_words(client: PageClient) -> None:
    client.post(PATH, {"entries": looks()["learners.record"], "body": WHY})

    row = decide(Ground.OTHERS, "De medewerker deed haar gewone werk.")

    own = client.get(f"/mijn/rechten/{row.id}").text
    assert "De medewerker deed haar gewone werk." in own
    assert "AVG 15 lid 4" in own
    assert "Olga" not in own + client.get("/mijn/wie-keek").text
    with in_school(HERE):
        assert session.scalar(select(func.count()).select_from(Notification)) == 0


@pytest.mark.usefixtures("olga")
def test_the_desk_reads_whose_name_is_asked_and_makes_no_file(client: PageClient, sign_in: SignIn) -> None:
    client.post(PATH, {"entries": looks()["learners.record"], "body": WHY})
    [row] = asked()
    sign_in(client, "privacy_staff", name="Petra Privacy")

    page = client.get(f"/verzoeken/{row.id}").text

    assert "Olga Smit" in page
    assert WHY in page
    assert "Naar het bestand" not in page
