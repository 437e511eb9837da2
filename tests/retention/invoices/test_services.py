"""Invoices don't go at the end of their term before somebody says that the bookkeeping has them (AWR art. 52)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts.actors import actor_of
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import checkpoint, reveal
from portal.core.db.session import session
from portal.core.errors import Invalid, NotAllowed
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.finances.models import InvoiceLine
from portal.finances.queries import count_invoices_to_keep
from portal.learners.record.models import Learner
from portal.retention.certificates.kept import BOOKKEEPING, TO_BOOKS, part_from
from portal.retention.certificates.models import ErasureCertificate
from portal.retention.invoices.queries import count_past_term
from portal.retention.invoices.services import hand_over_invoices
from portal.retention.runs.services import carry_out_run
from tests.page_client import PageClient
from tests.retention.people import gone, make_earlier_night, make_invoice
from tests.signing_in import SignIn

KEEPER = actor_of(new_id(), "Pien Vos", frozenset({"privacy_staff"}))


def make_late_invoice() -> Learner:
    """Make a learner whose data is past its term, but for an invoice that came in the year after she left."""
    learner = gone(last_contact_on=date(today().year - 8, 12, 15), given_name="Zelda", family_name="Quispel")
    make_invoice(learner, date(today().year - 7, 2, 1))
    return learner


def run() -> None:
    make_earlier_night()
    reveal()
    carry_out_run(checkpoint=checkpoint, by=PORTAL)


def certificates() -> list[ErasureCertificate]:
    return list(session.scalars(select(ErasureCertificate).order_by(ErasureCertificate.id)))


def test_they_stay_with_her_name_until_the_bookkeeping_has_them(enter: Callable[[str], Any]) -> None:
    with enter("onderwijs-pro"):
        learner_id = make_late_invoice().id

        run()

        left = session.scalars(select(Learner).where(Learner.id == learner_id)).one()
        assert (left.email, left.given_name) == (None, "Zelda")
        assert session.scalar(select(func.count()).select_from(InvoiceLine)) == 1
        assert count_past_term(SYSTEM) == 1
        (first,) = certificates()
        assert {part.what: part.why for part in map(part_from, first.kept)}["finance"] == TO_BOOKS
        run()
        assert certificates() == [first]

        assert hand_over_invoices(date(today().year - 7, 1, 31), by=KEEPER) == 0
        run()
        assert session.scalar(select(func.count()).select_from(InvoiceLine)) == 1

        assert hand_over_invoices(today(), by=KEEPER) == 1
        assert count_past_term(SYSTEM) == 0
        run()

        assert session.scalars(select(Learner).where(Learner.id == learner_id)).one_or_none() is None
        last = certificates()[-1]
        assert last.is_whole
        assert BOOKKEEPING in {part_from(each).why for each in last.kept}
        said = select(AuditEvent).where(AuditEvent.event == "schools.changed", AuditEvent.actor_name == "Pien Vos")
        assert session.scalars(said).all()


def test_what_the_bookkeeping_has_needs_no_word_at_a_request(enter: Callable[[str], Any]) -> None:
    with enter("onderwijs-pro"):
        learner = make_late_invoice()
        assert count_invoices_to_keep(learner.id, SYSTEM) == 1
        hand_over_invoices(today(), by=KEEPER)
        assert count_invoices_to_keep(learner.id, SYSTEM) == 0


def test_a_day_to_come_and_who_may_not_are_refused(enter: Callable[[str], Any]) -> None:
    with enter("onderwijs-pro"):
        with pytest.raises(Invalid, match="day_to_come"):
            hand_over_invoices(today() + timedelta(days=1), by=KEEPER)
        with pytest.raises(NotAllowed):
            hand_over_invoices(today(), by=actor_of(new_id(), "Fien Kok", frozenset({"privacy_officer"})))


def test_the_page_says_whose_and_takes_a_persons_word(
    enter: Callable[[str], Any], client_at: Callable[[str], PageClient], sign_in: SignIn
) -> None:
    client = client_at("onderwijs-pro")
    with enter("onderwijs-pro"):
        make_late_invoice()
        sign_in(client, "privacy_staff")

        assert "facturen eerst naar de boekhouding" in client.get("/bewaren").text
        page = client.get("/bewaren/facturen").text
        assert "Zelda Quispel" in page
        assert "F-1" in page
        later = (today() + timedelta(days=1)).isoformat()
        refused = client.post("/bewaren/facturen", data={"until": later})
        assert refused.status_code == 422
        assert "Kies vandaag of een dag daarvoor." in refused.text
        client.post("/bewaren/facturen", data={"until": today().isoformat()})
        assert "Zelda Quispel" not in client.get("/bewaren/facturen").text
