"""Before a part of a record is erased: a copy that holds it goes; one that nobody fetched is made anew without it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select

from portal.core import audit
from portal.core.crypto import files
from portal.core.crypto.files import StoredFile
from portal.core.db.bulk import among_ids
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.personal_data import PersonKind
from portal.core.removal import Part
from portal.requests.copies.models import CopyKind, CopyState, DataCopy
from portal.requests.copies.services import ask_to_make

_OF = {
    PersonKind.LEARNER: DataCopy.learner_id,
    PersonKind.CONTACT_PERSON: DataCopy.contact_person_id,
    PersonKind.REPRESENTATIVE: DataCopy.representative_id,
    PersonKind.STAFF: DataCopy.account_id,
}


def take_out_of_copies(kind: PersonKind, ids: Sequence[UUID], part: Part | None) -> None:
    """Let the files of these people's copies go that hold a part of what is held of them, and make anew what waits.

    A whole copy tells what changed too, so that it holds any field. One that is being made is waited for, and goes as
    if it had been there; one that is made later reads what is left. Whoever is erased whole has no copy after it.
    """
    if part is None:
        return
    theirs = DataCopy.school_id == current_school_id(), among_ids(_OF[kind], ids)
    waiting = select(DataCopy.id).where(*theirs, DataCopy.state == CopyState.WAITING)
    session.execute(waiting.order_by(DataCopy.id).with_for_update())
    holds_it = or_(DataCopy.kind == CopyKind.ACCESS, DataCopy.fields.bool_op("&&")(list(part.all_fields)))
    stored = select(StoredFile.id).where(StoredFile.school_id == current_school_id(), StoredFile.gone_at.is_(None))
    made = DataCopy.state.in_([CopyState.READY, CopyState.HANDED_OVER]) & DataCopy.file_id.in_(stored)
    held = select(DataCopy).where(*theirs, made, holds_it).order_by(DataCopy.id).with_for_update()
    for copy in session.scalars(held.execution_options(populate_existing=True)):
        _let_go(copy)
    session.flush()


def _let_go(copy: DataCopy) -> None:
    if copy.file_id is not None:
        files.remove(copy.file_id)
    copy.file_id = None
    if copy.state is CopyState.READY:
        copy.state = CopyState.WAITING
        ask_to_make(copy)
    else:
        copy.state = CopyState.GONE
        audit.record("requests.copy_ended", learner_id=copy.learner_id, subject=("data_copy", copy.id))
