"""Who may act for a learner, within what and until when (LB-11, LL-04).

A parent or guardian of one under 16, somebody she authorised, or who a court appointed: a curator, an administrator of
her money (bewindvoerder) or a mentor, of whom the extract was seen (UAVG art. 5).
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ColumnElement, String, and_
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference, related
from portal.core.db.periods import HasEnding
from portal.core.personal_data import CATEGORIES, by_account, personal, reaches
from portal.learners.record.models import Learner


class RepresentativeKind(StrEnum):
    """Why somebody may act for a learner."""

    PARENT = "parent"
    GUARDIAN = "guardian"
    AUTHORISED = "authorised"
    CURATOR = "curator"
    ADMINISTRATOR = "administrator"
    MENTOR = "mentor"


class ProofKind(StrEnum):
    """What was seen of an appointment by a court. It is looked at and never kept."""

    EXTRACT = "extract"
    DECISION = "decision"


FOR_CHILDREN = frozenset({RepresentativeKind.PARENT, RepresentativeKind.GUARDIAN})
"""Who acts for a learner under 16, and for nobody older: 16 and 17 act alone (UAVG art. 5)."""
BY_COURT = frozenset({RepresentativeKind.CURATOR, RepresentativeKind.ADMINISTRATOR, RepresentativeKind.MENTOR})
"""Who acts in the place of an adult, for what isn't hers to decide."""
_MONEY = frozenset({"finance", "company"})
WIDEST: Mapping[RepresentativeKind, frozenset[str]] = {
    RepresentativeKind.CURATOR: frozenset(CATEGORIES),
    RepresentativeKind.ADMINISTRATOR: _MONEY | {"name", "address", "contact", "consent"},
    RepresentativeKind.MENTOR: frozenset(CATEGORIES) - _MONEY,
}
"""How far each can reach at most: all; agreement, invoices and how to reach her (BW 1:431); the rest (BW 1:450)."""


def _is_valid_on(row: Any, day: Any) -> bool:
    return bool(row.is_in_force and row.starts_on <= day <= row.ends_on)


def _is_valid_on_in_sql(table: Any, day: Any) -> ColumnElement[bool]:
    return and_(table.is_in_force, table.starts_on <= day, table.ends_on >= day)


class Representative(HasEnding, SchoolOwned):
    """A recorded, ending authorisation to act for one learner."""

    __tablename__ = "representative"
    __people__ = reaches(
        learner="learner_id",
        representative="id",
        contact_person=None,
        staff=(by_account("recorded_by"), by_account("seen_by")),
    )
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint(
            "kind not in ('curator', 'administrator', 'mentor') or (proof_kind is not null and seen_on is not null)",
            name="extract_is_seen",
        ),
        CheckConstraint("kind not in ('administrator', 'mentor') or categories <> '{}'", name="part_is_named"),
    )

    learner_id: Mapped[UUID] = reference("learner", info=personal("dealings"))
    account_id: Mapped[UUID | None] = reference(
        "account", info=personal("account", of="id"), nullable=True, ondelete="SET NULL (account_id)"
    )
    kind: Mapped[RepresentativeKind] = one_of(RepresentativeKind, info=personal("dealings"))
    name: Mapped[str] = mapped_column(String(200), info=personal("dealings", identifies=True))
    email: Mapped[str | None] = mapped_column(String(254), info=personal("dealings", identifies=True))
    proof: Mapped[str] = mapped_column(String(300), info=personal("dealings"))
    proof_kind: Mapped[ProofKind | None] = one_of(ProofKind, info=personal("dealings"), nullable=True)
    """What was seen of an appointment by a court; it was looked at, by whom and when, and isn't kept."""
    seen_on: Mapped[date | None] = mapped_column(info=personal("dealings"))
    seen_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="seen_by"))
    seen_by_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("activity", of="seen_by", identifies=True)
    )
    categories: Mapped[list[str]] = mapped_column(
        ARRAY(String(40)), server_default="{}", default=list, info=personal("dealings")
    )
    """Within what she may act: the categories that she sees and corrects; none here means all of them."""
    starts_on: Mapped[date] = mapped_column(info=personal("dealings"))
    ends_on: Mapped[date] = mapped_column(info=personal("dealings"))
    recorded_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="recorded_by"))
    recorded_at: Mapped[datetime] = mapped_column(info=personal("dealings"))
    ended_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))

    learner: Mapped[Learner] = related("Representative", "Learner", "learner_id")

    is_valid_on = hybrid_method(_is_valid_on, _is_valid_on_in_sql)
    """Whether she may act on a day: within the period, and nobody ended it."""

    def touches(self, categories: Collection[str]) -> bool:
        """Say whether anything of these categories is within what she may act in; of none named it is."""
        return not categories or not self.within.isdisjoint(categories)

    @property
    def within(self) -> frozenset[str]:
        """Return the categories in which she may act."""
        return frozenset(self.categories) or WIDEST.get(self.kind, frozenset(CATEGORIES))

    def covers(self, categories: Collection[str]) -> bool:
        """Say whether what uses these categories is hers to decide: all are within what she may act in.

        Name and address go along with nearly everything: of who keeps the money, something of that must be in it.
        """
        is_hers = self.kind is not RepresentativeKind.ADMINISTRATOR or not _MONEY.isdisjoint(categories)
        return is_hers and self.within.issuperset(categories)
