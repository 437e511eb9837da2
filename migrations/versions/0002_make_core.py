"""Make the tables of core."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "audit_event",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=80), nullable=False),
        sa.Column("actor_kind", sa.String(length=14), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=True),
        sa.Column("actor_roles", postgresql.ARRAY(sa.String(length=40)), nullable=False),
        sa.Column("learner_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sealed", postgresql.ARRAY(sa.LargeBinary()), nullable=True),
        sa.Column("origin", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "actor_kind in ('staff', 'learner', 'representative', 'portal', 'nobody')",
            name=op.f("ck_audit_event_actor_kind"),
        ),
        sa.CheckConstraint(
            "sealed is null or cardinality(sealed) = greatest(1, cardinality(learner_ids))",
            name=op.f("ck_audit_event_sealed"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_audit_event_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_actor_id", "audit_event", ["school_id", "actor_id", "at"], unique=False)
    op.create_index("ix_audit_event_at", "audit_event", ["school_id", "at", "id"], unique=False)
    op.create_index("ix_audit_event_subject_id", "audit_event", ["school_id", "subject_id", "at"], unique=False)
    op.create_table(
        "audit_learner",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("fold", sa.String(length=160), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_audit_learner_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_audit_learner")),
        sa.UniqueConstraint("school_id", "learner_id", "event_id", name="uq_audit_learner_event_id"),
    )
    op.create_index("ix_audit_learner_event_id", "audit_learner", ["school_id", "event_id"], unique=False)
    op.create_index(
        "uq_audit_learner_fold",
        "audit_learner",
        ["school_id", "learner_id", "fold"],
        unique=True,
        postgresql_where=sa.text("fold is not null"),
    )
    op.create_table(
        "audit_seal",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("codes", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_audit_seal_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("school_id", "number", name="uq_audit_seal_number"),
    )
    op.create_table(
        "audit_unsealed",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_audit_unsealed_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_audit_unsealed")),
    )
    op.create_table(
        "job",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("arguments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("unique_key", sa.String(length=200), nullable=True),
        sa.Column("is_slow", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempts_most", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_cancel_asked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("failure", sa.String(length=60), nullable=True),
        sa.Column("failure_facts", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("fault", sa.String(length=12), nullable=True),
        sa.CheckConstraint("(state = 'running') = (lease is not null)", name=op.f("ck_job_lease")),
        sa.CheckConstraint(
            "state in ('waiting', 'handed', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_job_state")
        ),
        sa.CheckConstraint("done >= 0 and (total is null or total >= 0)", name=op.f("ck_job_progress")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_job_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_job")),
    )
    op.create_index(
        "ix_job_at_work",
        "job",
        ["school_id", "is_slow"],
        unique=False,
        postgresql_where=sa.text("state in ('handed', 'running')"),
    )
    op.create_index("ix_job_ended_at", "job", ["school_id", "ended_at"], unique=False)
    op.create_index(
        "ix_job_handed_at", "job", ["handed_at"], unique=False, postgresql_where=sa.text("state = 'handed'")
    )
    op.create_index(
        "ix_job_lease_until", "job", ["lease_until"], unique=False, postgresql_where=sa.text("state = 'running'")
    )
    op.create_index(
        "ix_job_waiting",
        "job",
        ["school_id", "is_slow", "run_after", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "uq_job_open",
        "job",
        ["school_id", "kind", "unique_key"],
        unique=True,
        postgresql_where=sa.text("state in ('waiting', 'handed', 'running')"),
    )
    op.create_table(
        "mail",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_mail_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_mail")),
    )
    op.create_table(
        "recurring_job",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_recurring_job_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_recurring_job")),
        sa.UniqueConstraint("school_id", "kind", name="uq_recurring_job_kind"),
    )
    op.create_table(
        "stored_file",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("size >= 0", name=op.f("ck_stored_file_size")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_stored_file_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_stored_file")),
    )
    op.create_index("ix_stored_file_learner_id", "stored_file", ["school_id", "learner_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("stored_file")
    op.drop_table("recurring_job")
    op.drop_table("mail")
    op.drop_table("job")
    op.drop_table("audit_unsealed")
    op.drop_table("audit_seal")
    op.drop_table("audit_learner")
    op.drop_table("audit_event")
