"""Ten thousand rows in one file, read and stored, take at most 150 MB above base: measured in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import xlsxwriter

_MEASURED = """
import re, sys
from pathlib import Path

import portal.models
from portal.app import create_app
from portal.core.access import PORTAL
from portal.core.database import in_school, session
from portal.core.shell import at_school
from portal.imports.services.bringing_in import bring_in
from portal.policy.queries import current_policy

class Enough(Exception):
    pass

def peak():
    return int(re.search("VmHWM:\\\\s*(\\\\d+)", Path("/proc/self/status").read_text())[1])

try:
    with create_app().app_context(), at_school("meester-in-nt2"):
        current_policy()
        base = peak()
        data = Path(sys.argv[1]).read_bytes()
        done = bring_in(data, "groot.xlsx", act=None, grounds={}, is_trial=False, by=PORTAL)
        print(done.plan.counts()["added"], peak() - base)
        raise Enough
except Enough:
    pass
"""


def test_ten_thousand_rows_are_stored_within_150_mb(tmp_path: Path, database: Any) -> None:
    path = tmp_path / "groot.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Blad1")
        labels = ["Nr.", "Voornaam", "Achternaam", "Geboortedatum", "Telefoon", "E-mail", "Straat", "Woonplaats"]
        sheet.write_row(0, 0, [*labels, "Groep", "Wet", "Leerroute", "Uren gevolgd"])
        for number in range(1, 10_001):
            row = [70_000 + number, f"Voornaam{number}", f"Achternaam{number}", 30_000 + number % 9_000]
            row += [f"06{10_000_000 + number}", f"mail{number}@example.org", f"Straat {number}", "Utrecht"]
            sheet.write_row(number, 0, [*row, f"Groep {number % 400}", "Wi2021", "B1", 40])
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(path)], capture_output=True, text=True, check=False, env=os.environ.copy()
    )
    assert done.returncode == 0, done.stderr
    added, above = map(int, done.stdout.split())
    assert added == 10_000
    assert above < 150 * 1024
