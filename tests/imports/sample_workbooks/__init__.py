"""Twelve workbooks as messy as schools make them, and what each must come to (`expected.toml`)."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.imports.sample_workbooks import csv_files, ods_files, xlsx_files, xlsx_wide

Maker = Callable[[Path], None]

MAKERS: dict[str, Maker] = {
    "01-inschrijvingen-september.xlsx": xlsx_files.september,
    "02-inschrijvingen-oktober.xlsx": xlsx_files.october,
    "03-deelnemers.csv": csv_files.participants,
    "04-learners.csv": csv_files.learners,
    "05-groepen.ods": ods_files.groups,
    "06-participants.ods": ods_files.participants,
    "07-niveaus.xlsx": xlsx_wide.levels,
    "08-kvs.xlsx": xlsx_files.tracking,
    "09-nt2-admin.csv": csv_files.administration,
    "10-presentie-export.csv": csv_files.attendance,
    "11-municipality.xlsx": xlsx_wide.municipality,
    "12-wijzigingen.csv": csv_files.changes,
}

EXPECTED: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "expected.toml").read_text("utf-8"))["workbook"]


def make(name: str, folder: Path) -> Path:
    """Write one of the workbooks into a folder and return its path."""
    path = folder / name
    MAKERS[name](path)
    return path
