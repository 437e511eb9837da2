"""Who asked something or signed up goes in the nightly run, within its cap, and waits for a person's word above it."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.accounts.actors import actor_of
from portal.assurance.counts.terms import count_contacts_past_term
from portal.contacts.messages.models import ContactMessage
from portal.contacts.messages.services import close_question
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import begin, checkpoint, current_school_id, reveal
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.access import PORTAL
from portal.core.http.scope import SYSTEM
from portal.core.mail import Mail
from portal.intakes.applications.models import IntakeApplication
from portal.organisations.models import ContactPerson, Relation
from portal.policy.queries import current_policy
from portal.retention.ends.kinds import RowKind
from portal.retention.forecast.queries import count_endings
from portal.retention.models import RetentionRun, RunState
from portal.retention.runs import services
from portal.retention.runs.queries import count_due, list_due, list_nearly_due
from portal.retention.runs.services import carry_out_run, confirm_run, take_back_confirmation
from portal.schools.queries import get_school
from tests.factories.accounts import make_account
from tests.factories.contacts import make_application, make_message
from tests.factories.learners import make_contact_person
from tests.retention.people import gone, make_earlier_night, run_tonight

KEEPER = actor_of(new_id(), "Pien Vos", frozenset({"privacy_staff"}))
OFFICE = actor_of(new_id(), "Anouk Bos", frozenset({"administration"}))
VISITOR = RowKind.VISITOR
At = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def nobody_due(enter: Callable[[str], Any]) -> Any:
    """Let nobody but those whom the test makes be due."""
    with enter("leren-leren"):
        run_tonight()
        session.execute(RetentionRun.__table__.delete())
        yield


def set_cap(people: int) -> None:
    get_school().retention_cap_people, get_school().retention_cap_percent = people, 0
    session.flush()


def archived(handled_on: Any, person: ContactPerson | None = None) -> UUID:
    """Make a question that was handled and archived on a day; return whose it is."""
    asker = person or make_contact_person(None, "Noor Visser", email=None, relation=Relation.ENQUIRER)
    row = make_message(asker)
    close_question(asker.id, row.id, reply=None, archive_reason="Afspraak over de prijs.", by=OFFICE)
    row.handled_on = handled_on
    session.flush()
    return asker.id


def years_ago(years: int, *, and_days: int = 1) -> Any:
    return today().replace(year=today().year - years, day=min(today().day, 28)) - timedelta(days=and_days)


def there(*ids: UUID) -> int:
    return session.scalar(select(func.count()).where(ContactPerson.id.in_(ids))) or 0


def tomorrow(clock: At, days: int = 1) -> None:
    clock(datetime.combine(today() + timedelta(days=days), time(3)))


@pytest.mark.promise("LL-08")
def test_within_the_cap_they_go_with_an_entry_for_each_that_holds_nothing_of_her() -> None:
    asked, kept = archived(years_ago(5)), archived(years_ago(5, and_days=-8))

    done = run_tonight()

    assert (done.due, done.erased, done.waiting, done.state) == (1, 1, 0, RunState.DONE)
    assert (there(asked), there(kept)) == (0, 1)
    entries = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == asked)).all()
    went = {each.event for each in entries if each.actor_kind == "portal"}
    assert {"contacts.message_erased", "record.erased"} <= went
    assert all("Noor" not in str(each.facts) for each in entries)


def test_above_the_cap_they_wait_red_and_who_may_confirm_is_told_once() -> None:
    set_cap(2)
    keeper = make_account("Pien Vos", "privacy_staff")
    ids = [archived(years_ago(5, and_days=3)) for _ in range(3)]

    waits = run_tonight()
    again = run_tonight()

    assert (again.id, again.erased, again.waiting, again.state) == (waits.id, 0, 3, RunState.WAITS)
    assert there(*ids) == 3
    count = count_contacts_past_term(current_policy(), "question")
    assert count.total - count.good == 3, "it shows red"
    templates = session.scalars(select(Mail.template).where(Mail.account_id == keeper.id)).all()
    assert templates == ["retention/waits"]
    assert {each.person_id for each in list_nearly_due(today(), SYSTEM).rows if each.kind is VISITOR} == set(ids)


def test_they_count_with_everybody_else_for_one_cap() -> None:
    set_cap(2)
    ids = archived(years_ago(5)), archived(years_ago(5))
    gone(), gone()

    assert run_tonight().waiting == 4
    assert there(*ids) == 2


def test_confirmed_they_go_in_parts_and_newcomers_wait(clock: At) -> None:
    set_cap(2)
    ids = [archived(years_ago(5)) for _ in range(3)]
    waiting = run_tonight()
    with pytest.raises(Conflict):
        confirm_run(waiting.id, people=2, by=KEEPER)
    confirm_run(waiting.id, people=3, by=KEEPER)

    tomorrow(clock)
    assert (run_tonight().erased, there(*ids)) == (2, 1)
    late = [archived(years_ago(5)) for _ in range(3)]
    tomorrow(clock)
    last = run_tonight()

    assert (last.erased, last.waiting, last.state) == (1, 3, RunState.WAITS)
    assert (there(*ids), there(*late)) == (0, 3)


def test_another_number_by_now_lets_nobody_go(clock: At) -> None:
    set_cap(1)
    ids = [archived(years_ago(5)) for _ in range(2)]
    waiting = run_tonight()
    more = archived(years_ago(5))
    with pytest.raises(Conflict, match="other_number"):
        confirm_run(waiting.id, people=2, by=KEEPER)
    assert run_tonight().waiting == 3

    confirm_run(waiting.id, people=3, by=KEEPER)
    late = archived(years_ago(5))
    tomorrow(clock)
    assert (run_tonight().erased, there(*ids, more, late)) == (0, 4)


def test_taken_back_lets_nobody_go(clock: At) -> None:
    set_cap(1)
    ids = [archived(years_ago(5)) for _ in range(2)]
    waiting = run_tonight()
    confirm_run(waiting.id, people=2, by=KEEPER)
    take_back_confirmation(waiting.id, by=KEEPER)

    tomorrow(clock)
    assert (run_tonight().erased, there(*ids)) == (0, 2)


def test_killed_in_the_middle_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "BATCH", 2)
    ids = [archived(years_ago(5)) for _ in range(5)]
    commits, school_id = 0, current_school_id()

    class Killed(Exception):
        """The worker was killed."""

    def commit() -> None:
        nonlocal commits
        commits += 1
        if commits == 3:
            session.rollback()
            raise Killed
        checkpoint()

    make_earlier_night()
    checkpoint()
    reveal()
    with pytest.raises(Killed):
        carry_out_run(checkpoint=commit, by=PORTAL)
    begin(school_id)
    assert there(*ids) == 3

    done = run_tonight()

    assert (done.due, done.erased, done.state, there(*ids)) == (5, 5, RunState.DONE, 0)
    erased = select(func.count()).where(AuditEvent.event == "record.erased", AuditEvent.subject_id.in_(ids))
    assert session.scalar(erased) == 5


def test_a_first_night_over_old_questions_is_announced_and_takes_none(clock: At) -> None:
    session.execute(RetentionRun.__table__.delete())
    old, fresh = archived(years_ago(9)), archived(years_ago(5))
    reveal()
    first = carry_out_run(checkpoint=checkpoint, by=PORTAL)

    assert first is not None
    assert (first.announced, there(old), there(fresh)) == (1, 1, 0)
    assert first.announced_until is not None
    clock(datetime.combine(first.announced_until, time(3)))
    assert (run_tonight().erased, there(old)) == (1, 0)


def test_of_who_is_here_for_more_the_question_alone_goes_and_she_is_due_for_nothing_else() -> None:
    customer = make_contact_person(None, relation=Relation.CUSTOMER, last_contact_on=years_ago(20))
    archived(years_ago(5), customer)
    archived(years_ago(4), customer)

    assert run_tonight().erased == 1

    assert there(customer.id) == 1
    left = select(func.count()).where(ContactMessage.contact_person_id == customer.id)
    assert session.scalar(left) == 1


def test_schools_hold_and_erase_their_own(enter: Callable[[str], Any]) -> None:
    mine = archived(years_ago(5))
    with enter("step-inburgering"):
        run_tonight()
        session.execute(RetentionRun.__table__.delete())
        theirs = make_application(received_on=years_ago(3)).contact_person_id
        assert [each.person_id for each in list_due(VISITOR, today(), SYSTEM)] == [theirs]
        assert run_tonight().erased == 1
        assert session.scalar(select(func.count()).select_from(IntakeApplication)) == 0
    with enter("leren-leren"):
        assert there(mine) == 1
        assert count_due(today(), SYSTEM) == 1
        until = today() + timedelta(days=1)
        assert count_endings(VISITOR, today(), SYSTEM, until=until).overdue.by_category == {"question": 1}
