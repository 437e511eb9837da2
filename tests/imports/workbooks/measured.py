"""Reads one workbook in a process of its own, and prints its rows and what it took of memory, in kB above base."""

import re
import sys
from datetime import date
from pathlib import Path

from portal.imports.workbooks.headers import find_header
from portal.imports.workbooks.records import Columns, records_of
from portal.imports.workbooks.vocabulary import target_of
from portal.imports.workbooks.workbook import open_workbook


def peak() -> int:
    return int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1])


def main(path: Path) -> None:
    base = peak()
    sheet = open_workbook(path.read_bytes(), "a.xlsx").sheets[0]
    header = find_header(sheet)
    targets = {at: key for at, label in enumerate(header.labels) if (key := target_of(label))}
    kept = list(records_of(sheet, Columns(header, targets), today=date(2026, 11, 22)))
    print(len(kept), peak() - base)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
