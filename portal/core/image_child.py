"""The process that decodes one picture: bytes in on standard input, a clean PNG out on standard output.

`portal.core.images` runs it, with limits, as a file; it imports nothing of the portal. Its exit says what was wrong: 3
is not a PNG, 4 is larger than the side given as its argument, anything else is broken.
"""

import io
import sys

_BROKEN, _NOT_PNG, _TOO_WIDE = 1, 3, 4
_SIGNATURE = b"\x89PNG"
_KEPT_MODES = {"1", "L", "LA", "P", "RGB", "RGBA"}


def clean(content: bytes, largest_side: int) -> bytes:
    """Return the picture encoded anew; exits where it can't be taken, and lets every other error end the process."""
    from PIL import Image, UnidentifiedImageError

    try:
        picture = Image.open(io.BytesIO(content), formats=("PNG",))
    except UnidentifiedImageError:
        sys.exit(_BROKEN if content.startswith(_SIGNATURE) else _NOT_PNG)
    except Image.DecompressionBombError:
        sys.exit(_TOO_WIDE)
    if max(picture.size) > largest_side:
        sys.exit(_TOO_WIDE)
    picture.load()
    kept = picture.copy() if picture.mode in _KEPT_MODES else picture.convert("RGBA")
    kept.info = {name: value for name, value in kept.info.items() if name == "transparency"}
    written = io.BytesIO()
    kept.save(written, format="PNG", optimize=True)
    return written.getvalue()


if __name__ == "__main__":
    sys.stdout.buffer.write(clean(sys.stdin.buffer.read(), int(sys.argv[1])))
