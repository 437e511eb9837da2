"""A filled database of each release, and taking it up to what the code is now.

`python -m tests.upgrades 0.1.0` keeps the database of a release, with a row in every table of a school, as
`tests/upgrades/0.1.0.zip`, and freezes the migrations that there are in `migrations/frozen.toml`.
"""

import hashlib
import tomllib
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = ROOT / "migrations" / "versions"
FROZEN = ROOT / "migrations" / "frozen.toml"
FOLDER = Path(__file__).resolve().parent


def frozen() -> dict[str, dict[str, str]]:
    """Return by release the migration files that it shipped first, each with its digest."""
    found: dict[str, dict[str, str]] = tomllib.loads(FROZEN.read_text())
    return found


def digest_of(path: Path) -> str:
    """Return the digest that a frozen file keeps."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _tables(connection: "psycopg.Connection[tuple[str, ...]]") -> list[str]:
    rows = connection.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
    return [row[0] for row in rows if row[0] != "alembic_version"]


def keep(url: str, path: Path) -> None:
    """Write every table of a database to a zip file. `url` signs in as a superuser, whom no policy hides rows from."""
    with psycopg.connect(url) as connection, ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name in _tables(connection):
            with connection.cursor().copy(sql.SQL("copy {} to stdout (header)").format(sql.Identifier(name))) as rows:
                archive.writestr(name, b"".join(bytes(block) for block in rows))


def bring_back(url: str, path: Path) -> dict[str, int]:
    """Fill a database with what was kept, whatever order the tables stand in; returns how many rows each table got."""
    counts = {}
    with psycopg.connect(url) as connection, ZipFile(path) as archive:
        connection.execute("set session_replication_role = replica")
        for name in archive.namelist():
            content = archive.read(name)
            columns = [sql.Identifier(each) for each in content.split(b"\n", 1)[0].decode().split("\t")]
            into = sql.SQL("copy {} ({}) from stdin (header)").format(sql.Identifier(name), sql.SQL(", ").join(columns))
            with connection.cursor() as cursor:
                with cursor.copy(into) as copy:
                    copy.write(content)
                counts[name] = cursor.rowcount
    return counts


def counts_of(url: str) -> dict[str, int]:
    """Return how many rows each table has."""
    found = {}
    with psycopg.connect(url) as connection:
        for name in _tables(connection):
            row = connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(name))).fetchone()
            found[name] = int(row[0]) if row else 0
    return found
