"""The 72 hours of an incident: what moves them, what is decided in time, and what the evidence counts of it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.audit.values import OF_SCHOOL
from portal.core.clock import local, now
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.oversight.incidents.models import Incident
from portal.oversight.incidents.queries import count_reported_in_time
from portal.oversight.incidents.services import decide_report
from tests.conftest import school_id
from tests.factories.oversight import make_incident, make_manager
from tests.page_client import PageClient
from tests.signing_in import SignIn

HERE = school_id("lest-best")
PATH = "/incidenten"
HOUR = timedelta(hours=1)
MOVED = {"aware_reason": "De dag was verkeerd getypt."}


@pytest.fixture
def keeper(client: PageClient, sign_in: SignIn) -> Actor:
    return sign_in(client, "privacy_staff", name="Pien Smit")


def incident_at(hours_ago: int) -> UUID:
    with in_school(HERE):
        return make_incident(aware_at=now() - hours_ago * HOUR).id


def form(aware_at: datetime, **changes: str) -> dict[str, Any]:
    aware = local(aware_at)
    filled = {"title": "Laptop kwijt", "kind": "lost", "body": "Een laptop is kwijt.", "others": "0"}
    return {**filled, "aware_on": aware.date().isoformat(), "aware_time": f"{aware:%H:%M}", **changes}


def get(incident: UUID) -> Incident:
    return session.get_one(Incident, (HERE, incident))


def last_entry(event: str) -> AuditEvent:
    return session.scalars(select(AuditEvent).where(AuditEvent.event == event).order_by(AuditEvent.id.desc())).first()


def counted() -> tuple[int, int]:
    with in_school(HERE):
        return count_reported_in_time()


def report(incident: UUID, *, is_reported: bool, hours_ago: int = 0) -> None:
    with in_school(HERE):
        at = now() - hours_ago * HOUR if is_reported else None
        decide_report(incident, is_reported=is_reported, reported_at=at, reason="Gewogen.", by=make_manager())


@pytest.mark.parametrize(
    ("aware", "said", "found"),
    [
        (80, {"is_reported": True, "hours_ago": 10}, (1, 1)),
        (80, {"is_reported": True, "hours_ago": 5}, (0, 1)),
        (71, {"is_reported": False}, (1, 1)),
        (80, {"is_reported": False}, (0, 1)),
    ],
)
def test_each_decision_counts_in_time_or_not(
    database: Any, aware: int, said: dict[str, Any], found: tuple[int, int]
) -> None:
    incident = incident_at(aware)
    assert counted() == (0, int(aware > 72))
    report(incident, **said)
    assert counted() == found


def test_a_late_no_shows_as_late(client: PageClient, keeper: Actor) -> None:
    late, early = incident_at(80), incident_at(3)
    for each in (late, early):
        client.post(f"{PATH}/{each}/melding", {"is_reported": "nee", "reason": "Geen risico."})
    assert "te laat besloten" in client.get(f"{PATH}/{late}").text
    page = client.get(f"{PATH}/{early}").text
    assert "te laat besloten" not in page
    assert "Niet gemeld. Besloten op" in page


def test_the_same_answer_again_leaves_when_it_was_decided_and_another_does_not(database: Any) -> None:
    incident = incident_at(3)
    report(incident, is_reported=False)
    with in_school(HERE):
        before = get(incident).decided_at
    report(incident, is_reported=False)
    with in_school(HERE):
        assert get(incident).decided_at == before
    report(incident, is_reported=True)
    with in_school(HERE):
        assert get(incident).decided_at > before
        facts = last_entry("oversight.report_decided").facts
        assert (facts["was_reported"], facts["is_reported"]) == (False, True)


def test_another_moment_of_awareness_needs_a_reason_beside_it(client: PageClient, keeper: Actor) -> None:
    incident = incident_at(80)
    path = f"{PATH}/{incident}/wijzigen"
    assert "Waarom verandert dit moment?" in client.get(path).text
    refused = client.post(path, form(now() - HOUR, measures="Slot vervangen."))
    assert refused.status_code == 422
    assert 'id="aware_reason-error"' in refused.text
    assert "Slot vervangen." in refused.text
    with in_school(HERE):
        assert get(incident).aware_at < now() - 79 * HOUR


def test_moved_it_is_in_the_log_and_the_hours_count_from_the_earliest(client: PageClient, keeper: Actor) -> None:
    incident = incident_at(80)
    with in_school(HERE):
        was = get(incident).aware_at
    assert client.post(f"{PATH}/{incident}/wijzigen", form(now() - HOUR, **MOVED)).status_code == 303
    assert counted() == (0, 1)
    page = client.get(f"{PATH}/{incident}").text
    for said in ("De 72 uur zijn voorbij.", "Eerst opgeschreven:", MOVED["aware_reason"]):
        assert said in page
    found = client.post(f"{PATH}/{incident}/bestand").json
    assert found["eerst_opgeschreven_als_gemerkt_op"] < found["melden_voor"] < found["gemerkt_op"]
    assert found["waarom_ander_moment"] == MOVED["aware_reason"]
    with in_school(HERE):
        row, entry = get(incident), last_entry("oversight.incident_changed")
        assert (datetime.fromisoformat(entry.facts["aware_before"]), row.first_aware_at) == (was, was)
        assert datetime.fromisoformat(entry.facts["aware_after"]) == row.aware_at
        assert entry.facts["fields"] == ["incident.aware_at", "incident.aware_reason"]
        assert set(entry.sealed) == {OF_SCHOOL}


def test_earlier_than_first_written_it_counts_from_there(client: PageClient, keeper: Actor) -> None:
    incident = incident_at(10)
    client.post(f"{PATH}/{incident}/wijzigen", form(now() - 80 * HOUR, **MOVED))
    assert counted() == (0, 1)
    with in_school(HERE):
        assert get(incident).first_aware_at == get(incident).aware_at


def test_what_a_form_leaves_as_it_was_moves_nothing(client: PageClient, keeper: Actor) -> None:
    incident = incident_at(10)
    with in_school(HERE):
        was = get(incident).aware_at
    answer = client.post(f"{PATH}/{incident}/wijzigen", form(was, title="Andere titel", **MOVED))
    assert answer.status_code == 303
    with in_school(HERE):
        row, entry = get(incident), last_entry("oversight.incident_changed")
        assert (row.aware_at, row.aware_reason, row.title) == (was, None, "Andere titel")
        assert entry.facts == {"fields": ["incident.title"]}


def test_a_report_is_not_before_awareness(client: PageClient, keeper: Actor) -> None:
    incident = incident_at(80)
    report(incident, is_reported=True, hours_ago=70)
    refused = client.post(f"{PATH}/{incident}/wijzigen", form(now() - HOUR, **MOVED))
    assert refused.status_code == 422
    assert "Kies een moment vóór de melding." in refused.text
