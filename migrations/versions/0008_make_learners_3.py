"""Make the tables of learners: enrolment, lesson_evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "enrolment",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("trajectory_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("statement_version_id", sa.Uuid(), nullable=True),
        sa.Column("statement_shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "learner", "school", "referrer", name="source", native_enum=False, create_constraint=True, length=40
            ),
            server_default="school",
            nullable=False,
        ),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("since_on", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.CheckConstraint("ends_on is null or ends_on >= starts_on", name=op.f("ck_enrolment_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["school_id", "group_id"], ["learner_group.school_id", "learner_group.id"], name="fk_enrolment_group_id"
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "learner_id"],
            ["learner.school_id", "learner.id"],
            name="fk_enrolment_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "trajectory_id"],
            ["trajectory.school_id", "trajectory.id"],
            name="fk_enrolment_trajectory_id",
            ondelete="SET NULL (trajectory_id)",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_enrolment_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_enrolment")),
    )
    op.create_index(
        "ix_enrolment_group_days", "enrolment", ["school_id", "group_id", "starts_on", "ends_on"], unique=False
    )
    op.create_index("ix_enrolment_learner_id", "enrolment", ["school_id", "learner_id"], unique=False)
    op.create_index("ix_enrolment_trajectory_id", "enrolment", ["school_id", "trajectory_id"], unique=False)
    op.create_table(
        "lesson_evidence",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "learner", "school", "referrer", name="source", native_enum=False, create_constraint=True, length=40
            ),
            server_default="school",
            nullable=False,
        ),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("since_on", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
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
    op.drop_table("enrolment")
