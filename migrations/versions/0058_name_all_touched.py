"""Let an incident touch people of every kind by name, not learners alone."""

from pathlib import Path

from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

_STATEMENTS = Path(__file__).with_suffix(".sql")


def upgrade() -> None:
    """Run the statements of the SQL file, in their order."""
    op.get_bind().exec_driver_sql(_STATEMENTS.read_text(), execution_options={"no_parameters": True})
