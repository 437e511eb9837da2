"""The archive that somebody gets: never plain on a disk."""

import zipfile
from collections.abc import Iterable, Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from portal.core.http.languages import _
from portal.requests.copies.contents.assembly import Contents
from portal.requests.copies.formats.import_sheet import import_sheet_of
from portal.requests.copies.formats.machine_readable import copy_as_json, portable_as_csv, portable_as_json
from portal.requests.copies.formats.page import page_of
from portal.requests.copies.formats.paper import pdf_of

SCHEMA = Path(__file__).resolve().parents[4] / "static" / "schema" / "portability-1.json"
_BLOCK = 256 * 1024
File = tuple[str, bytes]


def copy_archive(copy: Contents, files: Iterable[File]) -> Iterator[bytes]:
    """Yield a copy as an archive: the page, JSON, a PDF, and the stored files that are hers."""
    name = _("mijn-gegevens")
    parts = [(f"{name}.html", page_of(copy)), (f"{name}.json", copy_as_json(copy)), (f"{name}.pdf", pdf_of(copy))]
    yield from _zipped([*parts, *((f"{_('bestanden')}/{each}", content) for each, content in files)])


def portable_archive(copy: Contents) -> Iterator[bytes]:
    """Yield a file to take along as an archive: JSON with its schema, CSV, and their checksums.

    Of a learner also what the import of another school on this portal reads.
    """
    parts: list[File] = [("data.json", portable_as_json(copy)), ("schema.json", SCHEMA.read_bytes())]
    if copy.is_of_learner:
        parts.append(("import.csv", import_sheet_of(copy)))
    parts += [(f"tables/{name}.csv", content) for name, content in portable_as_csv(copy)]
    sums = "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in parts)
    yield from _zipped([*parts, ("SHA256SUMS", sums.encode())])


def _zipped(parts: Iterable[File]) -> Iterator[bytes]:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    held.seek(0)
    while block := held.read(_BLOCK):
        yield block
