"""Somebody's copy of what is held on her, or her file to take along; the passages in it to decide on."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference
from portal.core.personal_data import by_account, not_personal, personal, reaches
from portal.requests.data_requests.models import AboutPerson


class CopyKind(StrEnum):
    """Which right it answers: to see what is held (AVG art. 15), or to take along what she gave (art. 20)."""

    ACCESS = "access"
    PORTABILITY = "portability"


class CopyState(StrEnum):
    """Where a copy stands. Flagged: somebody decides on passages first. Handed over: fetched, or given by staff."""

    WAITING = "waiting"
    FLAGGED = "flagged"
    READY = "ready"
    HANDED_OVER = "handed_over"
    GONE = "gone"


class Handover(StrEnum):
    """How a copy left: fetched under her own sign-in, given at the counter, or sent to who she named."""

    SIGN_IN = "sign_in"
    COUNTER = "counter"
    ORGANISATION = "organisation"


class PassageKind(StrEnum):
    """Why somebody looks first: another person's name stands in a text, or staff kept the text from her."""

    NAME = "name"
    HIDDEN = "hidden"


class DataCopy(AboutPerson, SchoolOwned):
    """A copy, or a file to take along, of one person. Its file has a term; that it was made stays."""

    __tablename__ = "data_copy"
    __people__ = reaches(
        learner="learner_id",
        representative=("representative_id", by_account("asked_by"), by_account("handed_by")),
        contact_person="contact_person_id",
        staff=("account_id", by_account("asked_by"), by_account("handed_by")),
    )
    __seen_when_restricted__ = "it answers a request of hers, which privacy staff handle (AVG art. 18(2))"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(learner_id, contact_person_id, account_id, representative_id) > 0", name="of_a_person"
        ),
    )

    request_id: Mapped[UUID | None] = reference(
        "data_request", info=personal("dealings"), nullable=True, ondelete="SET NULL (request_id)"
    )
    kind: Mapped[CopyKind] = one_of(CopyKind, info=personal("dealings"))
    language: Mapped[str] = mapped_column(String(8), info=personal("dealings"))
    includes_findings: Mapped[bool] = mapped_column(default=False, info=personal("dealings"))
    organisation: Mapped[str | None] = mapped_column(String(200), info=personal("dealings"))
    categories_left_out: Mapped[list[str]] = mapped_column(ARRAY(String(40)), default=list, info=personal("dealings"))
    state: Mapped[CopyState] = one_of(CopyState, info=personal("dealings"))
    asked_at: Mapped[datetime] = mapped_column(info=personal("dealings"))
    asked_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="asked_by"))
    asked_by_name: Mapped[str] = mapped_column(String(200), info=personal("activity", of="asked_by", identifies=True))
    job_id: Mapped[UUID | None] = mapped_column(info=not_personal())
    file_id: Mapped[UUID | None] = mapped_column(info=personal("dealings", is_file=True))
    file_digest: Mapped[bytes | None] = mapped_column(LargeBinary, info=not_personal())
    fields: Mapped[list[str]] = mapped_column(ARRAY(String(80)), default=list, info=personal("dealings"))
    blacked_out: Mapped[int] = mapped_column(default=0, info=personal("dealings"))
    ready_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))
    handed_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))
    handover: Mapped[Handover | None] = one_of(Handover, info=personal("dealings"), nullable=True)
    identity_seen: Mapped[str | None] = mapped_column(String(200), info=personal("dealings"))
    handed_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="handed_by"))
    handed_by_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("activity", of="handed_by", identifies=True)
    )
    gone_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))

    @property
    def person_id(self) -> UUID:
        """Return whose it is: her id, under whose key its file is."""
        found = self.known_person_id
        assert found is not None, "ck_data_copy_of_a_person"  # noqa: S101
        return found

    @property
    def is_open(self) -> bool:
        """Say whether it can be fetched."""
        return self.state in {CopyState.READY, CopyState.HANDED_OVER} and self.file_id is not None


class CopyPassage(SchoolOwned):
    """A passage of a text of hers that waits for a decision: where it stands, and a keyed digest of what it is.

    The text itself stays where it is: the passage is found there again (AVG art. 5(1)c).
    """

    __tablename__ = "copy_passage"
    __seen_when_restricted__ = "it answers a request of hers, and says no word of what is hidden"
    __people__ = reaches(
        learner="learner_id",
        representative="copy_id",
        contact_person="copy_id",
        staff=("copy_id", by_account("decided_by")),
    )
    __table_args__ = (
        UniqueConstraint("school_id", "copy_id", "field", "row_id", "digest", name="uq_copy_passage_place"),
        CheckConstraint("(is_black is null) = (decided_at is null)", name="decided"),
    )

    copy_id: Mapped[UUID] = reference("data_copy", info=personal("dealings"))
    learner_id: Mapped[UUID | None] = reference("learner", info=personal("dealings"), nullable=True)
    kind: Mapped[PassageKind] = one_of(PassageKind, info=personal("dealings"))
    field: Mapped[str] = mapped_column(String(80), info=personal("dealings"))
    row_id: Mapped[UUID] = mapped_column(info=personal("dealings"))
    digest: Mapped[bytes] = mapped_column(LargeBinary, info=not_personal())
    is_black: Mapped[bool | None] = mapped_column(info=personal("dealings"))
    reason: Mapped[str | None] = mapped_column(String(300), info=personal("dealings"))
    decided_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))
    decided_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="decided_by"))
    decided_by_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("activity", of="decided_by", identifies=True)
    )
