"""The first night that finds old data takes none of it: the school is told and looks first, then it goes in parts."""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.accounts.actors import actor_of
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import checkpoint, reveal
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.core.mail import Mail
from portal.core.personal_data import PersonKind
from portal.learners.record.models import Learner
from portal.notifications.models import NotificationKind
from portal.retention.holds.services import set_hold
from portal.retention.models import HoldReason, RetentionRun, RunState
from portal.retention.runs.queries import count_due, find_announced
from portal.retention.runs.services import carry_out_run, confirm_run
from portal.schools.queries import SchoolView, get_school
from tests.accounts.invitations.test_routes import mails
from tests.factories.accounts import make_account
from tests.factories.notifications import told_of
from tests.jobs import do_jobs
from tests.page_client import PageClient
from tests.retention.people import gone, last_kept_contact, make_earlier_night
from tests.signing_in import SignIn

KEEPER = actor_of(new_id(), "Pien Vos", frozenset({"privacy_staff"}))


@pytest.fixture(autouse=True)
def nobody_due(school: SchoolView) -> None:
    """Let nobody but those whom the test makes be due, and no night have been."""
    make_earlier_night()
    run()
    session.execute(RetentionRun.__table__.delete())


def run() -> RetentionRun:
    reveal()
    done = carry_out_run(checkpoint=checkpoint, by=PORTAL)
    assert done is not None
    return done


def set_cap(people: int) -> None:
    get_school().retention_cap_people, get_school().retention_cap_percent = people, 0
    session.flush()


def is_there(learner_id: object) -> bool:
    return bool(session.scalar(select(func.count()).where(Learner.id == learner_id)))


@pytest.mark.promise("LB-12")
def test_who_is_long_past_a_term_is_announced_and_goes_when_the_days_are_over(
    clock: Callable[[datetime], None],
) -> None:
    old, fresh = gone().id, gone(last_contact_on=last_kept_contact() - timedelta(days=1)).id
    keeper = make_account("Pien Vos", "privacy_staff")
    until = today() + timedelta(days=get_school().retention_preview_days)

    first = run()

    assert (is_there(old), is_there(fresh)) == (True, False)
    assert (first.is_first, first.announced, first.announced_until) == (True, 1, until)
    assert first.state is RunState.DONE
    assert (NotificationKind.ERASURE_ANNOUNCED, first.id, None) in told_of(keeper.id)
    mails = select(Mail.template).where(Mail.account_id == keeper.id)
    assert session.scalars(mails).all() == ["retention/announced"]
    assert session.scalars(select(AuditEvent).where(AuditEvent.event == "retention.announced")).one()

    clock(datetime.combine(until - timedelta(days=1), time(3)))
    later = run()
    assert (is_there(old), later.is_first, later.announced) == (True, False, 0)

    clock(datetime.combine(until, time(3)))
    assert run().erased == 1
    assert not is_there(old)


def test_who_is_put_back_in_those_days_stays(clock: Callable[[datetime], None]) -> None:
    kept, went = gone(), gone()
    ids = kept.id, went.id
    until = run().announced_until
    assert until is not None

    set_hold(
        PersonKind.LEARNER,
        kept.id,
        reason=HoldReason.INCIDENT,
        details="Bezwaar",
        ends_on=until + timedelta(days=60),
        by=KEEPER,
    )
    clock(datetime.combine(until, time(3)))
    run()

    assert [is_there(each) for each in ids] == [True, False]


def test_a_night_that_goes_on_into_the_day_itself_takes_none_of_them(clock: Callable[[datetime], None]) -> None:
    old, fresh = gone().id, gone(last_contact_on=last_kept_contact() - timedelta(days=1)).id
    until = run().announced_until
    assert until is not None
    assert not is_there(fresh)
    late = gone(last_contact_on=last_kept_contact() - timedelta(days=1)).id

    def go_past_midnight() -> None:
        checkpoint()
        clock(datetime.combine(until, time(3)))

    clock(datetime.combine(until - timedelta(days=1), time(22)))
    reveal()
    done = carry_out_run(checkpoint=go_past_midnight, by=PORTAL)

    assert (is_there(old), is_there(late)) == (True, False)
    assert done is not None
    assert (done.due, done.erased, done.waiting) == (1, 1, 0)


def test_the_same_night_again_announces_nothing_twice() -> None:
    gone()
    keeper = make_account("Pien Vos", "privacy_staff")

    assert run().id == run().id

    assert session.scalar(select(func.count()).where(Mail.account_id == keeper.id)) == 1
    assert find_announced(today()) is not None
    assert count_due(today(), SYSTEM) == 0


def test_a_school_without_old_data_announces_nothing() -> None:
    learner_id = gone(last_contact_on=last_kept_contact() - timedelta(days=1)).id

    assert (run().announced, is_there(learner_id)) == (0, False)


def test_staff_read_who_and_put_somebody_back(school: SchoolView, client: PageClient, sign_in: SignIn) -> None:
    learner = gone(given_name="Zelda", family_name="Quispel")
    run()
    sign_in(client, "privacy_staff")

    assert "al lang over de termijn" in client.get("/bewaren").text
    page = client.get("/bewaren/mensen").text
    assert "Houd nog even" in page
    assert f"/bewaren/cursisten/{learner.id}#langer" in page
    wanted = {"reason": "incident", "details": "", "ends_on": (today() + timedelta(days=30)).isoformat()}
    client.post(f"/bewaren/cursisten/{learner.id}", data=wanted)
    assert "Houd nog even" not in client.get("/bewaren/mensen").text


@pytest.mark.parametrize(("cap", "people", "nights"), [(5, 3, 1), (3, 3, 1), (2, 5, 3)])
def test_it_takes_as_many_nights_as_the_mail_and_the_page_say(
    clock: Callable[[datetime], None],
    school: SchoolView,
    client: PageClient,
    sign_in: SignIn,
    mail_dir: Path,
    *,
    cap: int,
    people: int,
    nights: int,
) -> None:
    set_cap(cap)
    keeper = make_account("Pien Vos", "privacy_staff", email=f"{uuid4().hex}@example.org")
    old = [gone().id for _ in range(people)]

    first = run()

    do_jobs()
    sign_in(client, "privacy_staff")
    said = [read_mail(mail_dir, str(keeper.email)), one_line(client.get("/bewaren").text)]
    assert all(says_nights(each) == (nights, cap) for each in said), said
    until = first.announced_until
    assert until is not None
    clock(datetime.combine(until, time(3)))
    night = run()
    if nights > 1:
        assert night.waiting == people
        do_jobs()
        assert says_nights(read_mail(mail_dir, str(keeper.email))) == (nights, None)
        confirm_run(night.id, people=people, by=KEEPER)
        clock(datetime.combine(until + timedelta(days=1), time(3)))
        run()
    for later in range(1, nights):
        assert any(is_there(each) for each in old)
        clock(datetime.combine(until + timedelta(days=1 + later), time(3)))
        run()
    assert not any(is_there(each) for each in old)


def read_mail(mail_dir: Path, address: str) -> str:
    """What the newest mail to an address says, in one line."""
    return one_line(mails(mail_dir, address)[-1].get_content())


def one_line(text: str) -> str:
    return " ".join(text.split())


def says_nights(text: str) -> tuple[int, int | None]:
    """In how many nights this text says that they go, and how many it says that may go in one."""
    cap = re.search(r"In één nacht wist het portaal hoogstens (\d+) personen", text)
    once, several = "in één nacht klaar" in text, re.search(r"Na de bevestiging duurt het wissen (\d+) nachten", text)
    assert once is not bool(several), text
    return int(several[1]) if several else 1, int(cap[1]) if cap else None
