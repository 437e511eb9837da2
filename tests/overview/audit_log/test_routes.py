"""The school's log, and a learner's page of who looked, say until when their entries have expired."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from portal.core import audit
from portal.core.audit import Chain
from portal.core.audit.expiry import expire_entries
from portal.core.audit.seals import seal_entries
from portal.core.clock import local
from portal.core.command_setup import in_language
from portal.core.http.languages import written
from tests.factories.learners import make_learner
from tests.page_client import PageClient
from tests.signing_in import SignIn

NOW = datetime.now(UTC)
OLD = NOW - timedelta(days=3 * 366)
NOTHING = "Uit het logboek is nog niets gewist."


def said(client: PageClient, path: str) -> str:
    """Return what a page says about entries that expired."""
    found = re.search(r'<p[^>]* id="expired">(.*?)</p>', client.get(path).get_data(as_text=True), re.S)
    assert found, path
    return " ".join(found[1].split())


def dated(moment: datetime) -> str:
    with in_language("nl"):
        return written("date", local(moment).date())


def let_go(clock: Callable[[datetime], None]) -> None:
    """Let entries of both chains expire that were sealed on one day, and the day after."""
    for day, event in ((0, "tests.done"), (1, "accounts.signed_in")):
        clock(OLD + timedelta(days=day))
        audit.record(event)
        seal_entries()
    clock(NOW)
    for chain in Chain:
        assert expire_entries(chain, NOW - timedelta(days=2 * 366))


@pytest.mark.usefixtures("school")
@pytest.mark.parametrize(("role", "path"), [("privacy_officer", "/logboek"), ("learner", "/mijn/wie-keek")])
def test_it_is_said_until_when_entries_are_gone(
    client: PageClient, sign_in: SignIn, clock: Callable[[datetime], None], role: str, path: str
) -> None:
    sign_in(client, role, **({"learner": make_learner()} if role == "learner" else {}))
    assert said(client, path) == NOTHING

    let_go(clock)

    assert said(client, path) == (
        f"Wat tot en met {dated(OLD)} in het logboek kwam, is gewist. Zo staat het in het privacybeleid. "
        f"Sporen van inloggen en van eigen gebruik zijn gewist tot en met {dated(OLD + timedelta(days=1))}."
    )
