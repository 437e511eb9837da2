"""Add whether learners see how their group is doing beside their own level."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the setting; no school shows it yet."""
    op.add_column("school", sa.Column("shows_group_range", sa.Boolean(), server_default=sa.false(), nullable=False))
