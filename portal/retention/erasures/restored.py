"""What a restored database must not bring back of who stays: questions and sign-ups that ended by their own term."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.contacts.messages.models import ContactMessage
from portal.core.crypto.ledger import Ending, EndingsSince
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.restores.ports import AppliedAgain
from portal.core.restores.tries import tried_rows
from portal.intakes.applications.models import IntakeApplication

_ROWS: tuple[tuple[type[Any], InstrumentedAttribute[Any]], ...] = (
    (ContactMessage, ContactMessage.id),
    (IntakeApplication, IntakeApplication.id),
)


def erase_correspondence_again(ended: EndingsSince) -> int:
    """Delete questions and sign-ups again, and return how many."""
    count = 0
    for model, row_id in _ROWS:
        here = model.school_id == current_school_id()
        ids = ended.among(Ending.CORRESPONDENCE, session.scalars(select(row_id).where(here)).all())
        if ids:
            session.execute(delete(model).where(here, row_id.in_(ids)))
        count += len(ids)
    return count


TRIED = tuple(tried_rows(Ending.CORRESPONDENCE, "erased questions are there", row_id) for _model, row_id in _ROWS)
AGAIN = (AppliedAgain(Ending.CORRESPONDENCE, erase_correspondence_again),)
