"""The process that cuts parts out of one picture: bytes in, a clean JPEG of each part out, each behind its length.

`portal.core.images` runs it, with limits, as a file; it imports nothing of the portal. The picture is a grid of equal
parts, counted from 1, row by row from the upper left. Its arguments are the smallest side of a part and the largest
side of the picture in pixels, the columns, the rows, then each part that is wanted. Its exit says what was wrong: 3 is
no PNG or JPEG, 4 too large, 5 parts too small, 7 a part in which nothing is seen; anything else is broken.
"""

import io
import struct
import sys

_NOT_PICTURE, _TOO_WIDE, _TOO_SMALL, _NOTHING = 3, 4, 5, 7
_LEAST_SPREAD = 2.0
_LARGEST_PART = 1280  # pixels
_QUALITY = 80


def cut(content: bytes, smallest: int, largest: int, grid: tuple[int, int], parts: list[int]) -> list[bytes]:
    """Return these parts of the picture, each encoded anew; exits where it can't be taken."""
    from PIL import Image, ImageOps, ImageStat, UnidentifiedImageError

    try:
        picture = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
    except UnidentifiedImageError:
        sys.exit(_NOT_PICTURE)
    except Image.DecompressionBombError:
        sys.exit(_TOO_WIDE)
    if max(picture.size) > largest:
        sys.exit(_TOO_WIDE)
    picture.load()
    shaped = ImageOps.exif_transpose(picture).convert("RGBA")
    plain = Image.new("RGB", shaped.size, "white")
    plain.paste(shaped, mask=shaped.getchannel("A"))
    columns, rows = grid
    if min(plain.width // columns, plain.height // rows) < smallest:
        sys.exit(_TOO_SMALL)
    found = []
    for part in parts:
        row, column = divmod(part - 1, columns)
        left, upper = plain.width * column // columns, plain.height * row // rows
        right, lower = plain.width * (column + 1) // columns, plain.height * (row + 1) // rows
        own = plain.crop((left, upper, right, lower))
        if ImageStat.Stat(own.convert("L")).stddev[0] < _LEAST_SPREAD:
            sys.exit(_NOTHING)
        own.thumbnail((_LARGEST_PART, _LARGEST_PART))
        written = io.BytesIO()
        own.save(written, format="JPEG", quality=_QUALITY)
        found.append(written.getvalue())
    return found


if __name__ == "__main__":
    _smallest, _largest, _columns, _rows, *_parts = map(int, sys.argv[1:])
    for _each in cut(sys.stdin.buffer.read(), _smallest, _largest, (_columns, _rows), _parts):
        sys.stdout.buffer.write(struct.pack(">I", len(_each)) + _each)
