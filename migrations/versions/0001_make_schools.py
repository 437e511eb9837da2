"""Make the tables of schools: school, school_host."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "school",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("hue", sa.Integer(), nullable=False),
        sa.Column("chroma", sa.Double(), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("logo_type", sa.String(length=40), nullable=True),
        sa.Column("look_version", sa.Integer(), nullable=False),
        sa.Column("idle_minutes", sa.Integer(), nullable=False),
        sa.Column("idle_minutes_most", sa.Integer(), server_default="720", nullable=False),
        sa.Column(
            "second_factor_roles",
            postgresql.ARRAY(sa.String(length=40)),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "second_factor_least",
            postgresql.ARRAY(sa.String(length=40)),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("policy_version_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("chroma between 0 and 0.2", name=op.f("ck_school_chroma")),
        sa.CheckConstraint("hue between 0 and 360", name=op.f("ck_school_hue")),
        sa.CheckConstraint("idle_minutes between 5 and idle_minutes_most", name=op.f("ck_school_idle_minutes")),
        sa.CheckConstraint("second_factor_least <@ second_factor_roles", name=op.f("ck_school_second_factor_least")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school")),
        sa.UniqueConstraint("slug", name=op.f("uq_school_slug")),
    )
    op.create_table(
        "school_host",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_school_host_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_school_host")),
        sa.UniqueConstraint("host", name="uq_school_host_host"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("school_host")
    op.drop_table("school")
