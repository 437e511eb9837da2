"""The functions across schools do what they say for every school, and nothing else does."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.exc import ProgrammingError

import tests.core.kinds_for_tests  # noqa: F401
from portal.core import audit
from portal.core.audit import AuditEvent
from portal.core.audit.seals import seal_entries
from portal.core.clock import now, today
from portal.core.db import audit_expiry, cross_school
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.jobs import EVERY, Job, RecurringJob, ask, perform
from portal.core.jobs.services import HANDED_PER_SCHOOL
from portal.core.jobs.sweep import ask_due, sweep
from portal.core.mail import Mail
from portal.retention.models import RetentionRun, RunState
from tests.seed import SCHOOLS

HERE, THERE = SCHOOLS[0].id, SCHOOLS[1].id

pytestmark = pytest.mark.usefixtures("database")


def asked(school_id: UUID, *, count: int = 1) -> list[UUID]:
    with in_school(school_id):
        return [ask("tests.quick", {"mark": "x"}).id for _ in range(count)]


def put(school_id: UUID, job_id: UUID, assignments: str) -> None:
    with in_school(school_id):
        session.execute(text(f"update job set {assignments} where id = :id"), {"id": job_id})


def column(school_id: UUID, job_id: UUID, name: str) -> Any:
    with in_school(school_id):
        return session.execute(text(f"select {name} from job where id = :id"), {"id": job_id}).scalar_one()


def swept(*, may_hand_over: bool = True) -> set[UUID]:
    with in_school(None):
        rows = session.execute(
            text("select id from sweep_jobs(:most, :may)"), {"most": HANDED_PER_SCHOOL, "may": may_hand_over}
        )
        return set(rows.scalars())


def call(statement: str, **values: object) -> list[Any]:
    with in_school(None):
        return list(session.execute(text(statement), values).all())


def test_they_belong_to_a_role_that_cannot_sign_in_and_may_nothing_else(database: Engine) -> None:
    role = call(
        "select rolcanlogin, rolsuper, rolbypassrls from pg_roles where rolname = :name", name=cross_school.ROLE
    )
    assert [tuple(row) for row in role] == [(False, False, False)]
    owned = call(
        "select p.oid::regprocedure::text as signature, p.prosecdef, pg_get_userbyid(p.proowner) as owner"
        " from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef"
    )
    assert {row.owner for row in owned} == {cross_school.ROLE, audit_expiry.ROLE}
    names = {row.signature.partition("(")[0] for row in owned if row.owner == cross_school.ROLE}
    assert names == {function.signature.partition("(")[0] for function in cross_school.FUNCTIONS}


def test_its_policies_are_on_exactly_the_tables_that_they_name(database: Engine) -> None:
    named = {table for function in cross_school.FUNCTIONS for table in (*function.reads, *function.changes)}
    held = call("select distinct tablename from pg_policies where :role = any(roles)", role=cross_school.ROLE)
    assert {row.tablename for row in held} == named


def test_enter_school_knows_a_school_by_host_and_nothing_by_another() -> None:
    assert call("select id from enter_school(:host)", host=SCHOOLS[1].host.upper())[0].id == THERE
    assert call("select id from enter_school('nowhere.example')") == []


def test_school_by_slug_and_list_schools() -> None:
    assert call("select school_by_slug(:slug) as id", slug=SCHOOLS[1].slug)[0].id == THERE
    assert call("select school_by_slug('nothing') as id")[0].id is None
    assert {row.slug for row in call("select slug, host from list_schools()")} >= {each.slug for each in SCHOOLS}


def test_a_lapsed_lease_is_taken_away_in_every_school() -> None:
    for school_id in (HERE, THERE):
        (job_id,) = asked(school_id)
        lapsed = "state = 'running', attempts = 1, lease = gen_random_uuid(), lease_until = now() - interval '1 second'"
        put(school_id, job_id, lapsed)
        assert job_id in swept()
        assert (column(school_id, job_id, "state"), column(school_id, job_id, "lease")) == ("handed", None)


def test_a_lease_that_holds_is_left_alone() -> None:
    (job_id,) = asked(HERE)
    put(HERE, job_id, "state = 'running', lease = gen_random_uuid(), lease_until = now() + interval '5 seconds'")
    assert job_id not in swept()
    assert column(HERE, job_id, "state") == "running"


def test_a_job_that_kills_its_worker_each_time_ends_with_a_fault() -> None:
    (job_id,) = asked(HERE)
    lapsed = "state = 'running', lease = gen_random_uuid(), lease_until = now() - interval '1 second'"
    put(HERE, job_id, f"{lapsed}, attempts = attempts_most")
    assert job_id in swept()
    attempts = column(HERE, job_id, "attempts")

    assert perform(HERE, job_id) == "failed"

    assert (column(HERE, job_id, "state"), column(HERE, job_id, "failure")) == ("failed", "worker_lost")
    assert column(HERE, job_id, "attempts") == attempts
    assert column(HERE, job_id, "fault")
    with in_school(HERE):
        entry = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == job_id)).one()
        assert (entry.event, entry.facts["failure"]) == ("jobs.failed", "worker_lost")
        assert not session.scalar(select(Mail.id).limit(1))
    failed = call("select id, slug, kind from failed_jobs(now() - interval '1 day')")
    assert (job_id, SCHOOLS[0].slug, "tests.quick") in [(row.id, row.slug, row.kind) for row in failed]


def test_what_was_handed_over_and_not_begun_is_found_after_five_seconds() -> None:
    (fresh,), (lost,) = asked(HERE), asked(HERE)
    put(HERE, lost, "handed_at = now() - interval '6 seconds'")
    found = swept()
    assert lost in found
    assert fresh not in found


def test_with_redis_away_nothing_is_handed_over() -> None:
    (lost,) = asked(HERE)
    put(HERE, lost, "handed_at = now() - interval '6 seconds'")
    assert swept(may_hand_over=False) == set()


def test_each_school_gets_its_share() -> None:
    many, one = asked(HERE, count=50), asked(THERE)
    for job_id in one:
        put(THERE, job_id, "state = 'waiting', handed_at = null")
    with in_school(HERE):
        session.execute(update(Job).where(Job.id.in_(many)).values(state="waiting"))
    found = swept()
    assert set(one) <= found
    assert len(found & set(many)) == HANDED_PER_SCHOOL
    assert swept() & set(many) == set()


def test_what_comes_round_is_asked_for_once_in_every_school_and_made_up_for_when_missed() -> None:
    ask_due()
    for seed in SCHOOLS:
        with in_school(seed.id):
            kinds = session.scalars(select(Job.kind).where(Job.kind.in_(EVERY))).all()
            assert sorted(kinds) == sorted(EVERY)
            session.execute(text("update job set state = 'done' where kind = any(:kinds)"), {"kinds": list(EVERY)})
    assert ask_due() == sum(1 for _ in _unsealed())
    with in_school(HERE):
        session.execute(update(RecurringJob).values(next_at=text("now() - interval '3 days'")))
    ask_due()
    ask_due()
    with in_school(HERE):
        again = session.scalars(select(Job.kind).where(Job.kind.in_(EVERY), Job.state != "done")).all()
    assert sorted(again) == sorted(EVERY)


def _unsealed() -> list[UUID]:
    return [row.school_id for row in call("select * from waiting_work()") if row.kind == "audit.seal"]


def test_unsealed_schools_are_those_where_entries_wait() -> None:
    for school_id in (HERE, THERE):
        with in_school(school_id):
            while seal_entries():
                pass
    with in_school(THERE):
        audit.record("tests.done", learner_id=uuid4())
    assert THERE in _unsealed()
    assert HERE not in _unsealed()


def test_count_jobs_tells_what_waits() -> None:
    asked(HERE, count=2)
    counted = {(row.state, row.is_slow): row.jobs for row in call("select * from count_jobs()")}
    assert counted["handed", False] >= 2


def test_the_role_may_not_be_taken_on() -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
        session.execute(text(f"set role {cross_school.ROLE}"))


def test_the_sweep_hands_over_nothing_inside_a_test_but_finds_it() -> None:
    with in_school(HERE):  # what other tests left there may take all places of the school
        session.execute(delete(Job).where(Job.school_id == HERE))
    (lost,) = asked(HERE)
    put(HERE, lost, "handed_at = now() - interval '6 seconds'")
    assert sweep() >= 1


def test_nightly_jobs_tells_of_each_school_how_the_last_ended_and_what_waits() -> None:
    kinds = {"kinds": ["tests.quick"]}
    (first, second), (waits,) = asked(HERE, count=2), asked(THERE)
    put(HERE, first, "state = 'failed', failure = 'error', ended_at = now() - interval '1 hour'")
    put(HERE, second, "state = 'done', ended_at = now()")
    found = {row.slug: row for row in call("select * from nightly_jobs(:kinds)", **kinds)}
    assert set(found) >= {each.slug for each in SCHOOLS}
    assert (found[SCHOOLS[0].slug].state, found[SCHOOLS[0].slug].asked_at) == ("done", None)
    assert found[SCHOOLS[1].slug].asked_at == column(THERE, waits, "asked_at")
    assert found[SCHOOLS[1].slug].state is None


def test_held_runs_tells_whose_latest_run_waits_for_a_word() -> None:
    with in_school(THERE):
        made = {"ran_on": today(), "started_at": now(), "state": RunState.WAITS, "is_first": False, "cap": 1}
        session.add(RetentionRun(waiting=3, **made))
    assert [tuple(row) for row in call("select * from held_runs()")] == [(SCHOOLS[1].slug, 3)]


def test_oldest_waiting_tells_the_oldest_entry_and_ending_of_each_school() -> None:
    with in_school(THERE):
        while seal_entries():
            pass
        audit.record("tests.done", learner_id=uuid4())
        entry = session.scalars(select(AuditEvent.id).order_by(AuditEvent.id.desc()).limit(1)).one()
    found = {row.slug: row for row in call("select * from oldest_waiting()")}
    assert (found[SCHOOLS[1].slug].seal, found[SCHOOLS[1].slug].ending) == (entry, None)


def test_count_mails_tells_what_was_sent_refused_and_waits() -> None:
    with in_school(HERE):
        ids = [ask("mail.send", {"mail_id": str(uuid4())}).id for _ in range(3)]
    before = call("select * from count_mails(now() - interval '1 day')")[0]
    put(HERE, ids[0], "state = 'done', ended_at = now()")
    put(HERE, ids[1], "state = 'failed', ended_at = now()")
    found = call("select * from count_mails(now() - interval '1 day')")[0]
    assert (found.sent - before.sent, found.refused - before.refused) == (1, 1)
    assert found.oldest_asked_at <= column(HERE, ids[2], "asked_at")


def test_a_school_that_left_is_told_by_its_host_and_its_name_alone() -> None:
    host = f"{SCHOOLS[0].slug}.localhost"
    assert [tuple(row) for row in call("select closed_at_host(:host)", host=host)] == [(None,)]
    with in_school(HERE):
        session.execute(text("update school set closed_at = now() where id = :id"), {"id": HERE})

    assert call("select closed_at_host(:host) is not null", host=host.upper())[0][0]
    assert call("select closed_at_host(:host) is null", host=f"{SCHOOLS[1].slug}.localhost")[0][0]
    assert call("select leaving_school(:slug)", slug=SCHOOLS[0].slug)[0][0] == HERE
    assert call("select school_by_slug(:slug)", slug=SCHOOLS[0].slug)[0][0] is None
    assert HERE not in {row.id for row in call("select id from list_schools()")}
    assert not call("select * from enter_school(:host)", host=host)
    assert HERE not in {row.school_id for row in call("select school_id from due_jobs(array['audit.seal'])")}
