"""Ten thousand rows in one file, read, checked and stored as the screen does it, take at most 150 MB above base:
measured in a process of its own, for each kind of file."""

import csv
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
import xlsxwriter

from tests.database import cloned

ROWS = 10_000
HEADER = (
    "Nr.", "Voornaam", "Achternaam", "Geboortedatum", "Telefoon", "E-mail", "Straat", "Woonplaats", "Groep", "Wet",
    "Leerroute", "Uren gevolgd",
)  # fmt: skip


def rows() -> Iterator[list[str]]:
    for number in range(1, ROWS + 1):
        row = [str(70_000 + number), f"Voornaam{number}", f"Achternaam{number}", f"{number % 28 + 1}-3-1990"]
        row += [f"06{10_000_000 + number}", f"mail{number}@example.org", f"Straat {number}", "Utrecht"]
        yield [*row, f"Groep {number % 400}", "Wi2021", "B1", "40"]


def xlsx(path: Path) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Blad1")
        for at, row in enumerate([HEADER, *rows()]):
            sheet.write_row(at, 0, row)


def semicolons(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter=";").writerows([HEADER, *rows()])


def opendocument(path: Path) -> None:
    """Write the least that is an .ods, a row at a time."""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    named = "urn:oasis:names:tc:opendocument:xmlns"
    manifest = f'<manifest:manifest xmlns:manifest="{named}:manifest:1.0" manifest:version="1.2"><manifest:file-entry'
    manifest += f' manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind, ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", manifest)
        with archive.open("content.xml", "w") as content:
            spaces = "".join(f' xmlns:{name}="{named}:{name}:1.0"' for name in ("office", "table", "text"))
            content.write(f'<office:document-content{spaces} office:version="1.2"><office:body>'.encode())
            content.write(b'<office:spreadsheet><table:table table:name="Blad1">')
            for row in (HEADER, *rows()):
                cells = "".join(
                    f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
                    for value in row
                )
                content.write(f"<table:table-row>{cells}</table:table-row>".encode())
            content.write(b"</table:table></office:spreadsheet></office:body></office:document-content>")


@pytest.mark.sample(1 / 3)
@pytest.mark.parametrize(
    ("name", "write"), [("groot.xlsx", xlsx), ("groot.csv", semicolons), ("groot.ods", opendocument)]
)
def test_ten_thousand_rows_take_at_most_150_mb(
    environment: None, tmp_path: Path, name: str, write: Callable[[Path], None]
) -> None:
    write(tmp_path / name)
    with cloned() as made:
        there = {"DATABASE_URL": made.application_url, "PORTAL_KEYS_URL": made.keys_url, "REDIS_URL": made.redis_url}
        done = subprocess.run(
            [sys.executable, "-m", "tests.imports.runs.storage.measured", str(tmp_path / name), "meester-in-nt2"],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | there,
        )
    assert done.returncode == 0, done.stderr
    state, added, above = done.stdout.splitlines()[-1].split()
    assert (state, int(added)) == ("stored", ROWS)
    assert int(above) < 150 * 1024
