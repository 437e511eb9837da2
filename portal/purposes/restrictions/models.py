"""A restriction of a learner's data, and each use of them meanwhile on a recorded ground."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ColumnElement, Index, String, Text, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference
from portal.core.personal_data import by_account, not_personal, personal, reaches


class RestrictionGround(StrEnum):
    """On what a restriction is asked: art. 18(1), a to d."""

    ACCURACY = "accuracy"
    """She contests that data is right, and the school checks it."""
    UNLAWFUL = "unlawful"
    """The school may not have it, and she wants it kept all the same."""
    CLAIM = "claim"
    """The school needs it no longer, and she does, for a legal claim."""
    OBJECTION = "objection"
    """She objected, and the school weighs it."""


class UseGround(StrEnum):
    """On what restricted data may be used all the same: art. 18(2)."""

    CONSENT = "consent"
    CLAIM = "claim"
    RIGHTS_OF_ANOTHER = "rights_of_another"
    PUBLIC_INTEREST = "public_interest"
    """An important public interest, with the article of law that names it."""


class Restriction(SchoolOwned):
    """That a learner's data stands still: all of it, or some categories, from a moment until it is lifted.

    Who decides on it sees it though it hides everything else. `data_request_id` is the request by which it was asked:
    its table stands higher, so no key binds it.
    """

    __tablename__ = "restriction"
    __people__ = reaches(
        learner="learner_id",
        representative=by_account("started_by"),
        contact_person=None,
        staff=(by_account("started_by"), by_account("lifted_by")),
    )
    __seen_when_restricted__ = "it says what is hidden, and is read to hide it"
    __table_args__ = (
        Index("ix_restriction_in_force", "school_id", "learner_id", postgresql_where="lifted_at is null"),
        CheckConstraint("lifted_at is null or told_at is not null", name="told_before_lifted"),
    )

    learner_id: Mapped[UUID] = reference("learner", info=personal("dealings"))
    categories: Mapped[list[str]] = mapped_column(
        ARRAY(String(40)), default=list, server_default=text("'{}'"), info=personal("dealings")
    )
    ground: Mapped[RestrictionGround] = one_of(RestrictionGround, info=personal("dealings"))
    started_at: Mapped[datetime] = mapped_column(info=personal("dealings"))
    started_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="started_by"))
    data_request_id: Mapped[UUID | None] = mapped_column(info=not_personal())
    told_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))
    lifted_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))
    lifted_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="lifted_by"))

    @hybrid_property
    def is_in_force(self) -> bool:
        """Say whether it wasn't lifted."""
        return self.lifted_at is None

    @is_in_force.inplace.expression
    @classmethod
    def _is_in_force(cls) -> ColumnElement[bool]:
        return cls.lifted_at.is_(None)

    @property
    def is_whole(self) -> bool:
        """Say whether it is of all that the school holds on her."""
        return not self.categories


class RestrictionUse(SchoolOwned):
    """That restricted data was used on a ground of art. 18(2): by whom, when, why in words, and for what."""

    __tablename__ = "restriction_use"
    __people__ = reaches(learner="learner_id", representative=None, contact_person=None, staff=by_account("used_by"))
    __seen_when_restricted__ = "it is the proof that hidden data was used on a ground"
    __table_args__ = (
        CheckConstraint("ground <> 'public_interest' or article is not null", name="interest_with_article"),
    )

    restriction_id: Mapped[UUID] = reference("restriction", info=personal("dealings"))
    learner_id: Mapped[UUID] = reference("learner", info=personal("dealings"))
    ground: Mapped[UseGround] = one_of(UseGround, info=personal("dealings"))
    article: Mapped[str | None] = mapped_column(String(200), info=personal("dealings"))
    why: Mapped[str] = mapped_column(Text, info=personal("dealings"))
    used_for: Mapped[str] = mapped_column(String(200), info=personal("dealings"))
    used_at: Mapped[datetime] = mapped_column(info=personal("dealings"))
    used_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="used_by"))
    used_by_name: Mapped[str] = mapped_column(String(200), info=personal("activity", of="used_by", identifies=True))
