"""What is done once the transaction in hand has committed, and never when it rolled back."""

from collections.abc import Callable

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from portal.core.db.session import session

_log = structlog.get_logger(__name__)
_KEY = "after_commit"

Work = Callable[[], object]


def after_commit(work: Work) -> None:
    """Do this after the commit: no SQL, and nothing that must not be lost, for a crash in between forgets it.

    What was asked inside a savepoint is dropped when the savepoint is rolled back.
    """
    current = session()
    waiting: list[tuple[SessionTransaction | None, Work]] = current.info.setdefault(_KEY, [])
    waiting.append((current.get_nested_transaction(), work))


def _around(savepoint: SessionTransaction) -> SessionTransaction | None:
    outer = savepoint.parent
    while outer is not None and not outer.nested:
        outer = outer.parent
    return outer


@event.listens_for(Session, "after_commit")
def _run(current: Session) -> None:
    waiting = current.info.get(_KEY)
    if not waiting:
        return
    savepoint = current.get_nested_transaction()
    if savepoint is not None:
        current.info[_KEY] = [(_around(savepoint) if at is savepoint else at, work) for at, work in waiting]
        return
    current.info[_KEY] = []
    for _, work in waiting:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - what is committed stays committed
            _log.warning("after_commit_failed", error=type(error).__name__)


@event.listens_for(Session, "after_transaction_end")
def _drop(current: Session, ended: SessionTransaction) -> None:
    waiting = current.info.get(_KEY)
    if waiting and ended.parent is None:
        current.info[_KEY] = []
    elif waiting and ended.nested:
        current.info[_KEY] = [(at, work) for at, work in waiting if at is not ended]
