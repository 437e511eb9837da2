"""Reads of masked documents: the one that waits for a request, and the picture that a client asked for."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import exists, or_, select

from portal.core.clock import now
from portal.core.crypto import files
from portal.core.crypto.files import StoredFile
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import Scope
from portal.identity.documents.models import MaskedDocument
from portal.identity.entries import IDENTITY_DOCUMENT
from portal.learners.entries.queries import get_entry
from portal.learners.scope.queries import reaches_learner


def find_waiting(data_request_id: UUID, scope: Scope) -> MaskedDocument | None:
    """Return the document that was handed in for a request of a learner within reach and isn't decided on, or None.

    One that nobody saw waits for as long as its picture is there.
    """
    is_there = exists().where(
        StoredFile.school_id == MaskedDocument.school_id,
        StoredFile.id == MaskedDocument.file_id,
        StoredFile.is_live(now()),
    )
    statement = select(MaskedDocument).where(
        MaskedDocument.school_id == current_school_id(),
        MaskedDocument.data_request_id == data_request_id,
        MaskedDocument.destroyed_at.is_(None),
        or_(MaskedDocument.seen_at.is_not(None), is_there),
        reaches_learner(scope, MaskedDocument.learner_id),
    )
    return session.scalars(statement).one_or_none()


def list_handed_in(data_request_id: UUID, scope: Scope) -> Sequence[MaskedDocument]:
    """Return what was handed in for a request of a learner within reach, in order: what waits, and what is gone."""
    statement = select(MaskedDocument).where(
        MaskedDocument.school_id == current_school_id(),
        MaskedDocument.data_request_id == data_request_id,
        reaches_learner(scope, MaskedDocument.learner_id),
    )
    return session.scalars(statement.order_by(MaskedDocument.attested_at, MaskedDocument.id)).all()


def open_picture(learner_id: UUID, entry_id: UUID, scope: Scope) -> Iterator[bytes]:
    """Return the masked picture that a client asked for; raises NotFound and NotAllowed."""
    scope.must_see("identification")
    row = get_entry(IDENTITY_DOCUMENT, learner_id, entry_id, scope)
    if row.file_id is None:
        raise NotFound("picture")
    return files.open_file(row.file_id)
