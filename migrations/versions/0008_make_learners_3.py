"""Make the tables of learners: lesson_evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "lesson_evidence",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "learner_id"],
            ["learner.school_id", "learner.id"],
            name="fk_lesson_evidence_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "lesson_id"], ["lesson.school_id", "lesson.id"], name="fk_lesson_evidence_lesson_id"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_lesson_evidence_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_lesson_evidence")),
    )
    op.create_index("ix_lesson_evidence_learner_id", "lesson_evidence", ["school_id", "learner_id"], unique=False)
    op.create_index("ix_lesson_evidence_lesson_id", "lesson_evidence", ["school_id", "lesson_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("lesson_evidence")
