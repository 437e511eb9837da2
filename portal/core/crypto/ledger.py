"""The ledger of endings: what ended since, for a backup of the database that is put back.

It stands in the key store, apart from the database, and holds no more than a kind, a keyed digest of the id of what
ended, and when. A restored database is brought up to it before it serves (OP-07).
"""

import hmac
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID, uuid5

from sqlalchemy import ARRAY, LargeBinary, any_, bindparam

from portal.core.clock import now
from portal.core.crypto.key_store import store
from portal.core.crypto.keys import school_key
from portal.core.crypto.outbox import add_endings
from portal.core.crypto.store_tables import ENDING, rows_of
from portal.core.db.scope import current_school_id

_FIND = rows_of(ENDING).where(
    ENDING.c.kind == bindparam("kind"), ENDING.c.subject == any_(bindparam("subjects", type_=ARRAY(LargeBinary)))
)


_SINCE = rows_of(ENDING).where(ENDING.c.at >= bindparam("since"))


class Ending(StrEnum):
    """The kinds of endings, each with whose id its digest is of."""

    CONSENT = "consent"
    """A consent was withdrawn: the consent. What rested on it goes."""
    LAPSE = "lapse"
    """A consent ended otherwise, by a new text or a newer consent: the consent. Nothing goes with it."""
    AUTHORISATION = "authorisation"
    """A representative may no longer act: the representative."""
    ROLE = "role"
    """An account lost a role: the membership."""
    ROLE_LAST_DAY = "role_last_day"
    """A role got a last day to come: the membership, and what `last_day_of` makes of it and that day."""
    ACCOUNT = "account"
    """An account can't sign in any more: the account."""
    SECOND_FACTOR = "second_factor"
    """A second step was taken away: the account."""
    PASSWORD = "password"  # noqa: S105
    """A password was replaced: the account. The one before must not come back."""
    RECOVERY_CODE = "recovery_code"
    """A recovery code was used or replaced: the code."""
    EMAIL = "email"
    """An account got another e-mail address: the account. The one before may be somebody else's by now."""
    PASSKEY = "passkey"
    """A passkey was removed or stopped: the passkey."""
    CALENDAR_FEED = "calendar_feed"
    """An address for a calendar was ended or replaced: the account."""
    OBJECTION = "objection"
    """A learner objected to a use of her data: what `objected` makes of her and the purpose; that it was taken back or
    lost, what `objection_over` makes of them."""
    ERASURE = "erasure"
    """Data of a person was erased: the person; of one category or field, what `core.erasure` makes of both."""
    RESTRICTION = "restriction"
    """Data of a learner was restricted, all or in part: the learner. What began since a backup is hidden whole."""
    CORRESPONDENCE = "correspondence"
    """What somebody who is no learner asked, or filled in to sign up, is gone while she stays: the row."""
    HOLD = "hold"
    """Data that was kept past its term isn't any more, by somebody's word: the hold."""
    UNSUBSCRIPTION = "unsubscription"
    """Somebody wants the mail of the day no more: the account."""
    NEWS = "news"
    """Whoever has an address wants no newsletter or news of services: what the newsletter makes of address and kind."""


def objected(learner_id: UUID, purpose: str) -> UUID:
    """Return the id by which the ledger knows an objection of a learner to a purpose: a backup has no row of it."""
    return uuid5(learner_id, purpose)


def objection_over(learner_id: UUID, purpose: str) -> UUID:
    """Return the id by which the ledger knows that an objection of a learner to a purpose holds no more."""
    return uuid5(learner_id, f"{purpose} over")


def last_day_of(membership_id: UUID, day: date) -> UUID:
    """Return the id by which the ledger knows the last day of a role: a backup from before it doesn't have the day."""
    return uuid5(membership_id, day.isoformat())


def digest_of_ending(kind: Ending, subject_id: UUID) -> bytes:
    """Return what the ledger holds of what ended: it says nothing to whoever lacks the school's key."""
    return hmac.digest(school_key("ledger"), kind.encode() + subject_id.bytes, sha256)


_is_known: ContextVar[bool] = ContextVar("is_known", default=False)


@contextmanager
def known_to_the_ledger() -> Iterator[None]:
    """Write no ending into the ledger within a block: what ends in it is there already."""
    token = _is_known.set(True)
    try:
        yield
    finally:
        _is_known.reset(token)


def record_ending(kind: Ending, *subject_ids: UUID) -> None:
    """Write endings into the ledger of both copies with the commit of the transaction in hand, once."""
    if subject_ids and not _is_known.get():
        add_endings(kind, [digest_of_ending(kind, subject_id) for subject_id in subject_ids], now())


def find_endings(kind: Ending, subject_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """Return of these which ended and when, the last time; one copy of the ledger is enough. Raises Unreachable."""
    by_digest = {digest_of_ending(kind, subject_id): subject_id for subject_id in subject_ids}
    values = {"school": current_school_id(), "kind": kind, "subjects": [*by_digest]}
    found: dict[UUID, datetime] = {}
    for _, _, subject, at, _ in store().mirror.gather(ENDING, current_school_id(), _FIND, values):
        subject_id = by_digest[subject]
        found[subject_id] = max(at, found.get(subject_id, at))
    return found


class EndingsSince:
    """What ended in the school in scope since a moment, by the digests of the ledger, read once.

    `may_destroy` says whether keys that are still there may be destroyed: not so in a drill.
    """

    def __init__(self, since: datetime, *, may_destroy: bool = True) -> None:
        self.since, self.may_destroy = since, may_destroy
        self._by_kind: dict[str, dict[bytes, datetime]] = {}
        self._met: dict[str, set[bytes]] = {}
        values = {"school": current_school_id(), "since": since}
        for _, kind, subject, at, _ in store().mirror.gather(ENDING, current_school_id(), _SINCE, values):
            noted = self._by_kind.setdefault(kind, {})
            noted[subject] = max(at, noted.get(subject, at))

    def has(self, kind: Ending) -> bool:
        """Say whether anything of a kind ended."""
        return bool(self._by_kind.get(kind))

    def count(self, kind: Ending) -> int:
        """Return how many of a kind ended."""
        return len(self._by_kind.get(kind, ()))

    def among(self, kind: Ending, subject_ids: Iterable[UUID]) -> list[UUID]:
        """Return which of these ended, in their order."""
        known = self._by_kind.get(kind)
        if not known:
            return []
        found = []
        for subject_id in subject_ids:
            digest = digest_of_ending(kind, subject_id)
            if digest in known:
                found.append(subject_id)
                self._met.setdefault(kind, set()).add(digest)
        return found

    def last_among(self, kind: Ending, subject_ids: Iterable[UUID]) -> UUID | None:
        """Return which of these was noted last; None where none was."""
        noted = self._by_kind.get(kind, {})
        by_digest = {digest_of_ending(kind, each): each for each in subject_ids}
        found = sorted(by_digest.keys() & noted.keys(), key=lambda digest: (noted[digest], by_digest[digest]))
        self._met.setdefault(kind, set()).update(found)
        return by_digest[found[-1]] if found else None

    def noted(self, kind: Ending) -> dict[bytes, datetime]:
        """Return the digests of what ended of a kind, each with when, for what is kept by the same digest."""
        noted = self._by_kind.get(kind, {})
        self._met.setdefault(kind, set()).update(noted)
        return dict(noted)

    def is_whole(self, kind: Ending) -> bool:
        """Say whether each ending of a kind was found among what was asked for."""
        return self._met.get(kind, set()) == self._by_kind.get(kind, {}).keys()
