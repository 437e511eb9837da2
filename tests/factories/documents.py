"""Pictures of documents, for tests: lines of text on paper, with or without parts that are blacked out."""

import io
from collections.abc import Iterable
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from portal.core.images import Box

SIZE = (900, 600)


def paper(boxes: Iterable[Box] = (), *, size: tuple[int, int] = SIZE, shade: int = 0, form: str = "PNG") -> bytes:
    """Return a picture of a document with these boxes painted; `shade` is how light they are."""
    picture = Image.new("RGB", size, (225, 232, 240))
    painter, dice = ImageDraw.Draw(picture), Random(7)
    for line in range(20, size[1], 34):
        for at in range(20, size[0] - 60, 46):
            painter.rectangle((at, line, at + dice.randint(10, 38), line + 14), fill=(40, 44, dice.randint(40, 120)))
    for box in boxes:
        place = (box.x * size[0], box.y * size[1], (box.x + box.width) * size[0], (box.y + box.height) * size[1])
        painter.rectangle(place, fill=(shade, shade, shade))
    return encoded(picture, form)


def encoded(picture: Image.Image, form: str = "PNG", **facts: object) -> bytes:
    """Return a picture as a file."""
    written = io.BytesIO()
    picture.save(written, format=form, **facts)
    return written.getvalue()


def noise(size: tuple[int, int] = SIZE) -> bytes:
    """Return a picture in which each pixel is another."""
    return encoded(Image.effect_noise(size, 120).convert("RGB"))


def blurred(boxes: Iterable[Box] = ()) -> bytes:
    """Return a document that nobody can read, with its boxes painted."""
    picture = Image.open(io.BytesIO(paper())).filter(ImageFilter.GaussianBlur(80))
    painter = ImageDraw.Draw(picture)
    for box in boxes:
        painter.rectangle(
            (box.x * 900, box.y * 600, (box.x + box.width) * 900, (box.y + box.height) * 600), fill="black"
        )
    return encoded(picture)


TILE = (160, 120)


def shade_of(place: int) -> tuple[int, int, int]:
    """Return the colour of one person's picture in a gallery, counted from 1."""
    return (20 + 25 * place, 240 - 25 * place, 120)


def gallery(columns: int, rows: int, *, form: str = "PNG", **facts: object) -> bytes:
    """Return a screenshot of a lesson: pictures of people beside each other, each of a colour of its own."""
    picture = Image.new("RGB", (TILE[0] * columns, TILE[1] * rows))
    painter = ImageDraw.Draw(picture)
    for place in range(columns * rows):
        row, column = divmod(place, columns)
        left, upper = column * TILE[0], row * TILE[1]
        painter.rectangle((left, upper, left + TILE[0], upper + TILE[1]), fill=shade_of(place + 1))
        painter.ellipse((left + 50, upper + 30, left + 110, upper + 90), fill="black")
    return encoded(picture, form, **facts)
