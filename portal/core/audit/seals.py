"""Sealing: codes over entries and over the seal before, under a key that is not in the database."""

import hmac
import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from portal.core.audit.models import AuditEvent, AuditLearner, AuditSeal, AuditUnsealed
from portal.core.crypto import keys
from portal.core.db.commit_hooks import on_commit
from portal.core.db.scope import current_school_id
from portal.core.db.session import session

CODE_BYTES = 16
MISSING = bytes(CODE_BYTES)
FIRST = bytes(32)
_ENTRIES_A_SEAL = 2000
_COLUMNS = [AuditEvent.__table__.c[name] for name in (
    "school_id", "id", "at", "event", "actor_kind", "actor_id", "actor_name", "actor_roles", "learner_ids",
    "subject_kind", "subject_id", "facts", "sealed", "origin",
)]  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(type(value).__name__)


def code_of_entry(key: bytes, entry: Row[Any]) -> bytes:
    """Return the code of one entry, 16 bytes: over every column, values in their sealed form."""
    body = json.dumps(list(entry), default=_plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.digest(key, b"entry" + body.encode(), sha256)[:CODE_BYTES]


def code_of_seal(key: bytes, before: bytes, *, number: int, at: datetime, event_ids: list[UUID], codes: bytes) -> bytes:
    """Return the code of a seal, 32 bytes: over what it names and over the code of the seal before it."""
    head = f"seal {current_school_id()} {number} {_plain(at)}".encode()
    return hmac.digest(key, head + before + b"".join(each.bytes for each in event_ids) + codes, sha256)


def seal_key() -> bytes:
    """Return the school's key for seals."""
    return keys.school_key("audit seals")


def codes_of(key: bytes, event_ids: list[UUID]) -> list[bytes]:
    """Return the codes of these entries as they stand now, in this order; MISSING for one that isn't there."""
    rows = session.execute(
        select(*_COLUMNS).where(AuditEvent.school_id == current_school_id(), AuditEvent.id.in_(event_ids))
    )
    found = {row.id: code_of_entry(key, row) for row in rows}
    return [found.get(each, MISSING) for each in event_ids]


def last_seal() -> AuditSeal | None:
    """Return the newest seal of this school."""
    return session.scalars(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1)).one_or_none()


def seal_entries() -> int:
    """Seal entries that wait, the oldest first, at most 2,000, in the transaction in hand; returns how many.

    Each waits in a table of its own from the moment it commits, so one that commits late goes into the next seal.
    With its seal it is written down whom each entry is about, which spares the pages that work.
    """
    oldest = select(AuditUnsealed.id).order_by(AuditUnsealed.id).limit(_ENTRIES_A_SEAL)
    taken = delete(AuditUnsealed).where(
        AuditUnsealed.school_id == current_school_id(), AuditUnsealed.id.in_(oldest.scalar_subquery())
    )
    event_ids = sorted(session.scalars(taken.returning(AuditUnsealed.id)))
    if not event_ids:
        return 0
    _write_whom(event_ids)
    key, before = seal_key(), last_seal()
    codes = b"".join(codes_of(key, event_ids))
    number = before.number + 1 if before else 1
    at = session.scalars(select(func.clock_timestamp())).one()
    code = code_of_seal(key, before.code if before else FIRST, number=number, at=at, event_ids=event_ids, codes=codes)
    session.add(AuditSeal(number=number, at=at, event_ids=event_ids, codes=codes, code=code))
    session.flush()
    on_commit(lambda: keys.set_seal_head(number, code))
    return len(event_ids)


def _write_whom(event_ids: list[UUID]) -> None:
    whom = select(AuditEvent.school_id, AuditEvent.id, func.unnest(AuditEvent.learner_ids)).where(
        AuditEvent.school_id == current_school_id(), AuditEvent.id.in_(event_ids)
    )
    adding = insert(AuditLearner).from_select(["school_id", "event_id", "learner_id"], whom, include_defaults=False)
    session.execute(adding.on_conflict_do_nothing())
