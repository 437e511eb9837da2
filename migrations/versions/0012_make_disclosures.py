"""Make the tables of disclosures: recipient_address, disclosure, disclosure_learner, recipient_notice."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "recipient_address",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_recipient_address_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_recipient_address")),
        sa.UniqueConstraint("school_id", "recipient", name="uq_recipient_address_recipient"),
    )
    op.create_table(
        "disclosure",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.String(length=60), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("categories", postgresql.ARRAY(sa.String(length=40)), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.String(length=80)), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "format",
            sa.Enum("xlsx", "csv", "pdf", name="fileformat", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "ready",
                "disclosed",
                "void",
                "gone",
                "failed",
                name="disclosurestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("left_out", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("policy_version_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("file_digest", sa.LargeBinary(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_by_name", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_downloaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "client_id"], ["organisation.school_id", "organisation.id"], name="fk_disclosure_client_id"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_disclosure_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_disclosure")),
    )
    op.create_index("ix_disclosure_client_id", "disclosure", ["school_id", "client_id"], unique=False)
    op.create_index("ix_disclosure_made_at", "disclosure", ["school_id", "made_at"], unique=False)
    op.create_table(
        "disclosure_learner",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("disclosure_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "disclosure_id"],
            ["disclosure.school_id", "disclosure.id"],
            name="fk_disclosure_learner_disclosure_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "learner_id"],
            ["learner.school_id", "learner.id"],
            name="fk_disclosure_learner_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_disclosure_learner_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_disclosure_learner")),
        sa.UniqueConstraint("school_id", "disclosure_id", "learner_id", name="uq_disclosure_learner"),
    )
    op.create_index("ix_disclosure_learner_learner_id", "disclosure_learner", ["school_id", "learner_id"], unique=False)
    op.create_table(
        "recipient_notice",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("disclosure_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawal_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_by_name", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "disclosure_id"],
            ["disclosure.school_id", "disclosure.id"],
            name="fk_recipient_notice_disclosure_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "learner_id"],
            ["learner.school_id", "learner.id"],
            name="fk_recipient_notice_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "withdrawal_id"],
            ["withdrawal.school_id", "withdrawal.id"],
            name="fk_recipient_notice_withdrawal_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_recipient_notice_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_recipient_notice")),
        sa.UniqueConstraint("school_id", "withdrawal_id", "disclosure_id", name="uq_recipient_notice_withdrawal"),
    )
    op.create_index(
        "ix_recipient_notice_disclosure_id", "recipient_notice", ["school_id", "disclosure_id"], unique=False
    )
    op.create_index("ix_recipient_notice_learner_id", "recipient_notice", ["school_id", "learner_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("recipient_notice")
    op.drop_table("disclosure_learner")
    op.drop_table("disclosure")
    op.drop_table("recipient_address")
