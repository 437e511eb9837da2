"""Add which mails the notice of an announced version asked for; of those before it isn't known any more."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("policy_announcement", sa.Column("mail_ids", sa.ARRAY(sa.Uuid()), nullable=True))
