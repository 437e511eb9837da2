"""The chain of seals names the first entry that was altered, removed or slipped in, and says until when it proves."""

import threading
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select, text

from portal.core import audit
from portal.core.audit import AuditSeal, AuditUnsealed, Chain
from portal.core.audit.seals import seal_entries
from portal.core.audit.verification import Verdict, verify
from portal.core.commands import audit as audit_command
from portal.core.crypto import keys
from portal.core.db.scope import checkpoint, in_school
from portal.core.db.session import session
from tests.core.audit.conftest import Tamper


def found(verdict: Verdict) -> tuple[str, UUID | None] | None:
    return None if verdict.finding is None else (verdict.finding.what, verdict.finding.event_id)


def test_untouched_it_is_whole(chain: list[UUID]) -> None:
    verdict = verify()
    assert (found(verdict), verdict.entries, verdict.seals, verdict.waiting) == (None, 9, 3, 0)
    newest = session.scalars(select(AuditSeal.at).order_by(AuditSeal.number.desc()).limit(1)).one()
    assert verdict.proves_until == newest


@pytest.mark.promise("LB-08")
@pytest.mark.parametrize(
    "change",
    [
        "event = 'tests.other'",
        "at = at + interval '1 microsecond'",
        "actor_name = 'Somebody else'",
        "actor_roles = '{management}'",
        "learner_ids = array[gen_random_uuid()]",
        "facts = '{}'",
        "sealed = '{}'",
        "origin = 'elsewhere'",
    ],
)
def test_an_altered_entry_is_named(chain: list[UUID], tamper: Tamper, change: str) -> None:
    tamper(f"update audit_event set {change} where id = :id", id=chain[4])
    verdict = verify()
    assert found(verdict) == ("altered", chain[4])
    first = session.scalars(select(AuditSeal.at).where(AuditSeal.number == 1)).one()
    assert verdict.proves_until == first


@pytest.mark.promise("LB-08")
def test_a_removed_entry_is_named(chain: list[UUID], tamper: Tamper) -> None:
    tamper("delete from audit_event where id = :id", id=chain[7])
    assert found(verify()) == ("removed", chain[7])


@pytest.mark.promise("LB-08")
@pytest.mark.parametrize("also_queued", [False, True], ids=["beside the queue", "through the queue"])
def test_an_entry_slipped_in_is_named(chain: list[UUID], tamper: Tamper, also_queued: bool) -> None:
    old = UUID(int=(chain[0].int >> 80) - 3 * 3600 * 1000 << 80 | 0x7000 << 64 | 0x8 << 60 | 1)
    tamper(
        "insert into audit_event select school_id, :new, at, event, actor_kind, actor_id, actor_name, actor_roles,"
        " learner_ids, subject_kind, subject_id, facts, sealed, origin from audit_event where id = :id",
        id=chain[0],
        new=old,
    )
    if also_queued:
        tamper(
            "insert into audit_unsealed select school_id, :new, learner_ids from audit_event where id = :id",
            id=chain[0],
            new=old,
        )
        seal_entries()
        checkpoint()
    assert found(verify()) == ("slipped_in", old)


@pytest.mark.parametrize("column", ["code = '\\x00'", "codes = substr(codes, 2) || '\\x00'", "at = now()"])
def test_an_altered_seal_is_named(chain: list[UUID], tamper: Tamper, column: str) -> None:
    school = session.scalars(select(AuditSeal.school_id).limit(1)).one()
    tamper(f"update audit_seal set {column} where school_id = :school and number = 2", school=school)
    verdict = verify()
    assert verdict.finding is not None
    assert (verdict.finding.what, verdict.finding.seal_number) == ("seal_altered", 2)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_removed_seal_is_named_also_at_the_end(chain: list[UUID], tamper: Tamper, number: int) -> None:
    school = session.scalars(select(AuditSeal.school_id).limit(1)).one()
    tamper("delete from audit_seal where school_id = :school and number = :number", school=school, number=number)
    if number == 3:
        tamper("delete from audit_event where id = any(:ids)", ids=chain[6:])
        tamper("delete from audit_learner where event_id = any(:ids)", ids=chain[6:])
    verdict = verify()
    assert verdict.finding is not None
    assert (verdict.finding.what, verdict.finding.seal_number) == ("seal_removed", number)


def test_an_entry_hidden_from_its_learner_is_named(chain: list[UUID], tamper: Tamper) -> None:
    tamper("delete from audit_learner where event_id = :id", id=chain[5])
    assert found(verify()) == ("hidden", chain[5])


def test_erasing_a_learner_breaks_no_seal(chain: list[UUID]) -> None:
    learner = session.scalars(
        text("select learner_ids[1] from audit_event where id = :id").bindparams(id=chain[0])
    ).one()
    keys.destroy_people(learner)
    checkpoint()
    assert found(verify()) is None


def test_an_entry_that_commits_late_goes_into_the_next_seal(chain: list[UUID], engine: Engine) -> None:
    school = session.scalars(select(AuditSeal.school_id).limit(1)).one()
    checkpoint()
    begun, may_end = threading.Event(), threading.Event()

    def late() -> None:
        with in_school(school):
            audit.record("tests.late")
            begun.set()
            may_end.wait(10)

    thread = threading.Thread(target=late)
    thread.start()
    begun.wait(10)
    audit.record("tests.done")
    checkpoint()
    assert seal_entries() == 1
    checkpoint()
    may_end.set()
    thread.join()
    assert seal_entries() == 1
    checkpoint()
    verdict = verify()
    assert (found(verdict), verdict.entries, verdict.waiting) == (None, 11, 0)


def test_sign_in_traces_have_a_chain_of_their_own(chain: list[UUID], tamper: Tamper) -> None:
    traces = [audit.record(f"accounts.{name}") for name in ("signed_in", "signed_out", "sessions_ended")]
    audit.record("tests.done")
    assert verify(Chain.ACTIVITY).waiting == 3
    assert seal_entries() == 4
    checkpoint()
    main, activity = verify(), verify(Chain.ACTIVITY)
    assert [(found(each), each.entries, each.seals) for each in (main, activity)] == [(None, 10, 4), (None, 3, 1)]
    tamper("delete from audit_event where id = :id", id=traces[1])
    assert (found(verify()), found(verify(Chain.ACTIVITY))) == (None, ("removed", traces[1]))


def test_an_entry_moved_to_the_other_chain_is_named(chain: list[UUID], tamper: Tamper) -> None:
    tamper("update audit_event set chain = 'activity' where id = :id", id=chain[4])
    assert found(verify()) == ("altered", chain[4])
    assert found(verify(Chain.ACTIVITY)) == ("slipped_in", chain[4])


def test_nothing_to_seal_makes_no_seal(chain: list[UUID]) -> None:
    assert seal_entries() == 0


def test_the_key_of_seals_is_not_in_the_database(chain: list[UUID]) -> None:
    assert session.scalars(select(AuditUnsealed.id)).all() == []
    assert keys.seal_head(Chain.MAIN.value) is not None
    tables = session.scalars(
        text("select table_name from information_schema.tables where table_name like '%\\_key'")
    ).all()
    assert tables == []


def test_the_command_says_which_and_exits_1(chain: list[UUID], tamper: Tamper, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.core import commands

    school = session.scalars(select(AuditSeal.school_id).limit(1)).one()
    monkeypatch.setattr(commands, "at_school", lambda _slug: in_school(school))
    whole = CliRunner().invoke(audit_command, ["verify", "--school", "x"])
    assert (whole.exit_code, "9 entries in 3 seals are whole" in whole.output) == (0, True)
    tamper("update audit_event set event = 'x' where id = :id", id=chain[4])
    broken = CliRunner().invoke(audit_command, ["verify", "--school", "x"])
    assert broken.exit_code == 1
    assert f"entry {chain[4]} of seal 2" in broken.output
    assert "was altered; proves until" in broken.output
