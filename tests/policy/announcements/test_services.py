"""A version is announced, told of, and comes into force on its day; an important one after people heard of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts.actors import actor_of, holder_of
from portal.core.audit import AuditEvent
from portal.core.clock import now, today
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.http.access import PORTAL, Actor
from portal.core.http.scope import SYSTEM
from portal.core.jobs import Job
from portal.core.mail import Mail
from portal.policy.announcements.models import PolicyAnnouncement, PolicyNoticeSeen
from portal.policy.announcements.queries import count_read, describe, find_notice, get_announcement
from portal.policy.announcements.services import (
    announce_policy,
    bring_due_into_force,
    bring_into_force,
    cancel_announcement,
    note_read,
)
from portal.policy.queries import current_policy, find_version
from portal.policy.services import publish_policy
from portal.schools.queries import SchoolView
from tests.factories.accounts import make_account
from tests.factories.learners import make_learner
from tests.factories.policy import tell, varied
from tests.jobs import do_jobs

Enter = Callable[[str], AbstractContextManager[SchoolView]]
Clock = Callable[[datetime], None]

IMPORTANT = {"version": "2026", "recipients.other_school.title": {"nl": "Een andere school of een kliniek"}}
MINOR = {"version": "2026", "controller.city": "Zeist"}


def later(days: int = 14) -> date:
    """Return a day ahead."""
    return today() + timedelta(days=days)


def announce(slug: str = "leren-leren", values: dict[str, object] | None = None, days: int = 14) -> PolicyAnnouncement:
    """Announce a version with an important change, by its notice not sent yet."""
    return announce_policy(varied(slug, values or IMPORTANT), in_force_on=later(days), by=PORTAL)


def manager() -> Actor:
    """Somebody of the management."""
    return actor_of(new_id(), "Mo Bakker", frozenset({"management"}))


def count_mails() -> int:
    """Return how many mails were asked for."""
    return session.scalar(select(func.count()).select_from(Mail)) or 0


@pytest.mark.promise("LL-01", part="told first")
def test_an_important_change_comes_into_force_only_after_its_notice(enter: Enter, clock: Clock) -> None:
    with enter("leren-leren"):
        make_learner(email="amina@example.org")
        with pytest.raises(Conflict, match="notice_first"):
            publish_policy(varied("leren-leren", IMPORTANT), by=PORTAL)
        row = announce()
        clock(now() + timedelta(days=20))
        with pytest.raises(Conflict, match="notice_first"):
            bring_into_force(row.id, by=PORTAL)
        assert not bring_due_into_force(by=PORTAL)
        assert current_policy().version != "2026"

        tell(row.id)

        assert count_mails() == 1
        assert bring_due_into_force(by=PORTAL)
        assert current_policy().version == "2026"


def test_it_waits_for_its_day_and_comes_once(enter: Enter, clock: Clock) -> None:
    with enter("leren-leren"):
        row = announce()
        tell(row.id)
        with pytest.raises(Conflict, match="too_early"):
            bring_into_force(row.id, by=PORTAL)
        assert not bring_due_into_force(by=PORTAL)

        clock(now() + timedelta(days=14))
        assert bring_due_into_force(by=PORTAL)
        assert not bring_due_into_force(by=PORTAL)

        version = find_version("2026")
        assert version is not None
        assert bring_into_force(row.id, by=PORTAL).id == version.id == row.version_id
        assert (version.in_force_on, version.is_important) == (row.in_force_on, True)
        published = select(func.count()).where(
            AuditEvent.event == "policy.published", AuditEvent.subject_id == version.id
        )
        assert session.scalar(published) == 1


def test_the_job_brings_it_into_force_and_asks_for_a_notice_that_failed(enter: Enter, clock: Clock) -> None:
    with enter("leren-leren"):
        make_learner(email="amina@example.org")
        announce()
        session.execute(Job.__table__.delete())

        assert not bring_due_into_force(by=PORTAL)
        assert do_jobs("purposes.send_statement_notices") == ["purposes.send_statement_notices"]

        assert count_mails() == 1


def test_the_same_announced_twice_is_one_and_another_is_refused(school: SchoolView) -> None:
    first = announce("lest-best", MINOR)

    assert announce("lest-best", MINOR).id == first.id
    with pytest.raises(Conflict, match="announced_already"):
        announce("lest-best", {**MINOR, "controller.city": "Houten"})
    with pytest.raises(Conflict, match="announced_already"):
        publish_policy(varied("lest-best", {**MINOR, "version": "2027"}), by=PORTAL)
    assert session.scalar(select(func.count()).select_from(PolicyAnnouncement)) == 1


@pytest.mark.parametrize(
    ("values", "days", "code"),
    [
        (MINOR, 0, "day_not_ahead"),
        ({"version": "2021-01-19"}, 3, "policy_version_taken"),
        ({**MINOR, "in_force_on": date(2099, 1, 1)}, 3, "policy_not_yet_in_force"),
    ],
)
def test_what_can_not_be_announced(school: SchoolView, values: dict[str, object], days: int, code: str) -> None:
    with pytest.raises(Conflict, match=code):
        announce("lest-best", values, days)


def test_a_minor_change_is_told_on_the_page_alone_and_can_be_made_important(school: SchoolView) -> None:
    text = varied("lest-best", MINOR)

    minor = announce_policy(text, in_force_on=later(), by=PORTAL)
    assert (minor.is_important, session.scalar(select(func.count()).select_from(Job))) == (False, 0)
    cancel_announcement(minor.id, by=manager())
    assert announce_policy(text, in_force_on=later(), by=PORTAL, important=True).is_important
    assert [change.kind for change in describe(minor).changes] == ["part_changed"]


def test_nobody_can_call_an_important_change_a_small_one(school: SchoolView) -> None:
    values = {"version": "2026", "purposes.survey.question": {"nl": "Mag het bureau u bellen?"}}

    row = announce_policy(varied("lest-best", values), in_force_on=later(), by=PORTAL, important=False)

    assert (row.is_important, row.asked_anew) == (True, ["survey"])


def test_it_can_be_taken_back_before_its_day_and_then_never_comes(school: SchoolView, clock: Clock) -> None:
    row = announce("lest-best", MINOR)
    with pytest.raises(NotAllowed):
        cancel_announcement(row.id, by=actor_of(new_id(), "Tess", frozenset({"teacher"})))

    cancel_announcement(row.id, by=manager())
    cancel_announcement(row.id, by=manager())

    clock(now() + timedelta(days=30))
    assert not bring_due_into_force(by=PORTAL)
    with pytest.raises(Conflict, match="cancelled"):
        bring_into_force(row.id, by=PORTAL)
    done = select(func.count()).where(AuditEvent.event == "policy.announcement_cancelled")
    assert session.scalar(done) == 1


def test_what_is_in_force_is_not_taken_back(school: SchoolView, clock: Clock) -> None:
    row = announce("lest-best", MINOR)
    clock(now() + timedelta(days=14))
    bring_into_force(row.id, by=PORTAL)

    with pytest.raises(Conflict, match="in_force"):
        cancel_announcement(row.id, by=manager())


def test_who_reads_it_twice_read_it_once(enter: Enter) -> None:
    with enter("leren-leren"):
        account, row = make_account("Amina", "learner"), announce()
        by = holder_of(account)
        with pytest.raises(NotFound):
            note_read(row.id, by=by)
        assert find_notice(by) is None
        tell(row.id)
        found = find_notice(by)
        assert found is not None

        note_read(found.id, by=by)
        note_read(found.id, by=by)

        assert count_read() == {row.id: 1}
        assert session.scalars(select(PolicyNoticeSeen.account_id)).all() == [account.id]


def test_another_schools_announcement_is_not_there(school: SchoolView, enter: Enter) -> None:
    row = announce("lest-best", MINOR)

    with enter("step-inburgering"):
        for refused in (
            lambda: get_announcement(row.id, SYSTEM),
            lambda: cancel_announcement(row.id, by=manager()),
            lambda: bring_into_force(row.id, by=PORTAL),
            lambda: tell(row.id),
        ):
            with pytest.raises(NotFound):
                refused()
