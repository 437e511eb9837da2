"""What the works council said is recorded by management alone, with who and when; the newest counts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts.council.models import CouncilDecision
from portal.accounts.council.queries import may_monitor_staff, may_name_staff
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from tests.conftest import school_id
from tests.factories.policy import name_staff
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("lest-best")
PATH = "/instellingen/ondernemingsraad"
GIVEN = {"answer": "given", "decided_on": "2026-03-03", "reference": "Brief van 3 maart"}


def recorded() -> int:
    with in_school(HERE):
        return session.scalar(select(func.count()).select_from(CouncilDecision)) or 0


def may() -> bool:
    with in_school(HERE):
        return may_monitor_staff()


def test_it_is_off_until_consent_is_recorded_and_again_when_it_is_taken_back(
    client: PageClient, sign_in: SignIn, enter: Callable[[str], Any]
) -> None:
    sign_in(client, "management", name="Dina Bos")
    assert "staan uit, tot hier staat" in client.get(PATH).text
    assert may() is False

    for _ in range(2):
        assert client.post(PATH, GIVEN).status_code == 303
    page = client.get(PATH).text
    assert (recorded(), may()) == (1, True)
    assert "Dina Bos" in page
    assert "Brief van 3 maart" in page
    assert "ingestemd op 3 maart 2026" in page
    with enter("meester-in-nt2"):
        assert may_monitor_staff() is False

    client.post(PATH, {"answer": "not_yet"})
    assert (recorded(), may()) == (2, False)
    client.post(PATH, {"answer": "no_council"})
    assert may() is True
    with in_school(HERE):
        events = select(func.count()).select_from(AuditEvent).where(AuditEvent.event == "accounts.council_recorded")
        assert session.scalar(events) == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"decided_on": ""}, "Vul de dag in waarop"),
        ({"decided_on": (today() + timedelta(days=1)).isoformat()}, "Deze dag komt nog"),
        ({"decided_on": "geen dag"}, ""),
        ({"answer": "misschien"}, ""),
        ({"answer": ""}, ""),
        ({"reference": "x" * 301}, ""),
    ],
)
def test_what_makes_no_sense_is_refused_and_kept_in_the_form(
    client: PageClient, sign_in: SignIn, change: dict[str, str], said: str
) -> None:
    sign_in(client, "management")
    answer = client.post(PATH, {**GIVEN, **change})
    assert answer.status_code == 422
    assert said in answer.text
    assert recorded() == 0


def test_naming_staff_is_agreed_to_apart_and_only_counts_where_the_policy_asks_names(
    client: PageClient, sign_in: SignIn
) -> None:
    sign_in(client, "management", name="Dina Bos")
    said = {f"names-{name}": value for name, value in GIVEN.items()}
    assert client.post(f"{PATH}/namen", {**said, "names-decided_on": ""}).status_code == 422
    assert client.post(f"{PATH}/namen", said).status_code == 303
    assert "vraagt geen namen" in client.get(PATH).text
    with in_school(HERE):
        assert (may_monitor_staff(), may_name_staff()) == (False, False)
        name_staff("lest-best", agreed=False)
        assert may_name_staff()
    assert "Cursisten lezen de naam van wie keek." in client.get(PATH).text
    client.post(f"{PATH}/namen", {"names-answer": "not_yet"})
    with in_school(HERE):
        assert not may_name_staff()
    assert "tot hier staat dat de naam mag" in client.get(PATH).text


@pytest.mark.parametrize("role", ["teacher", "coach", "administration", "privacy_officer"])
def test_nobody_else_records_it(client: PageClient, sign_in: SignIn, role: str) -> None:
    sign_in(client, role)
    assert client.post(PATH, GIVEN).status_code == 403
    assert client.post(f"{PATH}/namen", GIVEN).status_code == 403
    assert recorded() == 0
