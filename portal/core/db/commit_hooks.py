"""What is done once the transaction in hand has committed, and never when it rolled back."""

from collections.abc import Callable

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from portal.core.db.session import session

_log = structlog.get_logger(__name__)
_KEY = "on_commit"

Work = Callable[[], object]


def on_commit(work: Work) -> None:
    """Do this after the commit: nothing that must not be lost, for a crash in between forgets it.

    What was asked inside a savepoint is dropped when the savepoint is rolled back.
    """
    current = session()
    asked_in = current.get_nested_transaction() or current.get_transaction()
    current.info.setdefault(_KEY, []).append((asked_in, work))


def run_commit_hooks() -> None:
    """Do what was asked for; what fails is logged, for what is committed stays committed."""
    for _, work in session.info.pop(_KEY, ()):
        try:
            work()
        except Exception as error:  # noqa: BLE001 - whatever it was
            _log.warning("commit_hook_failed", error=type(error).__name__)


@event.listens_for(Session, "after_soft_rollback")
def _drop(current: Session, rolled_back: SessionTransaction) -> None:
    waiting = current.info.get(_KEY)
    if waiting:
        current.info[_KEY] = [(asked_in, work) for asked_in, work in waiting if not _lies_in(asked_in, rolled_back)]


def _lies_in(transaction: SessionTransaction | None, outer: SessionTransaction) -> bool:
    while transaction is not None and transaction is not outer:
        transaction = transaction.parent
    return transaction is outer
