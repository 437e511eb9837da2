"""What waits for the commit is done after it, once, and never for what was rolled back."""

import pytest

from portal.core.db.commit_hooks import on_commit
from portal.core.db.scope import checkpoint, in_school, restart
from portal.core.db.session import session
from tests.seed import SCHOOLS

HERE = SCHOOLS[0].id

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def done() -> list[str]:
    return []


def test_it_is_done_after_the_commit_and_once(done: list[str]) -> None:
    with in_school(HERE):
        on_commit(lambda: done.append("a"))
        on_commit(lambda: done.append("b"))
        assert done == []
        checkpoint()
        assert done == ["a", "b"]
    assert done == ["a", "b"]


def test_what_is_rolled_back_is_not_done(done: list[str]) -> None:
    with in_school(HERE):
        on_commit(lambda: done.append("a"))
        restart()
        on_commit(lambda: done.append("b"))
    assert done == ["b"]


def test_what_a_block_asked_that_failed_is_not_done(done: list[str]) -> None:
    def fails() -> None:
        with in_school(HERE):
            on_commit(lambda: done.append("a"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    with in_school(HERE):
        pass
    assert done == []


def test_it_goes_with_the_savepoint_in_which_it_was_asked(done: list[str]) -> None:
    with in_school(HERE):
        with session.begin_nested():
            on_commit(lambda: done.append("kept"))
        with session.begin_nested() as outer:
            with session.begin_nested():
                on_commit(lambda: done.append("within what is rolled back"))
            outer.rollback()
        with session.begin_nested() as lost:
            on_commit(lambda: done.append("rolled back"))
            lost.rollback()
        on_commit(lambda: done.append("last"))
    assert done == ["kept", "last"]


def test_what_fails_stops_nothing(done: list[str]) -> None:
    with in_school(HERE):
        on_commit(lambda: 1 / 0)
        on_commit(lambda: done.append("a"))
    assert done == ["a"]
