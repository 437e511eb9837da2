"""Who worked here goes by the policy's term for staff, as learners do; her name stays beside what learners keep."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.db.scope import checkpoint, reveal
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.http.languages import in_language
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import PersonKind
from portal.policy.queries import current_policy
from portal.progress.models import Note
from portal.retention.certificates.kept import WITH_LEARNERS, part_from
from portal.retention.certificates.models import ErasureCertificate
from portal.retention.certificates.presenters import view_of
from portal.retention.forecast.queries import count_endings
from portal.retention.runs.queries import list_due
from portal.retention.runs.services import carry_out_run
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner, make_representative
from tests.house.rows import make_row
from tests.retention.people import gone_staff, make_earlier_night


def last_kept() -> date:
    staff = current_policy().staff
    assert staff is not None
    return staff.term.kept_since(today())


def run() -> None:
    reveal()
    carry_out_run(checkpoint=checkpoint, by=PORTAL)


@pytest.fixture(autouse=True)
def earlier(school: SchoolView) -> None:
    make_earlier_night()
    run()


def test_a_day_past_the_term_is_gone_and_her_name_stays_with_the_learners_record(app: Flask) -> None:
    over, kept = gone_staff("Dora Docent", last_kept() - timedelta(days=1)), gone_staff("Bo Vis", last_kept())
    make_row("note", learner_id=make_learner().id, written_by=over.id, written_by_name="Dora Docent")
    ids = over.id, kept.id
    before = session.scalar(select(func.count()).select_from(ErasureCertificate))

    run()

    assert set(session.scalars(select(Account.id).where(Account.id.in_(ids)))) == {ids[1]}
    assert session.scalars(select(Note.written_by_name)).one() == "Dora Docent"
    assert session.scalar(select(func.count()).select_from(ErasureCertificate)) == (before or 0) + 1
    made = session.scalars(
        select(ErasureCertificate).where(ErasureCertificate.kind == PersonKind.STAFF).order_by(ErasureCertificate.id)
    ).all()[-1]
    assert made.is_whole
    assert {part.why for part in map(part_from, made.kept) if part.what == "staff.work"} == {WITH_LEARNERS}
    with app.app_context(), in_language("nl"):
        assert "Uw rollen" in view_of(made).erased
    assert "Dora" not in str(made.kept) + str(made.erased)


def test_who_is_a_parent_here_too_stays() -> None:
    account = gone_staff("Dora Docent", last_kept() - timedelta(days=1))
    make_representative(make_learner(), account_id=account.id, name="Dora Docent")

    assert account.id not in {each.person_id for each in list_due(PersonKind.STAFF, today(), SYSTEM)}


def test_a_request_of_hers_that_is_open_keeps_her() -> None:
    account = gone_staff("Dora Docent", last_kept() - timedelta(days=1))
    assert account.id in {each.person_id for each in list_due(PersonKind.STAFF, today(), SYSTEM)}

    make_row("data_request", account_id=account.id, learner_id=None, closed_at=None, withdrawn_at=None)

    assert account.id not in {each.person_id for each in list_due(PersonKind.STAFF, today(), SYSTEM)}


def test_the_forecast_counts_them() -> None:
    gone_staff("Dora Docent", last_kept() - timedelta(days=1))
    until = today() + timedelta(days=400)

    assert count_endings(PersonKind.STAFF, today(), SYSTEM, until=until).overdue.people == 1
