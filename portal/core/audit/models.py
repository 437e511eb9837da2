"""The tables of the audit: entries, whom they are about, which wait for a seal, the seals, and which of them expired.

The application only ever adds to them; what is past its term goes by the role of `portal.core.db.audit_expiry`.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    LargeBinary,
    String,
    Subquery,
    UniqueConstraint,
    Uuid,
    column,
    func,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of
from portal.core.db.bulk import among
from portal.core.personal_data import by_account, in_array, no_person, not_personal, personal, reaches

_PROOF = "proof that outlives the record: ids, and values that only a person's key opens"


def _add_only() -> dict[str, Any]:
    """Return what keeps the application from changing a table's rows; each table's own, since it is written in."""
    return {"info": {"grants": "select, insert"}}


class Chain(StrEnum):
    """The chains of a school's audit, each with seals and a term of its own.

    `ACTIVITY` has what somebody leaves behind by using the portal: sign-ins, refused ones, ended sessions, and what a
    learner saw of her own data; it goes by the term of the category of that name (OP-03). `MAIN` has all else.
    """

    MAIN = "main"
    ACTIVITY = "activity"


class AuditEvent(SchoolOwned):
    """One entry: who did or saw what, of whom, when. Values old and new are sealed by person and category (`values`).

    A member of staff stands here by name, for that is what a learner is told; a learner by her account alone.
    """

    __tablename__ = "audit_event"
    __people__ = reaches(
        learner=in_array("learner_ids"),
        representative=by_account("actor_id"),
        contact_person=by_account("actor_id"),
        staff=by_account("actor_id"),
        kept_because=_PROOF,
    )
    __table_args__ = (
        CheckConstraint("actor_kind in ('staff', 'learner', 'representative', 'portal', 'nobody')", name="actor_kind"),
        Index("ix_audit_event_at", "school_id", "at", "id"),
        Index("ix_audit_event_actor_id", "school_id", "actor_id", "at"),
        Index("ix_audit_event_subject_id", "school_id", "subject_id", "at"),
        _add_only(),
    )

    at: Mapped[datetime] = mapped_column(info=personal("dealings"))
    event: Mapped[str] = mapped_column(String(80), info=personal("dealings"))
    actor_kind: Mapped[str] = mapped_column(String(14), info=personal("activity", of="actor_id"))
    actor_id: Mapped[UUID | None] = mapped_column(info=personal("activity", of="actor_id"))
    actor_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("activity", of="actor_id", identifies=True)
    )
    actor_roles: Mapped[list[str]] = mapped_column(ARRAY(String(40)), info=personal("activity", of="actor_id"))
    learner_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), info=personal("dealings"))
    subject_kind: Mapped[str | None] = mapped_column(String(40), info=personal("dealings"))
    subject_id: Mapped[UUID | None] = mapped_column(info=personal("dealings"))
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, info=personal("dealings"))
    sealed: Mapped[dict[str, dict[str, str]] | None] = mapped_column(
        JSONB(none_as_null=True), info=personal("dealings")
    )
    origin: Mapped[str | None] = mapped_column(String(60), info=personal("activity", of="actor_id"))
    chain: Mapped[Chain] = one_of(Chain, info=not_personal(), default=Chain.MAIN)


class AuditLearner(SchoolOwned):
    """Whom an entry is about, to find it by: there from its seal on, and at once where `fold` says to what it belongs.

    `fold` joins what one person saw of a learner in lists on one day. `whom` reads this and what waits for its seal.
    """

    __tablename__ = "audit_learner"
    __people__ = reaches(
        learner="learner_id", representative=None, contact_person=None, staff=None, kept_because=_PROOF
    )
    __seen_when_restricted__ = "what was done with hidden data is proof too, and is sealed in its order"
    __table_args__ = (
        UniqueConstraint("school_id", "learner_id", "event_id", name="uq_audit_learner_event_id"),
        Index("uq_audit_learner_fold", "school_id", "learner_id", "fold", unique=True,
              postgresql_where=text("fold is not null")),
        Index("ix_audit_learner_event_id", "school_id", "event_id"),
        _add_only(),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(
        Uuid, primary_key=True, server_default=text("gen_random_uuid()"), info=not_personal(), sort_order=-1
    )
    learner_id: Mapped[UUID] = mapped_column(info=personal("dealings"))
    event_id: Mapped[UUID] = mapped_column(info=not_personal())
    fold: Mapped[str | None] = mapped_column(String(160), info=not_personal())


class AuditUnsealed(SchoolOwned):
    """An entry that waits for its seal, by its id: written with it, taken away with the seal, so none is missed.

    Whom it is about stands here too, so that it is found before its seal without a look at the entry itself.
    """

    __tablename__ = "audit_unsealed"
    __people__ = reaches(
        learner=in_array("learner_ids"), representative=None, contact_person=None, staff=None, kept_because=_PROOF
    )
    __table_args__ = ({"info": {"grants": "select, insert, delete"}},)

    learner_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), info=personal("dealings"))
    chain: Mapped[Chain] = one_of(Chain, info=not_personal(), default=Chain.MAIN)


class AuditSeal(SchoolOwned):
    """A link of the chain: codes over the entries it names and the seal before it. Their key isn't in the database."""

    __tablename__ = "audit_seal"
    __people__ = no_person("codes over entries")
    __table_args__ = (UniqueConstraint("school_id", "chain", "number", name="uq_audit_seal_number"), _add_only())

    chain: Mapped[Chain] = one_of(Chain, info=not_personal())
    number: Mapped[int] = mapped_column(BigInteger, info=not_personal())
    at: Mapped[datetime] = mapped_column(info=not_personal())
    event_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), info=not_personal())
    codes: Mapped[bytes] = mapped_column(LargeBinary, info=not_personal())
    code: Mapped[bytes] = mapped_column(LargeBinary, info=not_personal())


class AuditExpiry(SchoolOwned):
    """That a run of seals went because it was past its term: which, how many entries, and where the chain then stood.

    `standing` is the code of the last of them, which the next seal covers; `code` covers this line and the one before.
    """

    __tablename__ = "audit_expiry"
    __people__ = no_person("codes and counts of seals")
    __table_args__ = (
        UniqueConstraint("school_id", "chain", "first_number", name="uq_audit_expiry_number"),
        _add_only(),
    )

    chain: Mapped[Chain] = one_of(Chain, info=not_personal())
    first_number: Mapped[int] = mapped_column(BigInteger, info=not_personal())
    last_number: Mapped[int] = mapped_column(BigInteger, info=not_personal())
    first_at: Mapped[datetime] = mapped_column(info=not_personal())
    last_at: Mapped[datetime] = mapped_column(info=not_personal())
    entries: Mapped[int] = mapped_column(info=not_personal())
    standing: Mapped[bytes] = mapped_column(LargeBinary, info=not_personal())
    at: Mapped[datetime] = mapped_column(info=not_personal())
    code: Mapped[bytes] = mapped_column(LargeBinary, info=not_personal())


def whom(learner_ids: Collection[UUID]) -> Subquery:
    """Entries about any of these learners, sealed or not yet: `learner_id`, `event_id`; one may stand there twice."""
    ids = list(learner_ids)
    about = (
        func.unnest(AuditUnsealed.learner_ids).table_valued(column("learner_id", Uuid())).render_derived(name="about")
    )
    waiting = (
        select(about.c.learner_id, AuditUnsealed.id)
        .select_from(AuditUnsealed)
        .join(about, true())
        .where(AuditUnsealed.learner_ids.overlap(ids), among(about.c.learner_id, ids))
    )
    sealed = select(AuditLearner.learner_id, AuditLearner.event_id).where(among(AuditLearner.learner_id, ids))
    return union_all(sealed, waiting).subquery()
