"""Add contacts who work at no organisation on record, what is known of them, and what they wrote (LL-02, LL-08).

Whoever is there gets the day of today for the last contact: nothing on record says it better, and nobody goes too soon.
"""

from pathlib import Path

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_STATEMENTS = Path(__file__).with_suffix(".sql")


def upgrade() -> None:
    """Run the statements of the SQL file, in their order."""
    op.get_bind().exec_driver_sql(_STATEMENTS.read_text(), execution_options={"no_parameters": True})
