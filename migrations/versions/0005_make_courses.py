"""Make the tables of courses."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "course",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "literacy",
                "integration",
                "nt2",
                "ona",
                "knm",
                "other",
                name="coursekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_course_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_course")),
        sa.UniqueConstraint("school_id", "name", name="uq_course_name"),
    )
    op.create_table(
        "holiday",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_holiday_ends_after_start")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_holiday_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_holiday")),
    )
    op.create_table(
        "learner_group",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("room", sa.String(length=60), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on is null or ends_on >= starts_on", name=op.f("ck_learner_group_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["school_id", "course_id"], ["course.school_id", "course.id"], name="fk_learner_group_course_id"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_learner_group_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_learner_group")),
        sa.UniqueConstraint("school_id", "name", name="uq_learner_group_name"),
    )
    op.create_index("ix_learner_group_course_id", "learner_group", ["school_id", "course_id"], unique=False)
    op.create_table(
        "group_teacher",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("is_substitute", sa.Boolean(), nullable=False),
        sa.CheckConstraint("ends_on is null or ends_on >= starts_on", name=op.f("ck_group_teacher_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["school_id", "account_id"],
            ["account.school_id", "account.id"],
            name="fk_group_teacher_account_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "group_id"],
            ["learner_group.school_id", "learner_group.id"],
            name="fk_group_teacher_group_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_group_teacher_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_group_teacher")),
    )
    op.create_index("ix_group_teacher_account_id", "group_teacher", ["school_id", "account_id"], unique=False)
    op.create_index("ix_group_teacher_group_id", "group_teacher", ["school_id", "group_id"], unique=False)
    op.create_table(
        "timetable_slot",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(length=60), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint("break_minutes between 0 and 240", name=op.f("ck_timetable_slot_break_minutes")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_timetable_slot_ends_after_start")),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_timetable_slot_weekday")),
        sa.ForeignKeyConstraint(
            ["school_id", "group_id"],
            ["learner_group.school_id", "learner_group.id"],
            name="fk_timetable_slot_group_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_timetable_slot_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_timetable_slot")),
    )
    op.create_index("ix_timetable_slot_group_id", "timetable_slot", ["school_id", "group_id"], unique=False)
    op.create_table(
        "lesson",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=True),
        sa.Column("slot_on", sa.Date(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(length=60), nullable=True),
        sa.Column("substitute_id", sa.Uuid(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_because", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "break_minutes >= 0 and break_minutes < extract(epoch from ends_at - starts_at) / 60",
            name=op.f("ck_lesson_break_minutes"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_lesson_ends_after_start")),
        sa.CheckConstraint("slot_id is null or slot_on is not null", name=op.f("ck_lesson_slot_has_day")),
        sa.ForeignKeyConstraint(
            ["school_id", "group_id"],
            ["learner_group.school_id", "learner_group.id"],
            name="fk_lesson_group_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "slot_id"],
            ["timetable_slot.school_id", "timetable_slot.id"],
            name="fk_lesson_slot_id",
            ondelete="SET NULL (slot_id)",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "substitute_id"],
            ["account.school_id", "account.id"],
            name="fk_lesson_substitute_id",
            ondelete="SET NULL (substitute_id)",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_lesson_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_lesson")),
        sa.UniqueConstraint("school_id", "group_id", "held_on", "starts_at", name="uq_lesson_moment"),
        sa.UniqueConstraint("school_id", "slot_id", "slot_on", name="uq_lesson_slot_on"),
    )
    op.create_index("ix_lesson_held_on", "lesson", ["school_id", "held_on"], unique=False)
    op.create_index("ix_lesson_substitute_id", "lesson", ["school_id", "substitute_id"], unique=False)
    op.create_table(
        "skipped_lesson",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=False),
        sa.Column("slot_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "slot_id"],
            ["timetable_slot.school_id", "timetable_slot.id"],
            name="fk_skipped_lesson_slot_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_skipped_lesson_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_skipped_lesson")),
        sa.UniqueConstraint("school_id", "slot_id", "slot_on", name="uq_skipped_lesson_slot_on"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("skipped_lesson")
    op.drop_table("lesson")
    op.drop_table("timetable_slot")
    op.drop_table("group_teacher")
    op.drop_table("learner_group")
    op.drop_table("holiday")
    op.drop_table("course")
