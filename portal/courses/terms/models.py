"""A stretch of a school's year."""

from datetime import date

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned
from portal.core.personal_data import no_person, not_personal


class Term(SchoolOwned):
    """A stretch of the school's year with a name, first and last day included, for which groups are planned."""

    __tablename__ = "term"
    __people__ = no_person("the school's calendar")
    __table_args__ = (
        UniqueConstraint("school_id", "name", name="uq_term_name"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
    )

    name: Mapped[str] = mapped_column(String(120), info=not_personal())
    starts_on: Mapped[date] = mapped_column(info=not_personal())
    ends_on: Mapped[date] = mapped_column(info=not_personal())
