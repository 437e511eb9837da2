"""Rows of a restricted learner are hidden by the database, in every table that holds her id."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, insert, select, text

from portal.core.clock import now
from portal.core.db.base import Base
from portal.core.db.restrictions import POLICY, columns_that_hide, policy_of
from portal.core.db.scope import (
    hidden_categories,
    hidden_learners,
    hides_anyone,
    in_school,
    reveal,
    revealed,
)
from portal.core.db.session import session
from portal.core.personal_data import PersonKind, direct_columns
from portal.learners.record.models import Learner
from portal.progress.models import Level
from portal.purposes.restrictions.models import Restriction, RestrictionGround
from tests.factories.learners import make_learner
from tests.house.rows import make_row
from tests.seed import SCHOOLS

HERE, THERE = SCHOOLS[0].id, SCHOOLS[1].id

SEEN = {"account_session", "audit_learner", "restriction", "restriction_use"}
"""Tables that hold a learner's id and are seen all the same; each says why where it is declared."""


def hold(learner: Learner, *categories: str) -> None:
    session.add(
        Restriction(
            learner_id=learner.id, categories=list(categories), ground=RestrictionGround.ACCURACY, started_at=now()
        )
    )
    session.flush()


def is_seen(learner_id: UUID) -> bool:
    return session.scalar(select(Learner.id).where(Learner.id == learner_id)) is not None


def levels_of(learner_id: UUID) -> int:
    return session.scalar(select(func.count()).select_from(Level).where(Level.learner_id == learner_id)) or 0


def test_every_table_with_a_learners_id_has_the_policy_or_says_why_not(database: Engine) -> None:
    with in_school(HERE):
        found = set(session.scalars(text(f"select tablename from pg_policies where policyname = '{POLICY}'")))
    holding = {
        table.name
        for table in Base.metadata.sorted_tables
        if table.info.get("school_owned") and direct_columns(table, PersonKind.LEARNER)
    }
    excused = {table.name for table in Base.metadata.sorted_tables if table.info.get("seen_when_restricted")}
    assert excused >= SEEN
    assert {"learner", "attendance_mark", "level", "note", "mail", "stored_file", "record_merge"} <= found
    assert found == holding - excused


def test_a_table_with_an_excuse_hides_nothing() -> None:
    for table in Base.metadata.sorted_tables:
        if table.info.get("seen_when_restricted"):
            assert not columns_that_hide(table)
            assert policy_of(table) is None


def test_a_policy_reads_the_ids_once_for_a_statement(database: Engine) -> None:
    with in_school(HERE):
        plan = "\n".join(session.scalars(text("explain select * from attendance_mark")))
    assert "InitPlan" in plan
    assert "SubPlan" not in plan


@pytest.mark.promise("ST-08", part="shielded")
def test_a_whole_restriction_hides_her_rows_from_the_next_transaction_on(database: Engine) -> None:
    with in_school(HERE):
        hers, others = make_learner(), make_learner()
        make_row("level", learner_id=hers.id)
        hold(hers)
        assert not hides_anyone()
    with in_school(HERE):
        assert hides_anyone()
        assert hidden_learners() == hidden_learners("level") == {hers.id}
        assert not is_seen(hers.id)
        assert is_seen(others.id)
        assert levels_of(hers.id) == 0
        assert session.execute(text("update level set source = source")).rowcount == 0
    with in_school(THERE):
        assert not hides_anyone()


@pytest.mark.promise("ST-08", part="shielded")
def test_a_restricted_category_hides_the_rows_of_its_tables(database: Engine) -> None:
    with in_school(HERE):
        hers = make_learner()
        make_row("level", learner_id=hers.id)
        make_row("note", learner_id=hers.id)
        hold(hers, "level", "address")
    with in_school(HERE):
        assert is_seen(hers.id)
        assert levels_of(hers.id) == 0
        assert session.scalar(text("select count(*) from note where learner_id = :id"), {"id": hers.id}) == 1
        assert hidden_categories(hers.id) == {"level", "address"}
        assert hidden_learners() == frozenset()
        assert hidden_learners("level") == {hers.id}


def test_who_may_sees_them_in_a_block_or_to_the_end(database: Engine) -> None:
    with in_school(HERE):
        one, other = make_learner(), make_learner()
        hold(one)
        hold(other)
    with in_school(HERE):
        with revealed(one.id):
            assert is_seen(one.id)
            assert not is_seen(other.id)
            with revealed():
                assert is_seen(other.id)
            assert not is_seen(other.id)
        assert not is_seen(one.id)
        assert hidden_learners() == {one.id, other.id}
        with pytest.raises(ZeroDivisionError), revealed():
            raise ZeroDivisionError
        assert not is_seen(one.id)
        _reveal_and_look(one.id, other.id)


def _reveal_and_look(one: UUID, other: UUID) -> None:
    from contextvars import copy_context

    def look() -> None:
        reveal(one)
        assert is_seen(one)
        assert not is_seen(other)
        reveal()
        assert is_seen(other)

    copy_context().run(look)


def test_a_row_about_nobody_is_seen_and_one_about_her_may_be_added(database: Engine) -> None:
    with in_school(HERE):
        hers = make_learner()
        hold(hers)
        about = {"template": "x/y", "language": "nl", "school_id": HERE}
    mails = Base.metadata.tables["mail"]
    with in_school(HERE):
        session.execute(insert(mails).values(**about, id=hers.id, learner_id=hers.id))
        session.execute(insert(mails).values(**about, id=SCHOOLS[1].id, learner_id=None))
        assert list(session.scalars(select(mails.c.id).where(mails.c.template == "x/y"))) == [SCHOOLS[1].id]


def test_nothing_is_asked_more_where_nobody_restricted_anything(
    database: Engine, count_statements: Callable[[], Any]
) -> None:
    with in_school(HERE), count_statements() as statements:
        reveal()
        with revealed():
            pass
        assert statements == []
