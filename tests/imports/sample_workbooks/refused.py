"""Files that must be refused: locked, with macros, bombs and other things that are no workbook."""

import io
import struct
import zipfile

import xlsxwriter

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def zipped(parts: dict[str, bytes]) -> bytes:
    """Return an archive with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def workbook_bytes(replaced: dict[str, bytes] | None = None) -> bytes:
    """Return a small good workbook in which these parts are put instead or beside."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Blad1")
        sheet.write_row(0, 0, ["Nummer", "Achternaam", "Voornaam"])
        sheet.write_row(1, 0, ["1", "Berg", "Zoë"])
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped(parts | (replaced or {}))


def sheet_xml(*cells: str) -> bytes:
    """Return a worksheet with a number in each of these cells."""
    rows = "".join(f'<row r="{cell.lstrip("ABCDFXZ")}"><c r="{cell}"><v>1</v></c></row>' for cell in cells)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def compound_file(*streams: str) -> bytes:
    """Return a compound file (the container of old and of locked Excel files) with empty streams of these names."""
    header = bytearray(_SECTOR)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", header, 44, 1, 1, 0, 4096, _END, 0, _END, 0, 0)
    struct.pack_into("<109I", header, 76, *([0] + [_FREE] * 108))
    table = struct.pack("<128I", _FAT, _END, *([_FREE] * 126))
    entries = [_entry("Root Entry", 5, child=1), *(_entry(name, 2) for name in streams)]
    entries += [_entry("", 0)] * (4 - len(entries))
    return bytes(header) + table + b"".join(entries)


def _entry(name: str, kind: int, child: int = _FREE) -> bytes:
    encoded = name.encode("utf-16-le")
    entry = bytearray(128)
    entry[: len(encoded)] = encoded
    struct.pack_into("<HBB", entry, 64, len(encoded) + 2 if name else 0, kind, 1)
    struct.pack_into("<III", entry, 68, _FREE, _FREE, child)
    struct.pack_into("<I", entry, 116, _END)
    return bytes(entry)
