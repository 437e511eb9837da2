"""The notice of a new version goes to everybody with an address, once, in her language."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.erasure import erase_person
from portal.core.errors import Conflict
from portal.core.http.access import PORTAL
from portal.core.jobs import DONE, HANDED, WAITING, Job
from portal.core.mail import Mail
from portal.core.personal_data import PersonKind
from portal.policy.announcements.models import PolicyAnnouncement
from portal.policy.announcements.queries import NoticeMails, count_mails, count_stuck, find_notice
from portal.policy.announcements.services import announce_policy, bring_into_force
from portal.policy.services import publish_policy
from portal.purposes.statement_notices.queries import list_addressees
from portal.purposes.statement_notices.services import send_notices
from portal.schools.queries import SchoolView
from tests.factories.accounts import make_account
from tests.factories.learners import make_contact_person, make_learner, make_organisation, make_representative
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


def give_up() -> None:
    """Let the worker have given up on every mail that waits, as where no mail server answers for an hour."""
    waits = Job.kind == "mail.send", Job.state.in_((WAITING, HANDED))
    for job_id in session.scalars(select(Job.id).where(*waits)).all():
        fail_job(job_id)


def come_round() -> PolicyAnnouncement:
    """Let the worker do now what it would do in an hour: see about the notice; return what is announced."""
    due = Job.school_id == current_school_id(), Job.kind == SEND, Job.state == WAITING
    session.execute(update(Job).where(*due).values(run_after=now() - timedelta(minutes=1)))
    do_jobs(SEND)
    return session.scalars(select(PolicyAnnouncement)).one()


@pytest.mark.promise("LL-01", part="told first")
def test_where_no_mail_could_leave_nobody_was_told_and_they_are_asked_for_again(enter: Enter) -> None:
    with enter("leren-leren"):
        fill()
        values = {"version": "2026", "recipients.other_school.title": {"nl": "Een andere school"}}
        announce_policy(varied("leren-leren", values), in_force_on=today() + timedelta(days=9), by=PORTAL)
        do_jobs(SEND)
        give_up()
        row = come_round()
        assert row.told_at is None
        assert count_mails(row) == NoticeMails(waiting=0, sent=0, failed=4)
        assert dict(count_stuck()) == {row.id: 4}
        row.in_force_on = today()
        with pytest.raises(Conflict, match="notice_first"):
            bring_into_force(row.id, by=PORTAL)

        row = come_round()
        assert count_mails(row) == NoticeMails(waiting=4, sent=0, failed=0)
        assert len(mails()) == 4, "the same mails, not four others"

        let_mails_leave()
        row = come_round()
        assert (row.told_at is not None, row.mails, row.not_delivered) == (True, 4, 0)
        assert not count_stuck()


@pytest.mark.parametrize(("left", "is_told"), [(0, False), (2, False), (3, True)])
def test_most_mails_must_have_left(enter: Enter, left: int, is_told: bool) -> None:
    with enter("leren-leren"):
        fill()
        values = {"version": "2026", "recipients.other_school.title": {"nl": "Een andere school"}}
        row = announce_policy(varied("leren-leren", values), in_force_on=today() + timedelta(days=9), by=PORTAL)
        send_notices(row.id, by=PORTAL)
        for each in session.scalars(select(Mail).order_by(Mail.id).limit(left)):
            each.sealed, each.sent_at = None, now()
            sent = Job.kind == "mail.send", Job.unique_key == str(each.id)
            session.execute(update(Job).where(Job.school_id == current_school_id(), *sent).values(state=DONE))
        give_up()

        send_notices(row.id, by=PORTAL)

        assert (row.told_at is not None) is is_told


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


@pytest.mark.promise("MN-19", part="mailed")
def test_who_is_no_learner_hears_of_it_in_her_language_once(school: SchoolView) -> None:
    amina = make_learner("Amina", email="thuis@example.org")
    lot = make_contact_person(None, "Lot Vos", email="lot@example.org", language="en")
    account = make_account("Kim", "client_contact", email="kim@gemeente.example")
    kim = make_contact_person(make_organisation(), "Kim", email="kim@example.org", language="en")
    kim.account_id, account.language = account.id, "nl"
    make_contact_person(make_organisation("Gemeente Zeist"), "Zonder adres", email=None)
    make_contact_person(make_organisation("Gemeente Houten"), "Amina", email="Thuis@example.org")
    session.flush()

    found = {each.email: each for each in list_addressees()}

    assert set(found) == {"thuis@example.org", "lot@example.org", "kim@gemeente.example"}
    assert found["thuis@example.org"].learner_id == amina.id
    assert (found["lot@example.org"].contact_person_id, found["lot@example.org"].language) == (lot.id, "en")
    assert (found["kim@gemeente.example"].account_id, found["kim@gemeente.example"].language) == (account.id, "nl")


def test_the_mail_of_who_is_no_learner_goes_where_she_is_erased(school: SchoolView) -> None:
    lot = make_contact_person(None, "Lot Vos", email="lot@example.org", language="en")
    values = {"version": "2027", "purposes.survey.question": {"nl": "Mag het bureau u bellen?"}}
    publish_policy(varied("lest-best", values), by=PORTAL)
    do_jobs(SEND)
    assert mails() == [("purposes/statement_notice", "en")]

    erase_person(PersonKind.CONTACT_PERSON, lot.id, why="asked", by=PORTAL)

    assert mails() == []
