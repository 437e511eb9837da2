"""Every transaction is one of a school, or of none, and without one there is nothing to ask."""

from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import InvalidRequestError

from portal.core.db.scope import begin, begin_by_host, checkpoint, commit, current_school_id, in_school, restart
from portal.core.db.session import session
from portal.learners.record.models import Learner
from tests.factories.learners import make_learner
from tests.seed import SCHOOLS

HERE, THERE = SCHOOLS[0], SCHOOLS[1]

pytestmark = pytest.mark.usefixtures("database")


def learners() -> int:
    return session.scalar(select(func.count()).select_from(Learner)) or 0


def set_in_database() -> str:
    return str(session.scalar(text("select current_setting('portal.school', true)")))


def test_nothing_is_asked_before_a_transaction_has_begun() -> None:
    with pytest.raises(InvalidRequestError):
        session.execute(select(Learner.id))
    with pytest.raises(InvalidRequestError):
        session.add(Learner())


def test_a_transaction_begins_once() -> None:
    begin(HERE.id)
    with pytest.raises(InvalidRequestError):
        begin(THERE.id)


def test_outside_all_schools_there_are_no_rows_and_no_school() -> None:
    with in_school(HERE.id):
        make_learner()
        session.flush()
        assert learners() > 0
    with in_school(None):
        assert learners() == 0
        with pytest.raises(LookupError):
            current_school_id()


def test_a_school_is_found_by_its_host_and_nothing_by_another(database: Engine) -> None:
    row = begin_by_host(THERE.host)
    assert row is not None
    assert row.id == current_school_id() == THERE.id == UUID(set_in_database())
    session.rollback()
    assert begin_by_host("nowhere.example") is None
    assert set_in_database() == ""


@pytest.mark.parametrize("go_on", [checkpoint, restart])
def test_the_next_transaction_is_of_the_same_school(go_on: object) -> None:
    with in_school(HERE.id):
        assert callable(go_on)
        go_on()
        assert UUID(set_in_database()) == current_school_id() == HERE.id


def test_a_block_in_another_school_goes_back_to_the_one_before() -> None:
    with in_school(HERE.id):
        made = make_learner()
        with in_school(THERE.id):
            assert UUID(set_in_database()) == current_school_id() == THERE.id
            assert session.get(Learner, (HERE.id, made.id)) is None
        assert UUID(set_in_database()) == current_school_id() == HERE.id
        assert session.get(Learner, (HERE.id, made.id)) is not None
    assert not session().in_transaction()


def test_an_exception_rolls_a_block_back() -> None:
    def fails() -> None:
        with in_school(HERE.id):
            make_learner()
            session.flush()
            raise RuntimeError

    with in_school(HERE.id):
        before = learners()
        with pytest.raises(RuntimeError):
            fails()
        assert learners() == before


def test_a_savepoint_keeps_the_school() -> None:
    begin(HERE.id)
    with session.begin_nested():
        make_learner()
    with session.begin_nested() as savepoint:
        savepoint.rollback()
    assert UUID(set_in_database()) == HERE.id
    commit()
