"""Pictures for tests, made byte by byte."""

import struct
import zlib


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return a chunk of a PNG with its checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    width: int = 4, height: int = 3, *, depth: int = 8, colour: int = 6, extra: bytes = b"", rows: int | None = None
) -> bytes:
    """Return a PNG of one colour; `extra` chunks come before its picture data."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    line = b"\0" + bytes((width * channels * depth + 7) // 8)
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    picture = zlib.compress(line * (height if rows is None else rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", picture) + chunk(b"IEND", b"")
