"""Add whom a court appointed, who turns 16, and what parents disagree about.

A guardian acts for a child alone from now on. Who was recorded as guardian of somebody older acts no more until the
school has seen the extract and records her anew: what was written down before doesn't say what a court decided.
"""

from pathlib import Path

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_STATEMENTS = Path(__file__).with_suffix(".sql")


def upgrade() -> None:
    """Run the statements of the SQL file, in their order."""
    op.get_bind().exec_driver_sql(_STATEMENTS.read_text(), execution_options={"no_parameters": True})
