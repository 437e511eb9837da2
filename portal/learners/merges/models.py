"""What two records were before they became one, for as long as that can be taken back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, reference
from portal.core.db.periods import HasExpiry
from portal.core.personal_data import Sealed, in_array, not_personal, personal, reaches


class RecordMerge(HasExpiry, SchoolOwned):
    """What merging changed, sealed; the row has the id of the entry in the audit that tells of it.

    `contents` is JSON, by table: `changed` has by row and column the value before and after, `gone` the rows that were
    dropped and `made` those that were added, as PostgreSQL's `to_jsonb` writes them (`images.TableChange`). A sealed
    value stands in it as it was sealed. `people` has the ids of everybody else who stands in it, so that the erasure of
    any of them reaches it; the erasure of a field of either learner takes it along too.
    """

    __tablename__ = "record_merge"
    __people__ = reaches(
        learner=("kept_id", "other_id"),
        representative=in_array("people"),
        contact_person=in_array("people"),
        staff=in_array("people"),
    )

    kept_id: Mapped[UUID] = reference("learner", info=personal("dealings"))
    other_id: Mapped[UUID] = reference("learner", info=personal("dealings"))
    people: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), info=personal("dealings"))
    contents: Mapped[bytes] = mapped_column(Sealed, info=personal("dealings"))
    expires_at: Mapped[datetime] = mapped_column(info=not_personal())
