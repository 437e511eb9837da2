"""The certificate of an erasure: it outlives whom it is about, so nothing in it is hers."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of
from portal.core.personal_data import PersonKind, no_person, not_personal


class ErasureReason(StrEnum):
    """Why data was erased."""

    ASKED = "asked"
    TERM = "term"
    CONSENT = "consent"
    GROUND = "ground"


class ErasureCertificate(SchoolOwned):
    """What was erased of somebody on a day, and what is kept.

    `ledger` holds the keyed digests by which the ledger of endings knows it: who still has the id of whom it was, as
    she herself has while she is held, finds it by them; from them nobody finds her. `kept` is a list of tables with
    `what`, `why`, and where known `law` and `until`: `KeptPart` says what they are.
    """

    __tablename__ = "erasure_certificate"
    __people__ = no_person(
        "it holds a number, a day, categories and laws; its digests lead from a person and to nobody"
    )
    __table_args__ = (
        UniqueConstraint("school_id", "number", name="uq_erasure_certificate_number"),
        Index("ix_erasure_certificate_made_on", "school_id", "made_on"),
        Index("ix_erasure_certificate_ledger", "ledger", postgresql_using="gin"),
        CheckConstraint("is_whole or erased <> '{}'", name="says_what"),
    )

    number: Mapped[str] = mapped_column(String(20), info=not_personal())
    made_on: Mapped[date] = mapped_column(info=not_personal())
    kind: Mapped[PersonKind] = one_of(PersonKind, info=not_personal())
    why: Mapped[ErasureReason] = one_of(ErasureReason, info=not_personal())
    acted_as: Mapped[list[str]] = mapped_column(ARRAY(String(40)), info=not_personal())
    """The roles of who erased it; none of a person where the portal did so by itself."""
    language: Mapped[str] = mapped_column(String(5), info=not_personal())
    is_whole: Mapped[bool] = mapped_column(info=not_personal())
    erased: Mapped[list[str]] = mapped_column(ARRAY(String(40)), info=not_personal())
    kept: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, info=not_personal())
    ledger: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary), info=not_personal())
