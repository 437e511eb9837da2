"""Taking in a masked document, showing it once, and destroying it; keeping one that a client asked for (MN-05)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from portal.core import audit
from portal.core.clock import now
from portal.core.crypto import files
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.core.images import Box, ImageRefused, masked_jpeg
from portal.identity.documents.layouts import DocumentKind, check_boxes, parts_to_mask
from portal.identity.documents.models import MaskedDocument
from portal.identity.documents.queries import find_waiting, list_handed_in
from portal.identity.entries import IDENTITY_DOCUMENT
from portal.learners.entries.queries import get_entry
from portal.learners.record.services import lock_learner

LARGEST = 6 * 1024 * 1024
_SIDES = (300, 6000)
_KEPT = timedelta(days=28)
_FIELD = "masked_document.file_id"


@dataclass(frozen=True)
class Picture:
    """What somebody hands in: the picture with its parts blacked out, where they are, and that she attests it."""

    content: bytes
    kind: DocumentKind
    boxes: Mapping[str, Box] = field(default_factory=dict)
    is_attested: bool = False


def _clean(picture: Picture, reason: str) -> bytes:
    """Return the picture encoded anew; raises Invalid where a part isn't black in its pixels, or it isn't attested."""
    if not picture.is_attested:
        raise Invalid("is_attested", "not_attested")
    if len(picture.content) > LARGEST:
        raise Invalid("picture", "too_large", megabytes=LARGEST // 1024 // 1024)
    boxes = check_boxes(picture.kind, picture.boxes, parts_to_mask(reason))
    try:
        return masked_jpeg(picture.content, boxes, smallest_side=_SIDES[0], largest_side=_SIDES[1])
    except ImageRefused as refusal:
        raise Invalid("picture", refusal.code) from None


def hand_in(picture: Picture, *, learner_id: UUID, data_request_id: UUID, by: Actor) -> MaskedDocument:
    """Keep a masked document for a request until it is decided on, in the place of one handed in before.

    Raises Invalid and NotFound; `data_request_id` is looked at by who calls.
    """
    lock_learner(learner_id, by)
    cleaned = _clean(picture, "request")
    before = find_waiting(data_request_id, by.scope)
    moment = now()
    if before is not None:
        destroy(before)
        before.destroyed_at = moment
    row = MaskedDocument(
        learner_id=learner_id,
        data_request_id=data_request_id,
        kind=picture.kind,
        file_id=_store(learner_id, cleaned, _FIELD, is_kept=False),
        attested_at=moment,
        attested_by=by.account_id,
    )
    session.add(row)
    session.flush()
    _log("identity.document_handed_in", row, by)
    return row


def _store(learner_id: UUID, content: bytes, of: str, *, is_kept: bool) -> UUID:
    until = None if is_kept else now() + _KEPT
    return files.store([content], about=(learner_id, of), media_type="image/jpeg", expires_at=until)


def see_once(document_id: UUID, *, by: Actor) -> Iterator[bytes]:
    """Return the picture of a document to the one member of staff who looks at it, once.

    Raises NotFound, and Conflict("seen_already").
    """
    row = session.get(MaskedDocument, (current_school_id(), document_id), with_for_update=True)
    if row is None or row.file_id is None:
        raise NotFound("document")
    if row.seen_at is not None:
        raise Conflict("seen_already")
    row.seen_at, row.seen_by, row.seen_by_name = now(), by.account_id, by.name
    session.flush()
    _log("identity.document_seen", row, by)
    return files.open_file(row.file_id)


def destroy(row: MaskedDocument) -> None:
    """Destroy the picture of a document; that it was there and was seen stays. Safe to repeat."""
    if row.file_id is not None:
        files.remove(row.file_id)
        row.file_id, row.destroyed_at = None, now()
        session.flush()


def destroy_waiting(data_request_id: UUID, scope: Scope) -> None:
    """Destroy what was handed in for a request that is over, or of which it is known who asks. Safe to repeat."""
    for row in list_handed_in(data_request_id, scope):
        destroy(row)


def keep_for_client(picture: Picture, *, learner_id: UUID, entry_id: UUID, by: Actor) -> None:
    """Keep a masked document that a client asked for in so many words, with its recorded request (MN-05).

    It goes with that request. Raises NotFound where none is recorded, NotAllowed and Invalid.
    """
    by.scope.must_change("identification")
    lock_learner(learner_id, by)
    row = get_entry(IDENTITY_DOCUMENT, learner_id, entry_id, by.scope, lock=True)
    cleaned = _clean(picture, "client")
    if row.file_id is not None:
        files.remove(row.file_id)
    row.file_id = _store(learner_id, cleaned, "identity_document.file_id", is_kept=True)
    session.flush()
    audit.record("identity.document_kept", learner_id=learner_id, subject=("identity_document", entry_id), by=by)


def _log(event: str, row: MaskedDocument, by: Actor) -> None:
    audit.record(
        event,
        learner_id=row.learner_id,
        subject=("masked_document", row.id),
        facts={"kind": row.kind.value},
        by=by,
    )
