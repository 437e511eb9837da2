"""What sort of file somebody hands in, found from its contents, and every refusal that needs no look inside a sheet."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePath
from typing import Literal

from portal.core.errors import Invalid

Kind = Literal["xlsx", "ods", "csv"]

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 160 * 1024 * 1024
MAX_PART = 96 * 1024 * 1024
MAX_PARTS = 2_000
FIELD = "workbook"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_CHUNK = 256 * 1024
_MACRO_NAMES = (".xlsm", ".xltm", ".xlam")
_APPLE = {".pages": "pages", ".key": "keynote"}
# What else people hand in, by its first bytes.
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"RIFF", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"%PDF", "pdf"),
    (b"{\\rtf", "text document"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (b"\x1f\x8b", "archive"),
)


def refusal(code: str, **facts: object) -> Invalid:
    """Return the refusal of a whole file."""
    return Invalid(FIELD, code, **facts)


def kind_of(data: bytes, name: str) -> Kind:
    """Return what sort of workbook this is; raises Invalid with a code that says why it can't be taken."""
    if len(data) > MAX_BYTES:
        raise refusal("too_large", most=MAX_BYTES // 1024 // 1024)
    if not data.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        raise refusal("empty")
    if data.startswith(_OLE):
        raise _why_not_ole(data)
    if data.startswith(_ZIP):
        return _kind_of_archive(data, name)
    _refuse_other(data)
    return "csv"


def _why_not_ole(data: bytes) -> Invalid:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return refusal("password")
    if any(stream.encode("utf-16-le") in data for stream in ("Workbook", "Book")):
        return refusal("old_excel")
    return refusal("not_a_workbook", kind="other")


def _refuse_other(data: bytes) -> None:
    for start, kind in _OTHERS:
        if data.startswith(start):
            raise refusal("not_a_workbook", kind=kind)
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"):
        raise refusal("not_a_workbook", kind="picture")
    head = data[:4096]
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start[:1] == b"<":
        raise _why_not_markup(start)
    if start.startswith((b"mime-version:", b"from:", b"content-type: multipart")):
        raise refusal("not_a_workbook", kind="web page")
    if start.startswith((b'{"', b"{\n", b"{\r", b"[{", b"[\n", b"begin:vcard")):
        raise refusal("not_a_workbook", kind="other program")
    if b"\x00" in head and not _is_utf_16(head) and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refusal("not_a_workbook", kind="other")


def _why_not_markup(start: bytes) -> Invalid:
    """Return the refusal of a text of tags: a workbook in one file, of Excel 2003 or LibreOffice, or a web page."""
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start or b'progid="excel.sheet"' in start:
        return refusal("excel_2003")
    if b"office:document" in start[:400]:
        return refusal("flat_open_document")
    return refusal("not_a_workbook", kind="web page")


def _is_utf_16(head: bytes) -> bool:
    """Say whether every other byte is nothing, as in text of two bytes a letter without a mark before it."""
    odd = head[1:400:2]
    return len(odd) > 8 and odd.count(0) > len(odd) * 0.9 and 0 not in head[0:400:2]


def _kind_of_archive(data: bytes, name: str) -> Kind:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OSError):
        raise refusal("damaged") from None
    _refuse_bomb(data, parts)
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts) or "encrypted-package" in names:
        raise refusal("password")
    kind = _kind_by_parts(names, name)
    _refuse_macros(names, name)
    if kind == "ods":
        _refuse_other_open_document(archive)
    if kind == "ods" and b"encryption-data" in _part(archive, "META-INF/manifest.xml"):
        raise refusal("password")
    return kind


def _kind_by_parts(names: set[str], file_name: str) -> Kind:
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise refusal("binary_excel")
    if any((name.startswith("Index/") and name.endswith(".iwa")) or name == "Index.zip" for name in names):
        raise refusal("apple", kind=_APPLE.get(PurePath(file_name).suffix.lower(), "numbers"))
    if "content.xml" in names:
        return "ods"
    if any(name.startswith("ppt/") for name in names):
        raise refusal("not_a_workbook", kind="presentation")
    if any(name.startswith("word/") for name in names):
        raise refusal("not_a_workbook", kind="text document")
    raise refusal("not_a_workbook", kind="archive")


def _refuse_other_open_document(archive: zipfile.ZipFile) -> None:
    """Refuse a text or a presentation of LibreOffice, which is packed as a spreadsheet is."""
    kind = _part(archive, "mimetype")
    if b"opendocument.text" in kind:
        raise refusal("not_a_workbook", kind="text document")
    if b"opendocument" in kind and b"spreadsheet" not in kind:
        raise refusal("not_a_workbook", kind="presentation")


def _refuse_macros(names: set[str], name: str) -> None:
    scripts = any(part.endswith("vbaProject.bin") or part.startswith("xl/macrosheets/") for part in names)
    basic = any(part.startswith(("Basic/", "Scripts/")) and part.endswith((".xml", ".py", ".js")) for part in names)
    if scripts or basic or name.lower().endswith(_MACRO_NAMES):
        raise refusal("macros")


def _refuse_bomb(data: bytes, parts: list[zipfile.ZipInfo]) -> None:
    """Refuse what unpacks to too much: by what the directory says, then by what really comes out."""
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise refusal("zip_bomb")
    total = 0
    for part in parts:
        size = 0
        for piece in unpacked(data, part):
            size += len(piece)
            if size > MAX_PART or total + size > MAX_UNPACKED:
                raise refusal("zip_bomb")
        total += size


def unpacked(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part's contents in pieces, to the end of what is packed, whatever the directory says of its size."""
    start = part.header_offset
    if data[start : start + 4] != _ZIP or part.flag_bits & 1:
        return
    name_length, extra_length = struct.unpack_from("<HH", data, start + 26)
    start += 30 + name_length + extra_length
    if part.compress_type == zipfile.ZIP_STORED:
        yield data[start : start + part.compress_size]
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise refusal("damaged")
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    packed = memoryview(data)[start:]
    try:
        yield from _inflate(unpack, packed)
    except zlib.error:
        raise refusal("damaged") from None


def _inflate(unpack: "zlib._Decompress", packed: memoryview) -> Iterator[bytes]:
    position = 0
    while not unpack.eof:
        waiting = unpack.unconsumed_tail
        if not waiting:
            waiting = bytes(packed[position : position + _CHUNK])
            position += _CHUNK
            if not waiting:
                return
        yield unpack.decompress(waiting, _CHUNK)


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except KeyError:
        return b""
