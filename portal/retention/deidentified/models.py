"""What is kept of people who are gone, without them."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, reference
from portal.core.personal_data import no_person, not_personal
from portal.retention.deidentified.sums import FEWEST


class DeidentifiedRow(SchoolOwned):
    """Hours and amounts of five people or more, of a category whose term asks it: no row of one person, and no key.

    A year, kind or client that too few shared is None. It is added once, never changed, and goes after `kept_until`.
    """

    __tablename__ = "deidentified_row"
    __people__ = no_person("sums of at least five people, from which none of them can be told")
    __table_args__ = (
        CheckConstraint(f"people >= {FEWEST}", name="of_several"),
        Index("ix_deidentified_row_kept_until", "school_id", "kept_until"),
    )

    category: Mapped[str] = mapped_column(String(40), info=not_personal())
    year: Mapped[int | None] = mapped_column(info=not_personal())
    kind: Mapped[str | None] = mapped_column(String(40), info=not_personal())
    client_id: Mapped[UUID | None] = reference("organisation", nullable=True, ondelete="SET NULL (client_id)")
    people: Mapped[int] = mapped_column(info=not_personal())
    minutes: Mapped[int] = mapped_column(BigInteger, info=not_personal())
    amount_cents: Mapped[int] = mapped_column(BigInteger, info=not_personal())
    kept_until: Mapped[date] = mapped_column(info=not_personal())
