"""Add the purpose of a mail, to which its learner may say no; mails that wait have none, and leave as before."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("mail", sa.Column("purpose", sa.String(length=60), nullable=True))
