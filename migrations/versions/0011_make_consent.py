"""Make the tables of consent: consent, withdrawal, withdrawal_step."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "consent",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("given_by_name", sa.String(length=200), nullable=False),
        sa.Column("is_by_representative", sa.Boolean(), nullable=False),
        sa.Column("statement_version_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("text_shown", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "learner_id"],
            ["learner.school_id", "learner.id"],
            name="fk_consent_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_consent_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_learner_id", "consent", ["school_id", "learner_id"], unique=False)
    op.create_index(
        "ix_consent_purpose",
        "consent",
        ["school_id", "purpose", "learner_id"],
        unique=False,
        postgresql_where="ended_at is null",
    )
    op.create_index(
        "uq_consent_in_force",
        "consent",
        ["school_id", "learner_id", "purpose"],
        unique=True,
        postgresql_where="ended_at is null",
    )
    op.create_table(
        "withdrawal",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "consent_id"],
            ["consent.school_id", "consent.id"],
            name="fk_withdrawal_consent_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "learner_id"],
            ["learner.school_id", "learner.id"],
            name="fk_withdrawal_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_withdrawal_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_withdrawal")),
        sa.UniqueConstraint("school_id", "consent_id", name="uq_withdrawal_consent"),
    )
    op.create_index("ix_withdrawal_learner_id", "withdrawal", ["school_id", "learner_id"], unique=False)
    op.create_table(
        "withdrawal_step",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("withdrawal_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "done", "kept", name="stepstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "withdrawal_id"],
            ["withdrawal.school_id", "withdrawal.id"],
            name="fk_withdrawal_step_withdrawal_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_withdrawal_step_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_withdrawal_step")),
        sa.UniqueConstraint("school_id", "withdrawal_id", "kind", "subject", name="uq_withdrawal_step"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("withdrawal_step")
    op.drop_table("withdrawal")
    op.drop_table("consent")
