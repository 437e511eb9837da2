"""A picture in which parts must be black: measured in its pixels, and encoded anew without what came along."""

import io

import pytest
from PIL import Image

from portal.core.images import Box, ImageRefused, masked_jpeg
from tests.factories.documents import blurred, encoded, noise, paper

BOXES = [Box(0.05, 0.2, 0.3, 0.5), Box(0.0, 0.8, 1.0, 0.2)]


def masked(content: bytes, boxes: list[Box] | None = None) -> bytes:
    return masked_jpeg(content, BOXES if boxes is None else boxes, smallest_side=300, largest_side=3000)


def refusal_of(content: bytes, boxes: list[Box] | None = None) -> str:
    with pytest.raises(ImageRefused) as caught:
        masked(content, boxes)
    return caught.value.code


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_picture_whose_boxes_are_black_is_encoded_anew(form: str) -> None:
    found = Image.open(io.BytesIO(masked(paper(BOXES, form=form))))
    assert (found.format, found.size) == ("JPEG", (900, 600))
    assert max(found.convert("L").crop((60, 140, 300, 400)).getextrema()) < 40


def test_what_came_along_is_left_behind() -> None:
    exif = Image.Exif()
    exif[0x010E] = "where she lives"
    content = encoded(Image.open(io.BytesIO(paper(BOXES))), "JPEG", exif=exif, comment=b"her name")
    assert b"lives" not in masked(content)
    assert b"her name" not in masked(content + b"<script>")
    assert b"<script>" not in masked(content + b"<script>")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (paper(), "not_black"),
        (paper(BOXES[:1]), "not_black"),
        (paper(BOXES, shade=90), "not_black"),
        (paper([Box(0.05, 0.2, 0.15, 0.5), BOXES[1]]), "not_black"),
        (paper([Box(0, 0, 1, 1)]), "nothing_to_read"),
        (blurred(BOXES), "nothing_to_read"),
        (paper(BOXES, size=(400, 200)), "too_small"),
        (paper(BOXES, size=(3200, 400)), "too_wide"),
        (b"%PDF-1.4", "not_picture"),
        (b"", "not_picture"),
        (paper(BOXES)[:900], "broken"),
    ],
)
def test_what_shows_through_or_shows_nothing_is_refused(content: bytes, code: str) -> None:
    assert refusal_of(content) == code


def test_noise_is_refused() -> None:
    assert refusal_of(noise(), []) == "noise"


def test_what_is_see_through_is_not_black() -> None:
    picture = Image.open(io.BytesIO(paper(BOXES))).convert("RGBA")
    for box in BOXES:
        place = tuple(round(each) for each in (box.x * 900, box.y * 600, box.width * 900, box.height * 600))
        picture.paste((0, 0, 0, 120), (place[0], place[1], place[0] + place[2], place[1] + place[3]))
    assert refusal_of(encoded(picture)) == "not_black"
