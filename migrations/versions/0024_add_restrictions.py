"""Add restrictions of a learner's data and their uses on a ground: the SQL file of the same name has the tables."""

from pathlib import Path

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_STATEMENTS = Path(__file__).with_suffix(".sql")


def upgrade() -> None:
    """Run the statements of the SQL file, in their order; nobody has restricted anything yet."""
    op.get_bind().exec_driver_sql(_STATEMENTS.read_text(), execution_options={"no_parameters": True})
