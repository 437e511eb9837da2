"""A PNG taken apart, checked and put together again from its picture data alone.

What an upload may hide (texts, places, colour profiles, bytes after the end) is left behind, and what doesn't
unpack to exactly the picture that its head announces is refused.
"""

import struct
import zlib
from collections.abc import Iterator

from portal.core.errors import Invalid

LARGEST = 200 * 1024
LARGEST_SIDE = 1024
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}


def cleaned_png(content: bytes) -> bytes:
    """Return the picture without anything else; raises Invalid("logo", …) with what is wrong."""
    if len(content) > LARGEST:
        raise Invalid("logo", "logo_too_large", kilobytes=LARGEST // 1024)
    if not content.startswith(_SIGNATURE):
        raise Invalid("logo", "logo_not_png")
    kept: list[tuple[bytes, bytes]] = []
    for kind, body in _chunks(content):
        if kind in {b"IHDR", b"PLTE", b"tRNS", b"IDAT"}:
            kept.append((kind, body))
        elif kind[:1].isupper() and kind != b"IEND":
            raise Invalid("logo", "logo_broken")
    _check(kept)
    return _SIGNATURE + b"".join(_chunk(kind, body) for kind, body in [*kept, (b"IEND", b"")])


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        end = at + 12 + length
        if end > len(content) or content[end - 4 : end] != struct.pack(">I", zlib.crc32(kind + body)):
            raise Invalid("logo", "logo_broken")
        yield kind, body
        if kind == b"IEND":
            return
        at = end
    raise Invalid("logo", "logo_broken")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _check(kept: list[tuple[bytes, bytes]]) -> None:
    if not kept or kept[0][0] != b"IHDR" or len(kept[0][1]) != 13 or sum(kind == b"IHDR" for kind, _ in kept) != 1:
        raise Invalid("logo", "logo_broken")
    width, height, depth, colour, packing, filtering, interlace = struct.unpack(">IIBBBBB", kept[0][1])
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        raise Invalid("logo", "logo_too_wide", pixels=LARGEST_SIDE)
    if depth not in _DEPTHS.get(colour, set()) or packing or filtering or interlace:
        raise Invalid("logo", "logo_kind")
    if (colour == 3) != any(kind == b"PLTE" for kind, _ in kept) and colour in {0, 3, 4}:
        raise Invalid("logo", "logo_broken")
    wanted = height * (1 + (width * _CHANNELS[colour] * depth + 7) // 8)
    _check_picture(b"".join(body for kind, body in kept if kind == b"IDAT"), wanted)


def _check_picture(packed: bytes, wanted: int) -> None:
    unpacking = zlib.decompressobj()
    try:
        unpacked = unpacking.decompress(packed, wanted + 1)
    except zlib.error:
        raise Invalid("logo", "logo_broken") from None
    if len(unpacked) != wanted or not unpacking.eof or unpacking.unused_data:
        raise Invalid("logo", "logo_broken")
