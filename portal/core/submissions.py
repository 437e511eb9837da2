"""Forms that were sent: the same one sent twice is stored once.

The same means: the same page, which its form token tells apart from any other, with the same in it, sent to the same
address by the same account. The second waits until the transaction of the first has ended.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import LargeBinary, String, UniqueConstraint, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.crypto import keys
from portal.core.db.base import SchoolOwned
from portal.core.db.bulk import as_array
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.personal_data import no_person, not_personal

_KEPT = timedelta(days=2)
_LONGEST = 2000


class Submission(SchoolOwned):
    """A form that was sent, as a keyed digest of all that is in it, and to which address its answer led."""

    __tablename__ = "submission"
    __people__ = no_person("a digest that only tells whether the same was sent before, for two days")
    __table_args__ = (UniqueConstraint("school_id", "digest", name="uq_submission_digest"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary, info=not_personal())
    led_to: Mapped[str | None] = mapped_column(String(_LONGEST), info=not_personal())
    sent_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp(), info=not_personal())


def claim(parts: Collection[str]) -> tuple[UUID | None, str | None]:
    """Note that a form with these parts is sent, in the transaction in hand.

    Returns the note's id, or None where the same was sent before; and then the address to which that led, if any.
    """
    digest = keys.digest("\0".join(parts), "submission")
    new = upsert(Submission).values(digest=digest).on_conflict_do_nothing().returning(Submission.id)
    submission_id = session.scalar(new)
    if submission_id is not None:
        return submission_id, None
    return None, session.scalar(select(Submission.led_to).where(Submission.digest == digest))


def note_answer(submission_id: UUID, led_to: str | None) -> None:
    """Remember to which address the answer to a form leads; where to none nothing was stored, and it may come again."""
    if led_to is None:
        session.execute(delete(Submission).where(Submission.id == submission_id))
    elif len(led_to) <= _LONGEST:
        session.execute(update(Submission).where(Submission.id == submission_id).values(led_to=led_to))


_LEADING = text("""
with gone as materialized (select unnest(cast(:ids as text[])) as id)
update submission s set led_to = null
where s.school_id = current_school() and s.led_to is not null and exists (
    select 1 from regexp_matches(s.led_to, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') as m
    where m[1] in (select id from gone))
""")


def forget_people(ids: Iterable[UUID]) -> None:
    """Forget the addresses that name these people: the same form is still known, and leads nowhere."""
    session.execute(_LEADING, {"ids": as_array(ids)})


def forget_old() -> None:
    """Forget what was sent more than two days ago: its page's token is no longer in anybody's browser."""
    until = func.clock_timestamp() - _KEPT
    session.execute(delete(Submission).where(Submission.school_id == current_school_id(), Submission.sent_at < until))
