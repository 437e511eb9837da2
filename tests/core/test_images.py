"""A picture keeps its picture and nothing else, and what is none does no harm."""

import ast
import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from portal.core import images
from portal.core.images import ImageRefused, clean_png

PORTAL = Path(images.__file__).parents[1]
SIDE = 64


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(mode: str = "RGBA", size: tuple[int, int] = (4, 3), **facts: object) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size).save(written, format="PNG", **facts)
    return written.getvalue()


def with_chunk(content: bytes, extra: bytes) -> bytes:
    """Put a chunk behind the head of a PNG."""
    return content[:33] + extra + content[33:]


def with_head(width: int, height: int) -> bytes:
    """Return a PNG whose head promises another size than its picture has."""
    whole = png()
    return whole[:8] + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)) + whole[33:]


def refusal_of(content: bytes) -> str:
    with pytest.raises(ImageRefused) as caught:
        clean_png(content, largest_side=SIDE)
    return caught.value.code


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_a_picture_keeps_its_size_and_its_colours(mode: str) -> None:
    cleaned = Image.open(io.BytesIO(clean_png(png(mode), largest_side=SIDE)))

    assert (cleaned.format, cleaned.size, cleaned.mode) == ("PNG", (4, 3), mode)


def test_a_transparent_colour_stays_transparent() -> None:
    cleaned = Image.open(io.BytesIO(clean_png(png("P", transparency=0), largest_side=SIDE)))

    assert cleaned.convert("RGBA").getpixel((0, 0)) == (0, 0, 0, 0)


def test_texts_places_and_profiles_are_left_behind() -> None:
    told = PngInfo()
    told.add_text("Author", "Somebody")
    exif = Image.Exif()
    exif[0x010E] = "where she lives"
    content = png(pnginfo=told, exif=exif, icc_profile=b"a profile", dpi=(72, 72))

    cleaned = clean_png(content, largest_side=SIDE)

    assert cleaned == clean_png(png(), largest_side=SIDE)
    assert all(kind not in cleaned for kind in (b"tEXt", b"eXIf", b"iCCP", b"pHYs"))


def test_a_page_behind_a_picture_is_left_behind() -> None:
    assert b"<script>" not in clean_png(png() + b"<script>alert(1)</script>", largest_side=SIDE)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_png"),
        (b"GIF89a", "not_png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "not_png"),
        (b"%PDF-1.7\n" + png(), "not_png"),
        (png()[:40], "broken"),
        (png(size=(SIDE, SIDE))[:-30], "broken"),
        (png(size=(SIDE + 1, 1)), "too_wide"),
        (with_head(2**31 - 1, 2**31 - 1), "too_wide"),
        (with_head(10_000, 10_000), "too_wide"),
    ],
)
def test_what_is_no_usable_picture_is_refused(content: bytes, code: str) -> None:
    assert refusal_of(content) == code


def test_a_packed_text_of_a_gigabyte_is_not_unpacked() -> None:
    packer = zlib.compressobj(9)
    packed = b"".join([*(packer.compress(bytes(2**24)) for _ in range(64)), packer.flush()])

    refusal_of(with_chunk(png(), chunk(b"zTXt", b"Comment\0\0" + packed)))


def test_pillow_is_imported_in_the_child_alone() -> None:
    importing = {
        path.relative_to(PORTAL).as_posix()
        for path in PORTAL.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "PIL")
        or (isinstance(node, ast.Import) and any(each.name.partition(".")[0] == "PIL" for each in node.names))
    }
    assert importing == {"core/image_child.py", "core/image_parts_child.py", "core/masked_image_child.py"}
