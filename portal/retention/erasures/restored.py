"""What a restored database must not bring back of who stays: questions and sign-ups that ended by their own term."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.contacts.messages.models import ContactMessage
from portal.core.crypto.ledger import Ending, EndingsSince
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.restores.ports import AppliedAgain
from portal.core.restores.tries import Tried
from portal.intakes.applications.models import IntakeApplication

_ROWS: tuple[tuple[type[Any], InstrumentedAttribute[Any]], ...] = (
    (ContactMessage, ContactMessage.id),
    (IntakeApplication, IntakeApplication.id),
)


def erase_correspondence_again(ended: EndingsSince) -> int:
    """Delete questions and sign-ups again, and return how many."""
    count = 0
    for model, row_id in _ROWS:
        ids = _gone_but_there(model, row_id, ended)
        if ids:
            session.execute(delete(model).where(model.school_id == current_school_id(), row_id.in_(ids)))
        count += len(ids)
    return count


def _find_there(ended: EndingsSince) -> list[UUID]:
    if not ended.has(Ending.CORRESPONDENCE):
        return []
    return [each for model, row_id in _ROWS for each in _gone_but_there(model, row_id, ended)]


def _gone_but_there(model: type[Any], row_id: InstrumentedAttribute[Any], ended: EndingsSince) -> list[UUID]:
    held = session.scalars(select(row_id).where(model.school_id == current_school_id())).all()
    return ended.among(Ending.CORRESPONDENCE, held)


TRIED = (Tried(Ending.CORRESPONDENCE, "erased questions are there", _find_there),)
AGAIN = (AppliedAgain(Ending.CORRESPONDENCE, erase_correspondence_again),)
