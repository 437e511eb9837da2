"""Each alarm of the work that comes round goes on by its real cause, and off again."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from portal.core import audit
from portal.core.alarms.names import AlarmName
from portal.core.alarms.nightly import KINDS
from portal.core.audit.seals import seal_entries
from portal.core.crypto import key_store
from portal.core.crypto.commands import keys as keys_command
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.crypto.outbox import push_waiting
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.jobs import EVERY, ask, perform
from portal.core.jobs.sweep import ask_due
from portal.retention.runs.services import confirm_run
from portal.schools.queries import get_school
from tests.core.alarms.conftest import On, as_superuser
from tests.core.backups.hosting import Hosting
from tests.core.crypto.both_copies import SECOND, away, harm
from tests.retention.people import gone, make_earlier_night
from tests.retention.runs.test_services import KEEPER, run
from tests.seed import SCHOOLS

HERE = SCHOOLS[0].id
Clock = Callable[[datetime], None]

pytestmark = pytest.mark.usefixtures("app")


def later(clock: Clock, **by: float) -> None:
    clock(datetime.now(UTC) + timedelta(**by))


@pytest.fixture(autouse=True)
def no_jobs(host: Hosting) -> Iterator[None]:
    yield
    as_superuser(host, "truncate job, recurring_job")


def done(kind: str, *, attempts: int = 1) -> str | None:
    """Do a job of this kind now, in the first school, and return how it ended."""
    with in_school(HERE):
        job_id = ask(kind, {}).id
        session.execute(text("update job set attempts_most = :most where id = :id"), {"most": attempts, "id": job_id})
        session.execute(text("update job set state = 'handed', handed_at = now() where id = :id"), {"id": job_id})
    return perform(HERE, job_id)


def test_a_run_that_nobody_begins_is_late(host: Hosting, on: On, clock: Clock) -> None:
    assert AlarmName.NIGHTLY_LATE not in on()
    ask_due()
    assert AlarmName.NIGHTLY_LATE not in on()
    later(clock, hours=3, minutes=5)
    assert AlarmName.NIGHTLY_LATE in on()
    as_superuser(host, "update job set state = 'done', ended_at = now() where state <> 'done'")
    assert AlarmName.NIGHTLY_LATE not in on()
    later(clock, hours=28)
    assert AlarmName.NIGHTLY_LATE in on()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_that_nobody_begins_is_late(kind: str, host: Hosting, on: On) -> None:
    assert kind in EVERY
    due = (
        "insert into recurring_job (school_id, id, kind, next_at) select id, gen_random_uuid(), '{}', now() - interval"
    )
    as_superuser(host, due.format(kind) + " '2 hours' from school")
    assert AlarmName.NIGHTLY_LATE not in on()
    as_superuser(host, "update recurring_job set next_at = now() - interval '4 hours'")
    assert AlarmName.NIGHTLY_LATE in on()


ERASES_NOTHING = {
    "attendance.tell_of_answers",
    "courses.make_lessons",
    "hours.count_figures",
    "learners.pass_on_unanswered",
    "notifications.send_daily",
    "policy.bring_into_force",
    "progress.remind_of_appointments",
    "purposes.come_of_age",
    "requests.grant_unanswered",
    "requests.remind",
    "requests.remind_of_complaints",
    "signals.look",
}
"""What comes round and lets nothing go by a term; whoever adds a job says here or in `KINDS` which it is."""


def test_what_comes_round_and_erases_by_a_term_is_among_them() -> None:
    assert set(EVERY) == set(KINDS) | ERASES_NOTHING
    assert not ERASES_NOTHING.intersection(KINDS)


@pytest.mark.parametrize(("kind", "table"), [("retention.run", "retention_run"), ("assurance.check", "checked_figure")])
def test_a_run_that_fails(host: Hosting, on: On, kind: str, table: str) -> None:
    as_superuser(host, f"revoke insert on {table} from portal_application")
    assert done(kind) == "failed"
    assert AlarmName.NIGHTLY_FAILED in on()
    as_superuser(host, f"grant insert on {table} to portal_application")
    assert done(kind) == "done"
    assert AlarmName.NIGHTLY_FAILED not in on()


def test_a_run_that_the_cap_holds_back(host: Hosting, on: On) -> None:
    with in_school(HERE):
        make_earlier_night()
        run()
        session.execute(text("delete from retention_run"))
        make_earlier_night()
        get_school().retention_cap_people, get_school().retention_cap_percent = 1, 0
        for _ in range(3):
            gone()
    assert AlarmName.NIGHTLY_HELD not in on()
    with in_school(HERE):
        held = run()
        assert held.waiting == 3
    assert AlarmName.NIGHTLY_HELD in on()
    with in_school(HERE):
        confirm_run(held.id, people=3, by=KEEPER)
    assert AlarmName.NIGHTLY_HELD not in on()


def test_an_audit_that_was_altered(host: Hosting, on: On) -> None:
    with in_school(HERE):
        audit.record("access.refused", facts={"address": "/x"})
        while seal_entries():
            pass
        event_id: UUID = session.scalars(text("select id from audit_event order by id desc limit 1")).one()
    assert done("audit.verify") == "done"
    assert AlarmName.SEALS_BROKEN not in on()
    set_event = f"where id = '{event_id}'"
    as_superuser(host, f"update audit_event set event = 'access.altered' {set_event}")
    assert done("audit.verify") == "failed"
    assert on() & {AlarmName.SEALS_BROKEN, AlarmName.NIGHTLY_FAILED} == {AlarmName.SEALS_BROKEN}
    as_superuser(host, f"update audit_event set event = 'access.refused' {set_event}")
    assert done("audit.verify") == "done"
    assert AlarmName.SEALS_BROKEN not in on()


def test_entries_that_wait_for_their_seal(host: Hosting, on: On, clock: Clock) -> None:
    for seed in SCHOOLS:
        with in_school(seed.id):
            while seal_entries():
                pass
    with in_school(HERE):
        audit.record("access.refused", facts={"address": "/x"})
    assert AlarmName.SEALS_LATE not in on()
    later(clock, minutes=16)
    assert AlarmName.SEALS_LATE in on()
    with in_school(HERE):
        seal_entries()
    assert AlarmName.SEALS_LATE not in on()


def test_endings_that_are_not_in_the_ledger_yet(host: Hosting, on: On, clock: Clock) -> None:
    with away(SECOND):
        with in_school(HERE):
            record_ending(Ending.ROLE, uuid4())
        assert AlarmName.LEDGER_LATE not in on()
        later(clock, minutes=16)
        assert AlarmName.LEDGER_LATE in on()
    with in_school(HERE):
        assert push_waiting()
    assert AlarmName.LEDGER_LATE not in on()


def test_copies_of_the_keys_that_differ(host: Hosting, on: On) -> None:
    with in_school(HERE):
        record_ending(Ending.ROLE, uuid4())
    assert done("keys.verify") == "done"
    assert AlarmName.KEYS_DIFFER not in on()
    assert harm(SECOND, "delete from ending")
    assert done("keys.verify") == "failed"
    assert on() & {AlarmName.KEYS_DIFFER, AlarmName.NIGHTLY_FAILED} == {AlarmName.KEYS_DIFFER}
    key_store.forget()
    assert CliRunner().invoke(keys_command, ["verify", "--heal"]).exit_code == 0
    assert done("keys.verify") == "done"
    assert AlarmName.KEYS_DIFFER not in on()
