"""The school's log, and a learner's page of who looked, say until when their entries have expired."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import delete

from portal.accounts.actors import actor_of
from portal.core import audit
from portal.core.audit import AuditUnsealed, Chain
from portal.core.audit.expiry import expire_entries
from portal.core.audit.queries import list_of_learner
from portal.core.audit.seals import seal_entries
from portal.core.clock import local
from portal.core.command_setup import in_language
from portal.core.db.session import session
from portal.core.http.languages import written
from portal.policy.queries import current_policy
from portal.requests.askers.services import Person
from tests.factories.accounts import make_account
from tests.factories.complaints import enter_complaint_of
from tests.factories.learners import make_learner
from tests.factories.requests import as_staff
from tests.page_client import PageClient
from tests.signing_in import SignIn

pytestmark = pytest.mark.usefixtures("school")

NOW = datetime.now(UTC)
OLD = NOW - timedelta(days=3 * 366)
PLACES = pytest.mark.parametrize(("role", "path"), [("privacy_officer", "/logboek"), ("learner", "/mijn/wie-keek")])
NOTHING = "Uit het logboek is nog niets gewist."


def said(client: PageClient, path: str) -> str:
    """Return what a page says about entries that expired."""
    found = re.search(r'<p[^>]* id="expired">(.*?)</p>', client.get(path).get_data(as_text=True), re.S)
    assert found, path
    return " ".join(found[1].split())


def dated(moment: datetime) -> str:
    with in_language("nl"):
        return written("datetime", moment)


def let_go(clock: Callable[[datetime], None]) -> None:
    """Let entries of both chains expire that were sealed on one day, and the day after."""
    session.execute(delete(AuditUnsealed))  # of today: a seal of long ago holds none of it
    for day, event in ((0, "tests.done"), (1, "accounts.signed_in")):
        clock(OLD + timedelta(days=day))
        audit.record(event)
        seal_entries()
    clock(NOW)
    for chain in Chain:
        assert expire_entries(chain, NOW - timedelta(days=2 * 366))


@PLACES
def test_it_is_said_that_nothing_is_gone_yet(client: PageClient, sign_in: SignIn, role: str, path: str) -> None:
    sign_in(client, role, **({"learner": make_learner()} if role == "learner" else {}))
    assert said(client, path) == NOTHING


@PLACES
def test_it_is_said_until_when_entries_are_gone(
    client: PageClient, sign_in: SignIn, clock: Callable[[datetime], None], role: str, path: str
) -> None:
    let_go(clock)
    sign_in(client, role, **({"learner": make_learner()} if role == "learner" else {}))

    assert said(client, path) == (
        f"Wat tot {dated(OLD)} in het logboek kwam, is gewist. Zo staat het in het privacybeleid. "
        f"Sporen van inloggen en van eigen gebruik zijn gewist tot {dated(OLD + timedelta(days=1))}."
    )


def table_of(client: PageClient, **asked: str) -> str:
    """Return the table of the log, narrowed."""
    return client.get(f"/logboek?{urlencode(asked)}").get_data(as_text=True).partition("<tbody>")[2]


def test_it_says_of_whom_and_narrows_by_person_learner_kind_and_days(
    client: PageClient, sign_in: SignIn, clock: Callable[[datetime], None]
) -> None:
    office = make_account("Kim de Boer", "administration", email="kim@example.org")
    by = actor_of(office.id, office.name, frozenset({"administration"}))
    rania, omar = make_learner("Rania", "Sabbagh"), make_learner("Omar", "Haddad")
    clock(NOW - timedelta(days=40))
    audit.record("learners.added", learner_id=omar.id, by=by)
    clock(NOW)
    audit.record("learners.merged", learner_ids=[rania.id, omar.id], by=by)
    audit.record("courses.group_saved")
    sign_in(client, "privacy_officer")
    day = local(NOW - timedelta(days=40)).date().isoformat()
    added, merged, group = "toegevoegd", "samengevoegd", "Groepen en rooster"

    for asked, there, gone in (
        ({}, (added, merged, group, "Rania Sabbagh", "Omar Haddad"), ()),
        ({"wie": str(office.id)}, (added, merged, "Rania Sabbagh"), (group,)),
        ({"cursist": "Sabbagh"}, (merged, "Rania Sabbagh"), (added,)),
        ({"cursist": str(omar.id)}, (added, merged), ()),
        ({"soort": "learners", "wie": str(office.id)}, (added, merged), (group,)),
        ({"van": day, "tot": day}, (added,), (merged,)),
        ({"tot": day, "wie": str(office.id)}, (added,), (merged,)),
        ({"soort": "bekeken"}, (), (added, merged)),
    ):
        text = table_of(client, **asked)
        assert all(each in text for each in there), (asked, there)
        assert not any(each in text for each in gone), (asked, gone)


def test_days_the_wrong_way_round_are_told_so_and_list_nothing(client: PageClient, sign_in: SignIn) -> None:
    audit.record("courses.group_saved")
    sign_in(client, "privacy_officer")
    answer = client.get("/logboek?van=2026-02-02&tot=2026-02-01")
    assert answer.status_code == 422
    assert "De laatste dag ligt voor de eerste." in answer.text
    assert 'value="2026-02-01"' in answer.text
    assert "Groepen en rooster" not in answer.text.partition("<tbody>")[2]


def test_a_name_that_several_have_is_asked_about_and_an_unknown_one_finds_nothing(
    client: PageClient, sign_in: SignIn
) -> None:
    two = [make_learner("Rania", "Sabbagh"), make_learner("Omar", "Sabbagh")]
    sign_in(client, "privacy_officer")
    text = client.get("/logboek?cursist=Sabbagh").get_data(as_text=True)
    assert "Welke cursist?" in text
    assert all(f"cursist={each.id}" in text for each in two)
    assert "Niemand gevonden" in client.get("/logboek?cursist=Wiersma").get_data(as_text=True)


def test_no_code_of_the_portal_stands_in_it(client: PageClient, sign_in: SignIn) -> None:
    audit.saw([make_learner().id], "learners.record")
    audit.write_views()
    sign_in(client, "privacy_officer")
    for path in ("/logboek", "/logboek?wat=record.viewed", "/logboek?wat=learners.added"):
        text = client.get(path).get_data(as_text=True).partition("<main")[2]
        assert not re.search(r">[^<]*\b[a-z]+\.[a-z]+_?[a-z]*\b[^<]*</(code|small|strong)>", text), path
        assert "<code" not in text


def test_who_opens_the_log_is_written_with_whose_names_stood_in_it(client: PageClient, sign_in: SignIn) -> None:
    learner = make_learner("Rania", "Sabbagh")
    audit.record("learners.added", learner_id=learner.id)
    sign_in(client, "privacy_officer")
    client.get("/logboek")
    [seen] = list_of_learner(learner.id, views=True)
    assert seen.facts["what"] == "overview.audit_log"


@pytest.mark.promise("LB-14")
def test_whom_a_complaint_is_about_does_not_read_in_the_log_who_complained(client: PageClient, sign_in: SignIn) -> None:
    make_account("Frans FG", "privacy_officer", email="fg@example.org")
    omar, sara = make_learner("Omar", "Ahmad"), make_learner("Sara", "Kok")
    manager = make_account("Mia Directie", "management", email="mia@example.org")
    officer = as_staff()
    enter_complaint_of(Person(learner_id=omar.id), about_id=manager.id, by=officer)
    audit.saw([omar.id], "requests.complaint")
    audit.record("tests.done", learner_id=sara.id, by=officer)
    sign_in(client, "management", account=manager)

    page = client.get("/logboek").get_data(as_text=True)
    assert "Omar" not in page
    assert "klacht ingediend" not in page
    assert "Sara" in page
    assert "Klachten die u niet behandelt, staan hier niet." in page
    for path in ("/logboek?wat=requests.complaint_filed", f"/logboek?cursist={omar.id}"):
        assert "Niets gevonden" in client.get(path).get_data(as_text=True), path


@pytest.mark.promise("LB-14")
def test_who_handles_a_complaint_reads_it_in_the_log(client: PageClient, sign_in: SignIn) -> None:
    role = current_policy().complaints.role
    omar = make_learner("Omar", "Ahmad")
    enter_complaint_of(Person(learner_id=omar.id))
    sign_in(client, role)

    page = client.get("/logboek").get_data(as_text=True)

    assert "klacht ingediend" in page
    assert "Omar" in page
    assert "Klachten die u niet behandelt" not in page
