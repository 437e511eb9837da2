"""The process that decodes one picture in which parts must be black: bytes in, a clean JPEG out.

`portal.core.images` runs it, with limits, as a file; it imports nothing of the portal. Its arguments are the smallest
and the largest side in pixels, then each box as `x,y,width,height` in fractions of the picture. Its exit says what was
wrong: 3 is no PNG or JPEG, 4 too large, 5 too small, 6 a box that isn't black, 7 a picture in which nothing can be
read, 8 noise; anything else is broken.
"""

import io
import sys

_BROKEN, _NOT_PICTURE, _TOO_WIDE, _TOO_SMALL, _NOT_BLACK, _NOTHING, _NOISE = 1, 3, 4, 5, 6, 7, 8
_BLACK = 24  # of 255
_SHARE_BLACK = 0.97
_LEAST_SPREAD, _LEAST_EDGES, _MOST_CHANGE = 12.0, 1.2, 0.8
_LOOKED_AT = 600  # pixels: what is looked at for noise and blur is brought to this width
_QUALITY = 85


def clean(content: bytes, smallest: int, largest: int, boxes: list[tuple[float, float, float, float]]) -> bytes:
    """Return the picture encoded anew with its boxes painted black; exits where it can't be taken."""
    from PIL import Image, ImageDraw, UnidentifiedImageError

    try:
        picture = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
    except UnidentifiedImageError:
        sys.exit(_NOT_PICTURE)
    except Image.DecompressionBombError:
        sys.exit(_TOO_WIDE)
    if max(picture.size) > largest:
        sys.exit(_TOO_WIDE)
    if min(picture.size) < smallest:
        sys.exit(_TOO_SMALL)
    picture.load()
    plain = Image.new("RGB", picture.size, "white")
    shaped = picture.convert("RGBA")
    plain.paste(shaped, mask=shaped.getchannel("A"))
    places = [_pixels(box, plain.size) for box in boxes]
    grey = plain.convert("L")
    for place in places:
        histogram = grey.crop(place).histogram()
        if not sum(histogram) or sum(histogram[: _BLACK + 1]) < _SHARE_BLACK * sum(histogram):
            sys.exit(_NOT_BLACK)
    _must_show_something(grey, places)
    painter = ImageDraw.Draw(plain)
    for place in places:
        painter.rectangle(place, fill="black")
    written = io.BytesIO()
    plain.save(written, format="JPEG", quality=_QUALITY)
    return written.getvalue()


def _pixels(box: tuple[float, float, float, float], size: tuple[int, int]) -> tuple[int, int, int, int]:
    x, y, width, height = box
    return round(x * size[0]), round(y * size[1]), round((x + width) * size[0]), round((y + height) * size[1])


def _must_show_something(grey: object, places: list[tuple[int, int, int, int]]) -> None:
    """Exit where what isn't black is one colour, blurred beyond reading, or noise."""
    from PIL import Image, ImageChops, ImageFilter, ImageStat

    assert isinstance(grey, Image.Image)  # noqa: S101  (a narrowing for the type checker)
    open_ = Image.new("L", grey.size, 255)
    for place in places:
        open_.paste(0, place)
    scale = min(1.0, _LOOKED_AT / grey.width)
    size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
    small, mask = grey.resize(size), open_.resize(size).point(lambda value: 255 if value == 255 else 0)
    if not mask.getbbox():
        sys.exit(_NOTHING)
    spread = ImageStat.Stat(small, mask).stddev[0]
    edges = ImageStat.Stat(small.filter(ImageFilter.FIND_EDGES), mask).mean[0]
    if spread < _LEAST_SPREAD or edges < _LEAST_EDGES:
        sys.exit(_NOTHING)
    change = ImageStat.Stat(ImageChops.difference(small, ImageChops.offset(small, 1, 0)), mask).mean[0]
    if change > _MOST_CHANGE * spread:
        sys.exit(_NOISE)


if __name__ == "__main__":
    _given = [tuple(float(number) for number in each.split(",")) for each in sys.argv[3:]]
    _boxes = [(each[0], each[1], each[2], each[3]) for each in _given]
    sys.stdout.buffer.write(clean(sys.stdin.buffer.read(), int(sys.argv[1]), int(sys.argv[2]), _boxes))
