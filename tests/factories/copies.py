"""Rows for tests of copies: one that was asked for, and its archive once the worker made it."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

from portal.accounts.actors import actor_of
from portal.core.clock import now, today
from portal.core.crypto import files, keys
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.http.access import PORTAL, Actor
from portal.learners.record.models import Learner
from portal.progress.models import Note
from portal.requests.copies.models import CopyState, DataCopy
from portal.requests.copies.production import make_copy
from portal.requests.copies.services import prepare_copy
from portal.requests.data_requests.models import DataRequest, IdentityCheck, RequestChannel, RequestKind
from tests.signing_in import make_account


def privacy_staff() -> Actor:
    """Return somebody who handles requests."""
    account = make_account("Petra Privacy", "privacy_staff")
    return actor_of(account.id, account.name, frozenset({"privacy_staff"}))


def make_request(learner: Learner, kind: str = "access", **more: Any) -> DataRequest:
    """Return a request of this learner, of whom it is known who she is."""
    return identified(kind, learner_id=learner.id, **more)


def identified(kind: str = "access", **more: Any) -> DataRequest:
    """Return a request of somebody (`learner_id`, `account_id`, …), of whom it is known who she is."""
    values: dict[str, Any] = {
        "number": f"V-26-{uuid4().hex[:6]}",
        "kind": RequestKind(kind),
        "channel": RequestChannel.PORTAL,
        "received_on": today(),
        "filed_at": now(),
        "filed_by_name": "Iemand",
        "due_on": today() + timedelta(days=28),
        "language": "nl",
        "identity_check": IdentityCheck.SIGN_IN,
        "identity_checked_at": now(),
    }
    request = DataRequest(**values | more)
    session.add(request)
    session.flush()
    return request


def ask_copy(
    learner: Learner,
    *,
    kind: Any = "access",
    language: str = "nl",
    request_id: UUID | None = None,
    by: Actor | None = None,
    **more: Any,
) -> DataCopy:
    """Ask for a copy of this learner, for a new request unless one is given."""
    asker = by or privacy_staff()
    asked = request_id or make_request(learner, kind, language=language).id
    return prepare_copy(asked, learner.id, kind=kind, language=language, by=asker, **more)


def make(copy: DataCopy) -> DataCopy:
    """Make the copy, as the worker does."""
    make_copy(copy.id, by=PORTAL)
    return copy


def archive_of(copy: DataCopy) -> dict[str, bytes]:
    """Return what is in the archive of a copy that is ready, by name."""
    assert copy.file_id is not None
    with ZipFile(BytesIO(b"".join(files.open_file(copy.file_id)))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def json_of(copy: DataCopy) -> dict[str, Any]:
    """Return a copy's JSON."""
    found = archive_of(copy)
    return dict(json.loads(found.get("mijn-gegevens.json") or found.get("data.json") or b"{}"))


def make_flagged(learner: Learner, request_id: UUID) -> DataCopy:
    """Return a copy for this request in which a text that staff kept from her waits for a decision."""
    make_note(learner, "Dit bespreken wij later samen.", hidden_because="Eerst het gesprek.")
    return make(ask_copy(learner, request_id=request_id))


def make_ready(learner: Learner, request_id: UUID | None = None) -> DataCopy:
    """Return a copy that is ready, without what is in it."""
    copy = ask_copy(learner, request_id=request_id)
    copy.state, copy.file_id, copy.ready_at, copy.blacked_out = CopyState.READY, new_id(), now(), 2
    copy.gone_at = now() + timedelta(days=30)
    session.flush()
    return copy


def make_note(learner: Learner, body: str, *, hidden_because: str | None = None) -> Note:
    """Write a note about a learner."""
    note = Note(
        learner_id=learner.id,
        body=keys.seal(learner.id, "note.body", body),
        is_visible=hidden_because is None,
        hidden_because=hidden_because,
        written_by_name="Dora Docent",
        written_at=now(),
    )
    session.add(note)
    session.flush()
    return note
