"""The folder in which a school gets its data: written table by table, and read back before it counts."""

import csv
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from mimetypes import guess_extension
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Table, select

from portal.core.crypto import files
from portal.core.crypto.files import StoredFile
from portal.core.crypto.keys import KeyDestroyed
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.schools.departures.contents import (
    MACHINERY,
    SECRETS,
    columns_of,
    list_tables,
    owner_of_file,
    rows_of,
    schema_of,
)
from portal.schools.departures.readme import readme

SUMS, MANIFEST = "SHA256SUMS", "manifest.json"
csv.field_size_limit(64 * 1024 * 1024)


class HandOverError(Exception):
    """The hand-over can't be made, or isn't whole; the text says what is wrong, and names nobody."""


@dataclass
class HandedOver:
    """What stands in a hand-over: rows by table, how many files, and the digest of the list of digests."""

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    digest: str = ""


def write_folder(folder: Path, *, slug: str, made_at: str) -> HandedOver:
    """Write all data of the school in scope into a new folder; raises HandOverError where it is there already."""
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise HandOverError(f"{folder} is there already: name a folder that isn't") from None
    handed, sums = HandedOver(), {}
    for table in list_tables():
        sums[f"schemas/{table.name}.json"] = _write(
            folder / "schemas" / f"{table.name}.json", [_json(schema_of(table))]
        )
        place = folder / "tables" / f"{table.name}.csv"
        handed.rows[table.name], sums[f"tables/{table.name}.csv"] = _write_table(place, table)
    for name, digest in _write_files(folder):
        sums[name] = digest
        handed.files += name.startswith("files/")
    for name, content in _policies():
        sums[f"policy/{name}.json"] = _write(folder / "policy" / f"{name}.json", [content])
    facts = {"school": slug, "made_at": made_at, "tables": handed.rows, "files": handed.files,
             "left_out": {**MACHINERY, **dict.fromkeys(sorted(SECRETS), "would let somebody sign in")}}  # fmt: skip
    sums[MANIFEST] = _write(folder / MANIFEST, [_json(facts)])
    sums["README.md"] = _write(folder / "README.md", [readme(slug, made_at).encode()])
    handed.digest = _write(folder / SUMS, [f"{digest}  {name}\n".encode() for name, digest in sorted(sums.items())])
    return handed


def read_back(folder: Path) -> HandedOver:
    """Read a hand-over whole: each file by its digest, each table by its columns and its rows; raises HandOverError."""
    try:
        return _read(folder)
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise HandOverError(f"{folder} can't be read back: {type(error).__name__}") from None


def _read(folder: Path) -> HandedOver:
    listed = dict(_listed((folder / SUMS).read_text()))
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {SUMS}
    if there != listed.keys():
        raise HandOverError(
            f"{folder} lacks {len(listed.keys() - there)} files, and has {len(there - listed.keys())} more"
        )
    for name, digest in listed.items():
        if _digest_of(folder / name) != digest:
            raise HandOverError(f"{name} isn't as it was written")
    facts = json.loads((folder / MANIFEST).read_text())
    for name, count in facts["tables"].items():
        if _count(folder, name) != count:
            raise HandOverError(f"tables/{name}.csv hasn't the {count} rows that were written")
    return HandedOver(facts["tables"], facts["files"], _digest_of(folder / SUMS))


def _listed(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        digest, _, name = line.partition("  ")
        yield name, digest


def _count(folder: Path, name: str) -> int:
    """Return how many rows a table has; raises HandOverError where one hasn't the columns of its schema."""
    wanted = list(json.loads((folder / "schemas" / f"{name}.json").read_text())["properties"])
    with (folder / "tables" / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
        reader = csv.reader(lines)
        if next(reader) != wanted:
            raise HandOverError(f"tables/{name}.csv hasn't the columns of its schema")
        count = 0
        for row in reader:
            if len(row) != len(wanted):
                raise HandOverError(f"tables/{name}.csv has a row of another width")
            count += 1
    return count


def _write_table(place: Path, table: Table) -> tuple[int, str]:
    place.parent.mkdir(mode=0o700, exist_ok=True)
    count = 0
    with _opened(place) as out, open(out, "w", newline="", encoding="utf-8") as text:
        writer = csv.writer(text)
        writer.writerow([column.name for column in columns_of(table)])
        for row in rows_of(table):
            writer.writerow(row)
            count += 1
    return count, _digest_of(place)


class _opened:  # noqa: N801
    """A new file that this account alone reads, handed over as a descriptor."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def __enter__(self) -> int:
        return os.open(self._place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

    def __exit__(self, *_raised: object) -> None:
        return None


def _write(place: Path, content: Iterable[bytes]) -> str:
    place.parent.mkdir(mode=0o700, exist_ok=True)
    digest = sha256()
    with _opened(place) as out, open(out, "wb") as into:
        for piece in content:
            into.write(piece)
            digest.update(piece)
    return digest.hexdigest()


def _write_files(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and the digest of each stored file, decrypted; of one whose key was destroyed nothing is left."""
    there = select(StoredFile.__table__).where(
        StoredFile.__table__.c.school_id == current_school_id(), StoredFile.__table__.c.gone_at.is_(None)
    )
    for row in session.execute(there.order_by(StoredFile.__table__.c.id)).all():
        try:
            content = files.open_file(row.id)
        except KeyDestroyed:
            continue
        name = f"files/{row.id}{guess_extension(row.media_type) or ''}"
        digest = _write(folder / name, content)
        if digest != bytes(row.digest).hex():
            raise HandOverError(f"the stored file {row.id} of {owner_of_file(row) or 'the school'} is damaged")
        yield name, digest


def _policies() -> Iterator[tuple[str, bytes]]:
    table = next(each for each in list_tables() if each.name == "policy_version")
    for row in session.execute(select(table).where(table.c.school_id == current_school_id())):
        yield row.version, _json(_policy(row))


def _policy(row: Row[Any]) -> Mapping[str, Any]:
    return {"version": row.version, "in_force_on": str(row.in_force_on), "source": row.source, "parsed": row.parsed}


def _json(facts: Mapping[str, Any]) -> bytes:
    return json.dumps(facts, ensure_ascii=False, indent=1, default=str).encode() + b"\n"


def _digest_of(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as content:
        while block := content.read(1024 * 1024):
            digest.update(block)
    return digest.hexdigest()
