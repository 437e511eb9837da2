"""Let the index of a learner's marks tell the lesson too: one mark is found by it, not among all of hers."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the longer index, then drop the one that it takes the place of."""
    op.create_index("ix_attendance_mark_learner_lesson", "attendance_mark", ["school_id", "learner_id", "lesson_id"])
    op.drop_index("ix_attendance_mark_learner_id", "attendance_mark")
