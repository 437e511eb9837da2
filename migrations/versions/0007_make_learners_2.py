"""Make the tables of learners."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "field_origin",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("entry_id", sa.Uuid(), server_default="00000000-0000-0000-0000-000000000000", nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "learner", "school", "referrer", name="source", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("ground", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "learner_id"],
            ["learner.school_id", "learner.id"],
            name="fk_field_origin_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_field_origin_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_field_origin")),
        sa.UniqueConstraint("school_id", "learner_id", "field", "entry_id", name="uq_field_origin_field"),
    )
    op.create_table(
        "identity_document",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("requested_by", sa.String(length=160), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
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
            name="fk_identity_document_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_identity_document_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_identity_document")),
    )
    op.create_index("ix_identity_document_learner_id", "identity_document", ["school_id", "learner_id"], unique=False)
    op.create_table(
        "intake",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=True),
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
        sa.ForeignKeyConstraint(
            ["school_id", "learner_id"],
            ["learner.school_id", "learner.id"],
            name="fk_intake_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_intake_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_intake")),
    )
    op.create_index("ix_intake_learner_id", "intake", ["school_id", "learner_id"], unique=False)
    op.create_table(
        "invoice_line",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
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
        sa.CheckConstraint("amount_cents between -100000000 and 100000000", name=op.f("ck_invoice_line_amount")),
        sa.ForeignKeyConstraint(
            ["school_id", "learner_id"],
            ["learner.school_id", "learner.id"],
            name="fk_invoice_line_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_invoice_line_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_invoice_line")),
    )
    op.create_index("ix_invoice_line_learner_id", "invoice_line", ["school_id", "learner_id"], unique=False)
    op.create_table(
        "order_line",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
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
            name="fk_order_line_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_order_line_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_order_line")),
    )
    op.create_index("ix_order_line_learner_id", "order_line", ["school_id", "learner_id"], unique=False)
    op.create_table(
        "representative",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "parent",
                "guardian",
                "authorised",
                name="representativekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("proof", sa.String(length=300), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_representative_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["school_id", "account_id"],
            ["account.school_id", "account.id"],
            name="fk_representative_account_id",
            ondelete="SET NULL (account_id)",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "learner_id"],
            ["learner.school_id", "learner.id"],
            name="fk_representative_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_representative_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_representative")),
    )
    op.create_index("ix_representative_account_id", "representative", ["school_id", "account_id"], unique=False)
    op.create_index("ix_representative_learner_id", "representative", ["school_id", "learner_id"], unique=False)
    op.create_table(
        "trajectory",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "act",
            sa.Enum("wi2013", "wi2021", "voluntary", name="act", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "route",
            sa.Enum(
                "b1", "education", "z", "other", name="route", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column(
            "target_group",
            sa.Enum(
                "asylum", "family", "other", name="targetgroup", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column(
            "funding",
            sa.Enum(
                "duo_loan",
                "municipality",
                "employer",
                "self",
                name="funding",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reports_to_government", sa.Boolean(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("client_manager_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("guidance_ended_on", sa.Date(), nullable=True),
        sa.Column("agreement_on", sa.Date(), nullable=True),
        sa.Column("agreement", sa.String(length=1000), nullable=True),
        sa.Column("contract_number", sa.String(length=40), nullable=True),
        sa.Column("hours_bought", sa.Integer(), nullable=True),
        sa.Column("minutes_before", sa.Integer(), nullable=False),
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
        sa.CheckConstraint("ends_on is null or ends_on >= starts_on", name=op.f("ck_trajectory_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["school_id", "client_id"], ["organisation.school_id", "organisation.id"], name="fk_trajectory_client_id"
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "client_manager_id"],
            ["contact_person.school_id", "contact_person.id"],
            name="fk_trajectory_client_manager_id",
            ondelete="SET NULL (client_manager_id)",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "learner_id"],
            ["learner.school_id", "learner.id"],
            name="fk_trajectory_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_trajectory_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_trajectory")),
    )
    op.create_index("ix_trajectory_client_id", "trajectory", ["school_id", "client_id"], unique=False)
    op.create_index("ix_trajectory_client_manager_id", "trajectory", ["school_id", "client_manager_id"], unique=False)
    op.create_index("ix_trajectory_learner_id", "trajectory", ["school_id", "learner_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("trajectory")
    op.drop_table("representative")
    op.drop_table("order_line")
    op.drop_table("invoice_line")
    op.drop_table("intake")
    op.drop_table("identity_document")
    op.drop_table("field_origin")
