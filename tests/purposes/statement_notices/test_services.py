"""The notice of a new version goes to everybody with an address, once, in her language."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.core.clock import now, today
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.jobs import Job
from portal.core.mail import Mail
from portal.policy.announcements.models import PolicyAnnouncement
from portal.policy.announcements.queries import find_notice
from portal.policy.announcements.services import announce_policy
from portal.policy.services import publish_policy
from portal.purposes.statement_notices.queries import list_addressees
from portal.purposes.statement_notices.services import send_notices
from portal.schools.queries import SchoolView
from tests.factories.accounts import make_account
from tests.factories.learners import make_learner, make_representative
from tests.factories.policy import let_mails_leave, varied
from tests.jobs import do_jobs, fail_job

Enter = Callable[[str], AbstractContextManager[SchoolView]]

TOLD_AFTER = {"version": "2026", "purposes.progress.title": {"nl": "De cursus goed laten lopen"}}
SEND = "purposes.send_statement_notices"


def fill() -> None:
    """Two learners with an address, one without, a mother, and a teacher."""
    make_learner("Amina", email="amina@example.org", preferred_language="ar")
    make_learner("Bereket", email="Bereket@example.org")
    make_learner("Chen", email=None)
    child = make_learner("Yara", email=None, birth_date=date(today().year - 10, 1, 1))
    mother = make_account("Samira", "representative", email="samira@example.org")
    make_representative(child, account_id=mother.id)
    make_account("Tess", "teacher", email="tess@example.org")


def mails() -> list[tuple[str, str]]:
    """Return template and language of each mail that was asked for."""
    rows = session.execute(select(Mail.template, Mail.language).order_by(Mail.language, Mail.id))
    return [(row.template, row.language) for row in rows]


@pytest.mark.promise("MN-19", part="mailed")
def test_an_important_change_is_mailed_to_every_learner(enter: Enter) -> None:
    with enter("meester-in-nt2"):
        fill()

        publish_policy(varied("meester-in-nt2", TOLD_AFTER), by=PORTAL)
        assert SEND in do_jobs(SEND)

        assert mails() == [("purposes/statement_notice", code) for code in ("ar", "nl", "nl", "nl")]
        [row] = session.scalars(select(PolicyAnnouncement))
        assert (row.told_at, row.in_force_at is not None) == (None, True)
        let_mails_leave()
        send_notices(row.id, by=PORTAL)
        assert (row.mails, row.readers, row.not_delivered) == (4, 2, 0)


@pytest.mark.promise("LL-01", part="told first")
def test_it_counts_as_told_when_its_mails_have_left(enter: Enter) -> None:
    with enter("leren-leren"):
        fill()
        values = {"version": "2026", "recipients.other_school.title": {"nl": "Een andere school"}}
        row = announce_policy(varied("leren-leren", values), in_force_on=today() + timedelta(days=9), by=PORTAL)
        assert find_notice(PORTAL) is None
        send_notices(row.id, by=PORTAL)
        assert find_notice(PORTAL) is row, "who gets the first mail opens its link"
        first, *others = session.scalars(select(Mail).order_by(Mail.id))
        for each in others:
            each.sealed, each.sent_at = None, now()
        send_notices(row.id, by=PORTAL)
        assert row.told_at is None

        job = session.scalars(select(Job).where(Job.kind == "mail.send", Job.unique_key == str(first.id))).one()
        fail_job(job.id)
        send_notices(row.id, by=PORTAL)

        assert row.told_at is not None
        assert (row.mails, row.not_delivered) == (3, 1)


def test_they_go_out_once_however_often_the_job_runs(enter: Enter) -> None:
    with enter("leren-leren"):
        fill()
        values = {"version": "2026", "recipients.other_school.title": {"nl": "Een andere school"}}
        row = announce_policy(varied("leren-leren", values), in_force_on=today() + timedelta(days=9), by=PORTAL)

        assert (send_notices(row.id, by=PORTAL), send_notices(row.id, by=PORTAL)) == (4, 0)
        assert do_jobs(SEND) == [SEND]

        assert len(mails()) == 4


def test_where_the_page_alone_tells_no_mail_goes_unless_consents_lapse(school: SchoolView) -> None:
    fill()
    publish_policy(varied("lest-best", {"version": "2026", "purposes.course.title": {"nl": "Les"}}), by=PORTAL)
    assert do_jobs(SEND) == []

    values = {"version": "2027", "purposes.survey.question": {"nl": "Mag het bureau u bellen?"}}
    publish_policy(varied("lest-best", values), by=PORTAL)
    assert do_jobs(SEND) == [SEND]


def test_one_address_gets_one_mail_and_who_restricted_her_data_hears_of_it(school: SchoolView) -> None:
    amina = make_learner("Amina", email="thuis@example.org")
    make_learner("Bilal", email="Thuis@example.org")

    assert [each.learner_id for each in list_addressees()] == [amina.id]
