"""The school's log, and a learner's page of who looked, say until when their entries have expired."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete

from portal.core import audit
from portal.core.audit import AuditUnsealed, Chain
from portal.core.audit.expiry import expire_entries
from portal.core.audit.seals import seal_entries
from portal.core.command_setup import in_language
from portal.core.db.session import session
from portal.core.http.languages import written
from tests.factories.learners import make_learner
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
