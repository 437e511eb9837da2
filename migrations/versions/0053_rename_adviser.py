"""Call who advised on an impact assessment the adviser: the column names a kind, nobody."""

from pathlib import Path

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

_STATEMENTS = Path(__file__).with_suffix(".sql")


def upgrade() -> None:
    """Run the statements of the SQL file, in their order."""
    op.get_bind().exec_driver_sql(_STATEMENTS.read_text(), execution_options={"no_parameters": True})
