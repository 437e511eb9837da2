"""Make the tables of learners."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "organisation",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "municipality",
                "employer",
                "client",
                "other",
                name="organisationkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("kvk_number", sa.String(length=8), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_organisation_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("school_id", "name", name="uq_organisation_name"),
    )
    op.create_table(
        "contact_person",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "organisation_id"],
            ["organisation.school_id", "organisation.id"],
            name="fk_contact_person_organisation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_contact_person_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_contact_person")),
    )
    op.create_index(
        "ix_contact_person_organisation_id", "contact_person", ["school_id", "organisation_id"], unique=False
    )
    op.create_table(
        "learner",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("given_name", sa.String(length=120), nullable=False),
        sa.Column("name_prefix", sa.String(length=30), nullable=True),
        sa.Column("family_name", sa.String(length=120), nullable=False),
        sa.Column("street", sa.String(length=120), nullable=True),
        sa.Column("house_number", sa.String(length=20), nullable=True),
        sa.Column("postcode", sa.String(length=12), nullable=True),
        sa.Column("city", sa.String(length=80), nullable=True),
        sa.Column("country", sa.String(length=60), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("phone_other", sa.String(length=30), nullable=True),
        sa.Column("preferred_language", sa.String(length=5), nullable=True),
        sa.Column(
            "gender",
            sa.Enum("female", "male", "other", name="gender", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("birth_place", sa.String(length=120), nullable=True),
        sa.Column("birth_country", sa.String(length=80), nullable=True),
        sa.Column("nationality", sa.String(length=80), nullable=True),
        sa.Column("document_kind", sa.String(length=40), nullable=True),
        sa.Column("document_number", sa.LargeBinary(), nullable=True),
        sa.Column("document_valid_until", sa.Date(), nullable=True),
        sa.Column("bsn", sa.LargeBinary(), nullable=True),
        sa.Column("bsn_digest", sa.LargeBinary(), nullable=True),
        sa.Column("residence_status", sa.String(length=80), nullable=True),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("education_level", sa.String(length=120), nullable=True),
        sa.Column("diplomas", sa.String(length=500), nullable=True),
        sa.Column("competences", sa.String(length=500), nullable=True),
        sa.Column("languages", sa.String(length=200), nullable=True),
        sa.Column("work_experience", sa.String(length=500), nullable=True),
        sa.Column("employer", sa.String(length=120), nullable=True),
        sa.Column(
            "marital_status",
            sa.Enum(
                "single",
                "married",
                "partnership",
                "divorced",
                "widowed",
                name="maritalstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("care_duties", sa.LargeBinary(), nullable=True),
        sa.Column("circumstances", sa.LargeBinary(), nullable=True),
        sa.Column("conditions", sa.LargeBinary(), nullable=True),
        sa.Column("company_name", sa.String(length=120), nullable=True),
        sa.Column("kvk_number", sa.String(length=8), nullable=True),
        sa.Column("iban", sa.LargeBinary(), nullable=True),
        sa.Column("special_notes", sa.LargeBinary(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("sort_name", sa.String(length=280, collation="C"), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("last_contact_on", sa.Date(), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(bsn is null) = (bsn_digest is null)", name=op.f("ck_learner_bsn_with_digest")),
        sa.ForeignKeyConstraint(
            ["school_id", "account_id"],
            ["account.school_id", "account.id"],
            name="fk_learner_account_id",
            ondelete="SET NULL (account_id)",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "merged_into_id"],
            ["learner.school_id", "learner.id"],
            name="fk_learner_merged_into_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_learner_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_learner")),
        sa.UniqueConstraint("school_id", "account_id", name="uq_learner_account"),
        sa.UniqueConstraint("school_id", "number", name="uq_learner_number"),
    )
    op.create_index("ix_learner_birth_date", "learner", ["school_id", "birth_date"], unique=False)
    op.create_index("ix_learner_bsn_digest", "learner", ["school_id", "bsn_digest"], unique=False)
    op.create_index("ix_learner_merged_into_id", "learner", ["school_id", "merged_into_id"], unique=False)
    op.create_index("ix_learner_sort_name", "learner", ["school_id", "sort_name", "id"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=True),
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
            name="fk_appointment_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_appointment_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_appointment")),
    )
    op.create_index("ix_appointment_learner_id", "appointment", ["school_id", "learner_id"], unique=False)
    op.create_table(
        "complaint",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("handling", sa.LargeBinary(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
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
            name="fk_complaint_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_complaint_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_complaint")),
    )
    op.create_index("ix_complaint_learner_id", "complaint", ["school_id", "learner_id"], unique=False)
    op.create_table(
        "correction",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("old", sa.LargeBinary(), nullable=True),
        sa.Column("proposed", sa.LargeBinary(), nullable=True),
        sa.Column("remark", sa.LargeBinary(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "accepted",
                "refused",
                "withdrawn",
                name="correctionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_by_name", sa.String(length=200), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "learner_id"],
            ["learner.school_id", "learner.id"],
            name="fk_correction_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_correction_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_correction")),
    )
    op.create_index("ix_correction_learner_id", "correction", ["school_id", "learner_id"], unique=False)
    op.create_index(
        "uq_correction_open",
        "correction",
        ["school_id", "learner_id", "field", "entry_id"],
        unique=True,
        postgresql_where="state = 'proposed'",
    )
    op.create_table(
        "correspondence",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "question",
                "report",
                "other",
                name="correspondencekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("body", sa.LargeBinary(), nullable=False),
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
            name="fk_correspondence_learner_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_correspondence_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_correspondence")),
    )
    op.create_index("ix_correspondence_learner_id", "correspondence", ["school_id", "learner_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("correspondence")
    op.drop_table("correction")
    op.drop_table("complaint")
    op.drop_table("appointment")
    op.drop_table("learner")
    op.drop_table("contact_person")
    op.drop_table("organisation")
