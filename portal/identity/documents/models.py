"""A masked document by which somebody showed who she is, and that it was seen."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference
from portal.core.personal_data import by_account, personal, reaches
from portal.identity.documents.layouts import DocumentKind


class MaskedDocument(SchoolOwned):
    """A masked document for one request. It is seen once, and destroyed with the decision: `file_id` is empty then.

    What stays is that it was seen, by whom and when, and its kind.
    """

    __tablename__ = "masked_document"
    __people__ = reaches(
        learner="learner_id", representative=by_account("attested_by"), contact_person=None,
        staff=(by_account("attested_by"), by_account("seen_by")),
    )  # fmt: skip
    __seen_when_restricted__ = "it shows who asks, for her own request"
    learner_id: Mapped[UUID] = reference("learner", info=personal("dealings"))
    data_request_id: Mapped[UUID] = mapped_column(info=personal("dealings"))
    kind: Mapped[DocumentKind] = one_of(DocumentKind, info=personal("dealings"))
    file_id: Mapped[UUID | None] = mapped_column(info=personal("dealings", is_file=True))
    attested_at: Mapped[datetime] = mapped_column(info=personal("dealings"))
    attested_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="attested_by"))
    seen_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))
    seen_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="seen_by"))
    seen_by_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("activity", of="seen_by", identifies=True)
    )
    destroyed_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))
