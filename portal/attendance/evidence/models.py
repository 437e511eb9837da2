"""Evidence of presence in a lesson at a distance."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, reference
from portal.core.personal_data import personal, reaches_learner
from portal.learners.record.models import Originated


class LessonEvidence(Originated, SchoolOwned):
    """An image that proves presence in a lesson at a distance."""

    __tablename__ = "lesson_evidence"
    __people__ = reaches_learner()

    learner_id: Mapped[UUID] = reference("learner", info=personal("evidence"))
    lesson_id: Mapped[UUID] = reference("lesson", info=personal("evidence"), ondelete=None)
    file_id: Mapped[UUID] = mapped_column(info=personal("evidence", is_file=True))
    added_at: Mapped[datetime] = mapped_column(info=personal("evidence"))
