"""What was counted last of each figure."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.assurance.figures.keys import Count, Figure, FigureKey
from portal.core.db.base import SchoolOwned
from portal.core.personal_data import no_person, not_personal


class CheckedFigure(SchoolOwned):
    """How many of how many were as the school promised, when it was last counted."""

    __tablename__ = "checked_figure"
    __people__ = no_person("counts of the whole school, without anybody's name")
    __table_args__ = (
        UniqueConstraint("school_id", "key", "subject", name="uq_checked_figure_key"),
        CheckConstraint("good between 0 and total", name="good_of_total"),
    )

    key: Mapped[str] = mapped_column(String(40), info=not_personal())
    subject: Mapped[str] = mapped_column(String(60), default="", info=not_personal())
    good: Mapped[int] = mapped_column(BigInteger, info=not_personal())
    total: Mapped[int] = mapped_column(BigInteger, info=not_personal())
    checked_at: Mapped[datetime] = mapped_column(info=not_personal())

    @property
    def figure(self) -> Figure:
        """Which figure it is."""
        return Figure(FigureKey(self.key), self.subject)

    @property
    def count(self) -> Count:
        """How many of how many."""
        return Count(self.good, self.total)
