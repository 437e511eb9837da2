"""Add which representative asks off the portal, and what of it lies outside what she may ask."""

from pathlib import Path

from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

_STATEMENTS = Path(__file__).with_suffix(".sql")


def upgrade() -> None:
    """Run the statements of the SQL file, in their order."""
    op.get_bind().exec_driver_sql(_STATEMENTS.read_text(), execution_options={"no_parameters": True})
