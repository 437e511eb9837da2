"""Add who at the school reads a note: those before this were written for everybody who sees a learner's progress."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column with its check."""
    op.add_column("note", sa.Column("readers", sa.String(length=40), server_default="progress", nullable=False))
    op.create_check_constraint("ck_note_notereaders", "note", "readers IN ('progress', 'coaching')")
