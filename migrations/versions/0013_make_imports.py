"""Make the tables of imports: import_mapping, import_run, import_page, import_row."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "import_mapping",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("targets", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_group", sa.Boolean(), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_import_mapping_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_import_mapping")),
        sa.UniqueConstraint("school_id", "fingerprint", name="uq_import_mapping_fingerprint"),
    )
    op.create_table(
        "import_run",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "reading",
                "mapping",
                "checking",
                "ready",
                "storing",
                "stored",
                "undoing",
                "undone",
                "refused",
                "discarded",
                name="runstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("refusal", sa.String(length=40), nullable=True),
        sa.Column("refusal_facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sheets", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("samples", sa.LargeBinary(), nullable=True),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("decisions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("started_by", sa.Uuid(), nullable=True),
        sa.Column("started_by_name", sa.String(length=200), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("undone_by_name", sa.String(length=200), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_import_run_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_import_run")),
    )
    op.create_index("ix_import_run_started_at", "import_run", ["school_id", "started_at"], unique=False)
    op.create_table(
        "import_page",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column(
            "listing",
            sa.Enum(
                "added",
                "changed",
                "unchanged",
                "refused",
                "kept",
                name="listing",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "run_id"],
            ["import_run.school_id", "import_run.id"],
            name="fk_import_page_run_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_import_page_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_import_page")),
        sa.UniqueConstraint("school_id", "run_id", "listing", "number", name="uq_import_page_number"),
    )
    op.create_table(
        "import_row",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("is_added", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column("made", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "learner_id"],
            ["learner.school_id", "learner.id"],
            name="fk_import_row_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "run_id"],
            ["import_run.school_id", "import_run.id"],
            name="fk_import_row_run_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_import_row_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("school_id", "run_id", "learner_id", name="uq_import_row_learner"),
    )
    op.create_index("ix_import_row_learner_id", "import_row", ["school_id", "learner_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("import_row")
    op.drop_table("import_page")
    op.drop_table("import_run")
    op.drop_table("import_mapping")
