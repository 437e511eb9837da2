"""Make the tables of attendance: attendance_mark, mark_change."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "attendance_mark",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "present", "absent", "excused", name="status", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("late_minutes", sa.Integer(), nullable=False),
        sa.Column("early_minutes", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("marked_by", sa.Uuid(), nullable=True),
        sa.Column("marked_by_name", sa.String(length=200), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status = 'present' or (late_minutes = 0 and early_minutes = 0 and minutes = 0)",
            name=op.f("ck_attendance_mark_minutes_when_present"),
        ),
        sa.CheckConstraint(
            "late_minutes >= 0 and early_minutes >= 0 and minutes >= 0",
            name=op.f("ck_attendance_mark_minutes_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "learner_id"],
            ["learner.school_id", "learner.id"],
            name="fk_attendance_mark_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "lesson_id"], ["lesson.school_id", "lesson.id"], name="fk_attendance_mark_lesson_id"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_attendance_mark_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_attendance_mark")),
        sa.UniqueConstraint("school_id", "lesson_id", "learner_id", name="uq_attendance_mark_lesson_learner"),
    )
    op.create_index("ix_attendance_mark_learner_id", "attendance_mark", ["school_id", "learner_id"], unique=False)
    op.create_table(
        "mark_change",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "old_status",
            sa.Enum(
                "present", "absent", "excused", name="old_status", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("old_late_minutes", sa.Integer(), nullable=False),
        sa.Column("old_early_minutes", sa.Integer(), nullable=False),
        sa.Column(
            "new_status",
            sa.Enum(
                "present", "absent", "excused", name="new_status", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("new_late_minutes", sa.Integer(), nullable=False),
        sa.Column("new_early_minutes", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_by_name", sa.String(length=200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "learner_id"],
            ["learner.school_id", "learner.id"],
            name="fk_mark_change_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "lesson_id"], ["lesson.school_id", "lesson.id"], name="fk_mark_change_lesson_id"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_mark_change_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_mark_change")),
    )
    op.create_index("ix_mark_change_learner_id", "mark_change", ["school_id", "learner_id"], unique=False)
    op.create_index("ix_mark_change_lesson_id", "mark_change", ["school_id", "lesson_id"], unique=False)
    op.create_index("ix_mark_change_step_id", "mark_change", ["school_id", "step_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("mark_change")
    op.drop_table("attendance_mark")
