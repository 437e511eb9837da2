"""The pages of the forecast and of holds: who sees what, a number that changed, and what she reads of a hold."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.clock import now, today
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.retention.models import HoldReason, RetentionHold, RetentionRun, RunState
from portal.retention.runs.queries import count_due
from portal.schools.queries import SchoolView
from tests.page_client import PageClient
from tests.retention.people import gone
from tests.signing_in import SignIn


def make_waiting(people: int) -> RetentionRun:
    run = RetentionRun(
        ran_on=today(), started_at=now(), state=RunState.WAITS, is_first=True, cap=1, due=people, waiting=people
    )
    session.add(run)
    session.flush()
    return run


@pytest.fixture
def keeper(school: SchoolView, client: PageClient, sign_in: SignIn) -> PageClient:
    sign_in(client, "privacy_staff")
    return client


def test_staff_read_what_goes_by_month_and_who(keeper: PageClient) -> None:
    contact = today().replace(year=today().year - 4) + timedelta(days=5)
    gone(given_name="Zelda", family_name="Quispel", last_contact_on=contact)

    page = keeper.get("/bewaren").text

    assert "Over de termijn" in page
    assert "Cursisten" in page
    assert "Zelda" not in page
    assert "Zelda Quispel" in keeper.get("/bewaren/mensen").text


def test_the_officer_sees_counts_and_confirms_nothing(school: SchoolView, client: PageClient, sign_in: SignIn) -> None:
    run = make_waiting(3)
    sign_in(client, "privacy_officer")

    page = client.get("/bewaren").text

    assert "3 personen wachten" in page
    assert "/bewaren/bevestigen" not in page
    assert client.post(f"/bewaren/bevestigen/{run.id}", data={"mensen": 3}).status_code == 403


def test_a_person_confirms_the_number_that_she_read(keeper: PageClient) -> None:
    for _ in range(2):
        gone()
    run = make_waiting(count_due(today(), SYSTEM))
    assert f"{run.waiting} personen wachten" in keeper.get("/bewaren").text

    keeper.post(f"/bewaren/bevestigen/{run.id}", data={"mensen": run.waiting - 1})
    assert "Er is iets veranderd" in keeper.get("/bewaren").text
    keeper.post(f"/bewaren/bevestigen/{run.id}", data={"mensen": run.waiting})
    page = keeper.get("/bewaren").text
    assert "Bevestigd." in page
    assert "Bevestiging intrekken" in page
    keeper.post(f"/bewaren/bevestiging-intrekken/{run.id}")
    assert "Ingetrokken." in keeper.get("/bewaren").text


def test_a_hold_is_set_refused_and_ended_on_her_page(keeper: PageClient) -> None:
    learner_id = gone(given_name="Zelda", family_name="Quispel").id
    address = f"/bewaren/cursisten/{learner_id}"
    wanted = {"reason": "law", "details": "", "ends_on": (today() + timedelta(days=30)).isoformat()}

    refused = keeper.post(address, data=wanted)
    assert refused.status_code == 422
    assert "Schrijf op welke wet" in refused.text

    keeper.post(address, data={**wanted, "details": "Archiefwet"})
    hold = session.scalars(select(RetentionHold)).one()
    assert (hold.reason, hold.details, hold.learner_id) == (HoldReason.LAW, "Archiefwet", learner_id)
    page = keeper.get(address).text
    assert "Archiefwet" in page
    assert "Zelda Quispel" in keeper.get("/bewaren/mensen").text

    keeper.post(f"/bewaren/uitgesteld/{hold.id}/beeindigen")
    assert session.scalars(select(RetentionHold)).one().ended_at is not None
