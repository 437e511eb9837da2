"""The ledger of endings: what ended since, for a backup of the database that is put back.

It stands in the key store, apart from the database, and holds no more than a kind, a keyed digest of the id of what
ended, and when. A restored database is brought up to it before it serves (OP-07).
"""

import hmac
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, any_, bindparam

from portal.core.clock import now
from portal.core.crypto.key_store import store
from portal.core.crypto.keys import school_key
from portal.core.crypto.outbox import add_ending
from portal.core.crypto.store_tables import ENDING, rows_of
from portal.core.db.scope import current_school_id

_FIND = rows_of(ENDING).where(
    ENDING.c.kind == bindparam("kind"), ENDING.c.subject == any_(bindparam("subjects", type_=ARRAY(LargeBinary)))
)


class Ending(StrEnum):
    """The kinds of endings, each with whose id its digest is of."""

    CONSENT = "consent"
    """A consent was withdrawn or replaced: the consent."""
    AUTHORISATION = "authorisation"
    """A representative may no longer act: the representative."""
    ROLE = "role"
    """An account lost a role: the membership."""
    ACCOUNT = "account"
    """An account can't sign in any more: the account."""
    SECOND_FACTOR = "second_factor"
    """A second step was taken away: the account."""
    OBJECTION = "objection"
    """A learner objected to a use of her data: the objection."""
    ERASURE = "erasure"
    """Data of a person was erased: the person; of one category, what `core.erasure` makes of both."""
    RESTRICTION = "restriction"
    """Data of a learner was restricted, all or in part: the learner. What began since a backup is hidden whole."""
    UNSUBSCRIPTION = "unsubscription"
    """Somebody wants the mail of the day no more: the account."""


def _digest(kind: Ending, subject_id: UUID) -> bytes:
    return hmac.digest(school_key("ledger"), kind.encode() + subject_id.bytes, sha256)


def record_ending(kind: Ending, *subject_ids: UUID) -> None:
    """Write endings into the ledger of both copies with the commit of the transaction in hand, once."""
    for subject_id in subject_ids:
        add_ending(kind, _digest(kind, subject_id), now())


def find_endings(kind: Ending, subject_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """Return of these which ended and when, the last time; one copy of the ledger is enough. Raises Unreachable."""
    by_digest = {_digest(kind, subject_id): subject_id for subject_id in subject_ids}
    values = {"school": current_school_id(), "kind": kind, "subjects": [*by_digest]}
    found: dict[UUID, datetime] = {}
    for _, _, subject, at, _ in store().mirror.gather(ENDING, current_school_id(), _FIND, values):
        subject_id = by_digest[subject]
        found[subject_id] = max(at, found.get(subject_id, at))
    return found
