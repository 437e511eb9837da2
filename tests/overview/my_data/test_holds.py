"""*Mijn gegevens* says until when nothing goes and why, and until when what is kept for longer keeps her name."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from portal.accounts.actors import actor_of
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.personal_data import PersonKind
from portal.retention.holds.services import end_hold, set_hold
from portal.retention.models import HoldReason
from portal.schools.queries import SchoolView
from tests.page_client import PageClient
from tests.retention.people import LONG_AGO, gone, make_invoice
from tests.signing_in import SignIn

KEEPER = actor_of(new_id(), "Pien Vos", frozenset({"privacy_staff"}))


def test_she_reads_why_her_data_stays_and_until_when(school: SchoolView, client: PageClient, sign_in: SignIn) -> None:
    learner = gone()
    until = today() + timedelta(days=30)
    hold_id = set_hold(
        PersonKind.LEARNER, learner.id, reason=HoldReason.CLAIM, details="Zaak 12", ends_on=until, by=KEEPER
    ).id
    sign_in(client, "learner", learner=learner)
    learner.last_contact_on = LONG_AGO

    page = client.get("/mijn/gegevens").text

    assert "De school wist niets tot en met" in page
    assert "Zaak 12" in page
    assert "De school bewaart dit langer" in client.get("/mijn/gegevens/contact").text

    end_hold(hold_id, by=KEEPER)
    assert "De school wist niets" not in client.get("/mijn/gegevens").text


def test_her_name_stays_as_long_as_what_is_kept_with_it(
    enter: Callable[[str], Any], client_at: Callable[[str], PageClient], sign_in: SignIn
) -> None:
    client = client_at("onderwijs-pro")
    with enter("onderwijs-pro"):
        left_on = today() - timedelta(days=3 * 366)
        learner = gone(last_contact_on=left_on)
        make_invoice(learner, left_on)
        sign_in(client, "learner", learner=learner)
        page = client.get("/mijn/gegevens/name").text
        assert f"Bewaard tot 31 december {left_on.year + 7}." in page
