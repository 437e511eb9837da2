"""Makes people who left long ago, of each kind, and those whose last contact is just before or after a term."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Account, Membership
from portal.core.clock import now, today
from portal.core.db.base import new_id
from portal.core.db.scope import checkpoint, reveal
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.personal_data import PersonKind
from portal.finances.models import InvoiceLine
from portal.learners.record.models import Learner, Source
from portal.organisations.models import ContactPerson
from portal.policy.queries import current_policy
from portal.representation.models import Representative
from portal.retention.models import RetentionRun, RunState
from portal.retention.runs.services import carry_out_run
from tests.factories.accounts import make_account
from tests.factories.learners import make_contact_person, make_learner, make_representative

LONG_AGO = date(2010, 1, 15)


def gone(**values: Any) -> Learner:
    """Make a learner who left long ago."""
    return make_learner(**{"last_contact_on": LONG_AGO, "email": "amina@example.org", **values})


def gone_representative() -> Representative:
    """Make somebody who acted long ago for a learner who is here still."""
    learner = make_learner(last_contact_on=today())
    return make_representative(learner, starts_on=LONG_AGO, ends_on=LONG_AGO + timedelta(days=30))


def gone_contact(**values: Any) -> ContactPerson:
    """Make somebody who is no learner, of whom the school heard nothing for long."""
    values = {"created_at": "2010-01-15T12:00:00Z", "last_contact_on": LONG_AGO, **values}
    return make_contact_person(None, **values)


def gone_staff(name: str = "Dora Docent", left_on: date = LONG_AGO) -> Account:
    """Make a teacher whose last role ended on a day."""
    account = make_account(name, "teacher", email=f"{name.replace(' ', '.').lower()}.{new_id().hex}@example.org")
    role = session.scalars(select(Membership).where(Membership.account_id == account.id)).one()
    role.starts_on, role.ends_on = left_on - timedelta(days=400), left_on
    session.flush()
    return account


GONE: Mapping[PersonKind, Callable[[], Any]] = {
    PersonKind.LEARNER: gone,
    PersonKind.REPRESENTATIVE: gone_representative,
    PersonKind.CONTACT_PERSON: gone_contact,
    PersonKind.STAFF: gone_staff,
}
"""How somebody of each kind is made who is past her term."""


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
