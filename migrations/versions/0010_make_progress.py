"""Make the tables of progress: evaluation, exam_result, level, note."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "evaluation",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("progress", "final", name="evaluationkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("written_by_name", sa.String(length=200), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "learner_id"],
            ["learner.school_id", "learner.id"],
            name="fk_evaluation_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_evaluation_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_evaluation")),
    )
    op.create_index("ix_evaluation_learner_id", "evaluation", ["school_id", "learner_id"], unique=False)
    op.create_table(
        "exam_result",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "knm",
                "ona",
                "reading",
                "listening",
                "writing",
                "speaking",
                name="exampart",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "Alfa A",
                "Alfa B",
                "Alfa C",
                "A0",
                "A1",
                "A2",
                "B1",
                "B2",
                "C1",
                name="rung",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("is_passed", sa.Boolean(), nullable=True),
        sa.Column("score", sa.String(length=20), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "intake",
                "test",
                "teacher",
                "exam",
                name="levelsource",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("entered_by_name", sa.String(length=200), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "learner_id"],
            ["learner.school_id", "learner.id"],
            name="fk_exam_result_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_exam_result_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_exam_result")),
    )
    op.create_index("ix_exam_result_learner_id", "exam_result", ["school_id", "learner_id"], unique=False)
    op.create_table(
        "level",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "skill",
            sa.Enum(
                "reading",
                "listening",
                "writing",
                "speaking",
                "conversation",
                name="skill",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "Alfa A",
                "Alfa B",
                "Alfa C",
                "A0",
                "A1",
                "A2",
                "B1",
                "B2",
                "C1",
                name="rung",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "intake",
                "test",
                "teacher",
                "exam",
                name="levelsource",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("entered_by_name", sa.String(length=200), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "learner_id"],
            ["learner.school_id", "learner.id"],
            name="fk_level_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_level_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_level")),
    )
    op.create_index("ix_level_learner_day", "level", ["school_id", "learner_id", "found_on"], unique=False)
    op.create_table(
        "note",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("is_visible", sa.Boolean(), nullable=False),
        sa.Column("hidden_because", sa.String(length=200), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("written_by_name", sa.String(length=200), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "learner_id"],
            ["learner.school_id", "learner.id"],
            name="fk_note_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_note_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_note")),
    )
    op.create_index("ix_note_learner_id", "note", ["school_id", "learner_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("note")
    op.drop_table("level")
    op.drop_table("exam_result")
    op.drop_table("evaluation")
