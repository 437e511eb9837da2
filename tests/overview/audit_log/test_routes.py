"""The school's log, and a learner's page of who looked, say until when their entries have expired."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from portal.core import audit
from portal.core.audit import Chain
from portal.core.audit.expiry import expire_entries
from portal.core.audit.seals import seal_entries
from portal.core.clock import local
from portal.core.command_setup import in_language
from portal.core.http.languages import written
from portal.schools.queries import SchoolView
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


def test_the_log_says_what_has_expired(
    client: PageClient, sign_in: SignIn, school: SchoolView, clock: Callable[[datetime], None]
) -> None:
    sign_in(client, "privacy_officer")
    assert said(client, "/logboek") == NOTHING

    let_go(clock)

    assert said(client, "/logboek") == (
        f"Wat tot en met {dated(OLD)} in het logboek kwam, is gewist. Zo staat het in het privacybeleid. "
        f"Sporen van inloggen zijn gewist tot en met {dated(OLD + timedelta(days=1))}."
    )


def test_a_learner_reads_it_where_she_sees_who_looked(
    client: PageClient, sign_in: SignIn, school: SchoolView, clock: Callable[[datetime], None]
) -> None:
    sign_in(client, "learner", learner=make_learner())
    assert said(client, "/mijn/wie-keek") == NOTHING

    let_go(clock)

    assert said(client, "/mijn/wie-keek") == (
        f"Wat tot en met {dated(OLD)} in het logboek kwam, is gewist. Zo staat het in het privacybeleid."
    )
