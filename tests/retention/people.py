"""Makes people who left long ago, and those whose last contact is just before or after a term."""

from datetime import date
from typing import Any

from sqlalchemy import select

from portal.core.clock import now, today
from portal.core.db.scope import checkpoint, reveal
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.finances.models import InvoiceLine
from portal.learners.record.models import Learner, Source
from portal.policy.queries import current_policy
from portal.retention.models import RetentionRun, RunState
from portal.retention.runs.services import carry_out_run
from tests.factories.learners import make_learner

LONG_AGO = date(2010, 1, 15)


def gone(**values: Any) -> Learner:
    """Make a learner who left long ago."""
    return make_learner(**{"last_contact_on": LONG_AGO, "email": "amina@example.org", **values})


def last_kept_contact() -> date:
    """Return the oldest last contact by which a learner's name may still be held today."""
    return current_policy().term_for("name").stages[0].kept_since(today())


def make_earlier_night() -> None:
    """Write down that a night long ago found somebody, so that the next one isn't the first. Safe to repeat."""
    if session.scalar(select(RetentionRun.id).where(RetentionRun.ran_on == LONG_AGO)) is not None:
        return
    session.add(
        RetentionRun(
            ran_on=LONG_AGO, started_at=now(), ended_at=now(), state=RunState.DONE, is_first=True, cap=50, due=1
        )
    )
    session.flush()


def run_tonight() -> RetentionRun:
    """Do the nightly run, which isn't the first."""
    make_earlier_night()
    reveal()
    done = carry_out_run(checkpoint=checkpoint, by=PORTAL)
    assert done is not None
    return done


def make_invoice(learner: Learner, issued_on: date) -> InvoiceLine:
    """Write down a line of an invoice."""
    line = InvoiceLine(
        learner_id=learner.id, number="F-1", issued_on=issued_on, description="Cursus", amount_cents=12_500,
        source=Source.SCHOOL, since_on=issued_on,
    )  # fmt: skip
    session.add(line)
    session.flush()
    return line
