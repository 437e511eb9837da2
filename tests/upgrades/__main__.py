"""`python -m tests.upgrades VERSION`: keep the database of a release, and freeze its migrations."""

import base64
import os
import sys
import tempfile

from sqlalchemy import create_engine

from portal.core.db.scope import in_school
from portal.core.db.session import bind
from tests.conftest import use
from tests.database import cloned
from tests.house.rows import OWNED, make_row
from tests.seed import SCHOOLS
from tests.upgrades import FOLDER, FROZEN, VERSIONS, digest_of, frozen, keep
from tests.upgrades.databases import as_superuser

_EMPTY = {"key_outbox"}
"""What holds a row for moments alone: a made-up one would be carried out."""


def main(version: str) -> None:
    """Fill a fresh database, a row for each table of a school, and keep it under this version."""
    folder = tempfile.mkdtemp()
    os.environ.update(
        DATABASE_URL="postgresql://nobody@localhost/none",
        PORTAL_KEYS_URL="postgresql://nobody@localhost/none",
        PORTAL_SECRET_KEY="x" * 40,
        PORTAL_MASTER_KEY=base64.b64encode(b"k" * 32).decode(),
        PORTAL_FILES_DIR=folder,
        PORTAL_MAIL_DIR=folder,
    )
    with cloned() as made:
        use(made)
        engine = create_engine(made.application_url)
        bind(engine)
        with in_school(SCHOOLS[0].id):
            for name in OWNED:
                if name not in _EMPTY:
                    make_row(name)
        engine.dispose()
        keep(as_superuser(made), FOLDER / f"{version}.zip")
    _freeze(version)


def _freeze(version: str) -> None:
    known = frozen() if FROZEN.exists() else {}
    before = {name for files in known.values() for name in files}
    fresh = {path.name: digest_of(path) for path in sorted(VERSIONS.glob("0*.*")) if path.name not in before}
    head = "" if FROZEN.exists() else "# Migrations by the release that shipped them first. They never change again.\n"
    lines = [f'["{version}"]', *(f'"{name}" = "{digest}"' for name, digest in fresh.items())]
    with FROZEN.open("a") as file:
        file.write(head + "\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
