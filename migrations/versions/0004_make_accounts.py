"""Make the tables of accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "account",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("sign_in_number", sa.String(length=20), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_email_lower")),
        sa.CheckConstraint("email is not null or sign_in_number is not null", name=op.f("ck_account_can_be_named")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_account_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_account")),
        sa.UniqueConstraint("school_id", "email", name="uq_account_email"),
        sa.UniqueConstraint("school_id", "sign_in_number", name="uq_account_sign_in_number"),
    )
    op.create_table(
        "account_session",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("authenticated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("has_second_factor", sa.Boolean(), nullable=False),
        sa.Column("is_own_device", sa.Boolean(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=True),
        sa.Column("ip_address", sa.String(length=45), nullable=True),
        sa.Column("browser", sa.String(length=120), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "account_id"],
            ["account.school_id", "account.id"],
            name="fk_account_session_account_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_account_session_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_account_session")),
        sa.UniqueConstraint("school_id", "token_digest", name="uq_account_session_token_digest"),
    )
    op.create_index("ix_account_session_account_id", "account_session", ["school_id", "account_id"], unique=False)
    op.create_table(
        "confidentiality_acceptance",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "account_id"],
            ["account.school_id", "account.id"],
            name="fk_confidentiality_acceptance_account_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_confidentiality_acceptance_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_confidentiality_acceptance")),
        sa.UniqueConstraint(
            "school_id",
            "account_id",
            "text_version",
            name=op.f("uq_confidentiality_acceptance_school_id_account_id_text_version"),
        ),
    )
    op.create_table(
        "membership",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "learner",
                "representative",
                "teacher",
                "coach",
                "administration",
                "privacy_officer",
                "management",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on is null or ends_on >= starts_on", name=op.f("ck_membership_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["school_id", "account_id"],
            ["account.school_id", "account.id"],
            name="fk_membership_account_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_membership_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_membership")),
    )
    op.create_index("ix_membership_account_id", "membership", ["school_id", "account_id"], unique=False)
    op.create_index(
        "uq_membership_current",
        "membership",
        ["school_id", "account_id", "role"],
        unique=True,
        postgresql_where="ends_on is null",
    )
    op.create_table(
        "recovery_code",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "account_id"],
            ["account.school_id", "account.id"],
            name="fk_recovery_code_account_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_recovery_code_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_recovery_code")),
    )
    op.create_index("ix_recovery_code_account_id", "recovery_code", ["school_id", "account_id"], unique=False)
    op.create_table(
        "sign_in_link",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invitation",
                "password_reset",
                "new_email",
                "first_code",
                "second_step",
                name="linkkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("new_email", sa.String(length=254), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "account_id"],
            ["account.school_id", "account.id"],
            name="fk_sign_in_link_account_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_sign_in_link_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("school_id", "token_digest", name="uq_sign_in_link_token_digest"),
    )
    op.create_index("ix_sign_in_link_account_id", "sign_in_link", ["school_id", "account_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("sign_in_link")
    op.drop_table("recovery_code")
    op.drop_table("membership")
    op.drop_table("confidentiality_acceptance")
    op.drop_table("account_session")
    op.drop_table("account")
