"""What is past its term goes and leaves a sealed line; what went otherwise is told from it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal.core import audit, commands
from portal.core.audit import AuditEvent, AuditExpiry, AuditLearner, AuditSeal, AuditUnsealed, Chain
from portal.core.audit.expiry import ChainNotWhole, expire_entries
from portal.core.audit.seals import seal_entries
from portal.core.audit.verification import Verdict, verify
from portal.core.crypto import keys
from portal.core.db.scope import checkpoint, in_school, restart
from portal.core.db.session import session
from tests.core.audit.conftest import Tamper
from tests.factories.policy import publish, shipped_text
from tests.seed import SCHOOLS

Clock = Callable[[datetime], None]

NOW = datetime.now(UTC)
OLD = NOW - timedelta(days=3 * 366)
TERM = NOW - timedelta(days=2 * 366)
"""Lest Best keeps its audit for two years: what is older than this is past them."""


def fill(clock: Clock, *moments: datetime, event: str = "tests.done") -> list[UUID]:
    """Record two entries at each of these moments, each about a learner, and seal them then."""
    made = []
    for moment in moments:
        clock(moment)
        made += [audit.record(event, learner_id=uuid4(), changes={"learner.phone": ("1", "2")}) for _ in range(2)]
        seal_entries()
        checkpoint()
    clock(NOW)
    return made


@pytest.fixture
def aged(audited_school: UUID, clock: Clock) -> list[UUID]:
    """Six entries in three seals: two seals past the term, with the entry of the policy, and one within it."""
    clock(OLD)
    publish(shipped_text("lest-best"))
    return fill(clock, OLD, OLD + timedelta(days=9), NOW - timedelta(days=9))


def told(verdict: Verdict) -> tuple[str, int | None] | None:
    return None if verdict.finding is None else (verdict.finding.what, verdict.finding.seal_number)


def expired() -> AuditExpiry:
    """Let what is past the term go, and return the line about it."""
    assert expire_entries(Chain.MAIN, TERM) == 5
    checkpoint()
    return session.scalars(select(AuditExpiry)).one()


def count_rows(*tables: type) -> list[int]:
    return [session.scalars(select(func.count()).select_from(table)).one() for table in tables]


@pytest.mark.promise("LB-08")
def test_what_is_past_the_term_goes_and_the_rest_is_whole(aged: list[UUID]) -> None:
    moments = session.scalars(select(AuditSeal.at).order_by(AuditSeal.number)).all()
    line = expired()

    verdict = verify()
    assert (told(verdict), verdict.entries, verdict.seals, verdict.expired) == (None, 2, 1, 5)
    assert (verdict.expired_until, verdict.proves_until) == (moments[1], moments[2])
    assert (line.first_number, line.last_number, line.first_at, line.last_at) == (1, 2, moments[0], moments[1])
    assert set(session.scalars(select(AuditEvent.id))) == set(aged[4:])
    assert set(session.scalars(select(AuditLearner.event_id))) == set(aged[4:])


def test_a_second_run_does_nothing(aged: list[UUID]) -> None:
    expired()

    assert expire_entries(Chain.MAIN, TERM) == 0
    assert count_rows(AuditExpiry, AuditSeal, AuditEvent) == [1, 1, 2]


def test_the_chain_goes_on_where_all_of_it_expired(audited_school: UUID, clock: Clock) -> None:
    clock(OLD)
    publish(shipped_text("lest-best"))
    fill(clock, OLD, OLD + timedelta(days=9))
    expired()
    assert (told(verify()), count_rows(AuditSeal), verify().proves_until) == (None, [0], OLD + timedelta(days=9))

    fill(clock, OLD + timedelta(days=20), NOW)

    assert session.scalars(select(AuditSeal.number).order_by(AuditSeal.number)).all() == [3, 4]
    assert expire_entries(Chain.MAIN, TERM) == 2
    checkpoint()
    verdict = verify()
    assert (told(verdict), verdict.expired, verdict.entries) == (None, 7, 2)


def test_nothing_goes_that_is_within_the_term_whatever_is_asked(aged: list[UUID]) -> None:
    with pytest.raises(DBAPIError, match="are within their term"):
        expire_entries(Chain.MAIN, NOW)
    restart()

    assert count_rows(AuditExpiry, AuditSeal, AuditEvent) == [0, 3, 7]
    assert told(verify()) is None


def test_no_sign_in_trace_goes_within_its_term(aged: list[UUID], clock: Clock) -> None:
    fill(clock, NOW - timedelta(days=89), event="accounts.signed_in")

    with pytest.raises(DBAPIError, match="chain activity up to 1 are within their term"):
        expire_entries(Chain.ACTIVITY, NOW)
    restart()

    assert (told(verify(Chain.ACTIVITY)), count_rows(AuditExpiry)) == (None, [0])


def test_what_waits_for_its_seal_stays_however_old(aged: list[UUID], clock: Clock) -> None:
    clock(OLD)
    waits = audit.record("tests.done")
    checkpoint()
    clock(NOW)
    expired()

    assert session.scalars(select(AuditUnsealed.id)).all() == [waits]
    assert session.get(AuditEvent, (session.scalars(select(AuditEvent.school_id).limit(1)).one(), waits)) is not None


def test_another_schools_rows_are_untouched(aged: list[UUID], clock: Clock) -> None:
    with in_school(SCHOOLS[1].id):
        before = count_rows(AuditEvent, AuditLearner, AuditSeal, AuditExpiry)
    expired()
    with in_school(SCHOOLS[1].id):
        assert count_rows(AuditEvent, AuditLearner, AuditSeal, AuditExpiry) == before
        with pytest.raises(DBAPIError, match="no line names"):
            session.execute(text("select expire_audit('main')"))


def test_sign_in_traces_go_by_their_own_term(aged: list[UUID], clock: Clock) -> None:
    fill(clock, NOW - timedelta(days=100), NOW - timedelta(days=80), event="accounts.signed_in")

    assert expire_entries(Chain.ACTIVITY, NOW - timedelta(days=92)) == 2
    checkpoint()

    activity, main = verify(Chain.ACTIVITY), verify()
    assert (told(activity), activity.entries, activity.expired) == (None, 2, 2)
    assert (told(main), main.entries, main.expired) == (None, 7, 0)


def test_an_erased_learner_stands_in_no_ones_way(aged: list[UUID]) -> None:
    learners = session.scalars(select(AuditLearner.learner_id)).all()
    keys.destroy_people(*learners)
    checkpoint()
    expired()

    assert told(verify()) is None


@pytest.mark.promise("LB-08")
@pytest.mark.parametrize("number", [1, 2])
def test_a_seal_that_went_without_a_line_was_removed(aged: list[UUID], tamper: Tamper, number: int) -> None:
    school = session.scalars(select(AuditSeal.school_id).limit(1)).one()
    tamper("delete from audit_event using audit_seal s where s.school_id = :school and s.number <= :number"
           " and audit_event.id = any(s.event_ids)", school=school, number=number)  # fmt: skip
    tamper("delete from audit_seal where school_id = :school and number <= :number", school=school, number=number)

    assert told(verify()) == ("seal_removed", 1)


def test_a_run_doesnt_cover_what_was_removed_before_it(aged: list[UUID], tamper: Tamper) -> None:
    tamper("delete from audit_seal where number = 1 and id in (select id from audit_seal where event_ids && :ids)",
           ids=aged)  # fmt: skip

    with pytest.raises(ChainNotWhole, match="seal_removed"):
        expire_entries(Chain.MAIN, TERM)


@pytest.mark.promise("LB-08")
def test_a_seal_after_those_that_expired_was_removed_too(aged: list[UUID], tamper: Tamper) -> None:
    line = expired()
    tamper("delete from audit_seal where school_id = :school and number = 3", school=line.school_id)

    assert told(verify()) == ("seal_removed", 3)


@pytest.mark.promise("LB-08")
def test_a_forged_line_is_found(aged: list[UUID], tamper: Tamper) -> None:
    last = session.scalars(select(AuditSeal).where(AuditSeal.number == 2)).one()
    forged = AuditExpiry(
        chain=Chain.MAIN, first_number=1, last_number=2, first_at=OLD, last_at=last.at, entries=5,
        standing=last.code, at=NOW, code=bytes(32),
    )  # fmt: skip
    session.add(forged)
    session.flush()
    assert session.scalars(text("select expire_audit('main')")).one() == 5
    checkpoint()

    assert told(verify()) == ("expiry_altered", 1)
    assert verify().proves_until is None


@pytest.mark.promise("LB-08")
def test_a_seal_made_old_takes_no_young_entry_along(aged: list[UUID]) -> None:
    code = bytes(32)
    session.add(AuditSeal(chain=Chain.ACTIVITY, number=1, at=OLD, event_ids=[aged[4]], codes=code, code=code))
    session.add(AuditExpiry(
        chain=Chain.ACTIVITY, first_number=1, last_number=1, first_at=OLD, last_at=OLD, entries=1,
        standing=code, at=NOW, code=code,
    ))  # fmt: skip
    session.flush()

    with pytest.raises(DBAPIError, match="within their term"):
        session.scalars(text("select expire_audit('activity')")).one()
    restart()

    assert set(aged) <= set(session.scalars(select(AuditEvent.id)))


@pytest.mark.parametrize(
    "change",
    [
        "entries = entries + 1",
        "last_number = last_number + 1",
        "last_at = last_at - interval '1 day'",
        "first_at = first_at - interval '1 day'",
        "at = at + interval '1 day'",
        "standing = code",
        "chain = 'activity'",
    ],
)
def test_an_altered_line_is_found(aged: list[UUID], tamper: Tamper, change: str) -> None:
    line = expired()
    tamper(f"update audit_expiry set {change} where id = :id", id=line.id)

    assert "expiry_altered" in {(told(verify(chain)) or ("whole",))[0] for chain in Chain}


def test_without_its_line_what_expired_was_removed(aged: list[UUID], tamper: Tamper) -> None:
    tamper("delete from audit_expiry where id = :id", id=expired().id)

    assert told(verify()) == ("seal_removed", 1)


def test_what_expired_and_was_put_back_was_slipped_in(aged: list[UUID], tamper: Tamper) -> None:
    school = expired().school_id
    tamper("insert into audit_event (school_id, id, at, event, actor_kind, actor_roles, learner_ids, facts)"
           " values (:school, :id, :at, 'tests.done', 'portal', '{}', '{}', '{}')",
           school=school, id=aged[0], at=OLD)  # fmt: skip

    verdict = verify()
    assert verdict.finding is not None
    assert (verdict.finding.what, verdict.finding.event_id) == ("slipped_in", aged[0])


@pytest.mark.promise("LB-08")
def test_a_chain_that_was_tampered_with_stays(aged: list[UUID], tamper: Tamper) -> None:
    tamper("update audit_event set facts = '{}', event = 'x' where id = :id", id=aged[2])

    with pytest.raises(ChainNotWhole, match="altered"):
        expire_entries(Chain.MAIN, TERM)
    restart()

    assert count_rows(AuditExpiry, AuditSeal, AuditEvent) == [0, 3, 7]


def test_the_command_tells_expired_from_removed(
    aged: list[UUID], tamper: Tamper, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = expired()
    school = line.school_id
    monkeypatch.setattr(commands, "at_school", lambda _slug: in_school(school))
    whole = CliRunner().invoke(commands.audit, ["verify", "--school", "x"])
    assert whole.exit_code == 0
    until = f"{OLD + timedelta(days=9):%Y-%m-%d %H:%M:%S} UTC"
    assert f"x, views and changes: 2 entries in 1 seals are whole; 5 expired, sealed until {until};" in whole.output
    assert "x, sign-ins and own use: 0 entries in 0 seals are whole; proves nothing yet" in whole.output

    tamper("update audit_expiry set entries = 4 where id = :id", id=line.id)
    forged = CliRunner().invoke(commands.audit, ["verify", "--school", "x"])
    assert forged.exit_code == 1
    assert "the line that says that seals from 1 on expired was altered or isn't the portal's" in forged.output
