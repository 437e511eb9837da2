"""What a learner proposes to change in verified data, what she says against a finding, and what the school decided."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Index, String
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference, related
from portal.core.personal_data import Sealed, by_account, not_personal, personal, reaches
from portal.learners.record.models import OWN_RECORD, Learner


class CorrectionState(StrEnum):
    """Where a proposal stands.

    Contested: what the learner says stands beside a finding of the school, and who keeps that answers her. Proposed:
    it waits as a correction (GDPR art. 16).
    """

    CONTESTED = "contested"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_OPEN = (CorrectionState.CONTESTED, CorrectionState.PROPOSED)


class Correction(SchoolOwned):
    """A learner's own value for one field, of her own row or of an entry, sealed in that field's category.

    One field of one row has at most one that is open.
    """

    __tablename__ = "correction"
    __people__ = reaches(
        learner="learner_id",
        representative=by_account("proposed_by"),
        contact_person=None,
        staff=(by_account("proposed_by"), by_account("decided_by")),
    )
    __table_args__ = (
        Index(
            "uq_correction_open",
            "school_id",
            "learner_id",
            "field",
            "entry_id",
            unique=True,
            postgresql_where="state in ('contested', 'proposed')",
        ),
    )

    learner_id: Mapped[UUID] = reference("learner", info=personal("dealings"))
    field: Mapped[str] = mapped_column(String(80), info=not_personal())
    entry_id: Mapped[UUID] = mapped_column(default=OWN_RECORD, info=not_personal())
    old: Mapped[bytes | None] = mapped_column(Sealed, info=personal("dealings", sealed_as="field"))
    proposed: Mapped[bytes | None] = mapped_column(Sealed, info=personal("dealings", sealed_as="field"))
    remark: Mapped[bytes | None] = mapped_column(Sealed, info=personal("dealings", sealed_as="field"))
    state: Mapped[CorrectionState] = one_of(CorrectionState, info=personal("dealings"))
    proposed_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="proposed_by"))
    proposed_at: Mapped[datetime] = mapped_column(info=personal("dealings"))
    decided_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="decided_by"))
    decided_by_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("activity", of="decided_by", identifies=True)
    )
    decided_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))
    answer: Mapped[str | None] = mapped_column(String(1000), info=personal("dealings"))

    learner: Mapped[Learner] = related("Correction", "Learner", "learner_id")

    @hybrid_property
    def is_waiting(self) -> bool:
        """Say whether the school hasn't answered yet."""
        return self.state in _OPEN

    @is_waiting.inplace.expression
    @classmethod
    def _is_waiting(cls) -> ColumnElement[bool]:
        return cls.state.in_(_OPEN)
