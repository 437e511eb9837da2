"""A logo keeps its picture and nothing else."""

import struct

import pytest

from portal.core.errors import Invalid
from portal.schools.png import LARGEST, cleaned_png
from tests.schools.pictures import chunk, png


def refusal_of(content: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        cleaned_png(content)
    assert caught.value.field == "logo"
    return caught.value.code


def test_a_plain_picture_comes_out_as_it_was() -> None:
    assert cleaned_png(png()) == png()


def test_texts_and_profiles_are_left_behind() -> None:
    told = chunk(b"tEXt", b"Author\0Somebody") + chunk(b"eXIf", b"where she lives")

    cleaned = cleaned_png(png(extra=told))

    assert b"Somebody" not in cleaned
    assert cleaned == png()


def test_bytes_after_the_end_are_left_behind() -> None:
    assert cleaned_png(png() + b"<script>") == png()


def test_a_palette_is_kept() -> None:
    palette = chunk(b"PLTE", b"\1\2\3") + chunk(b"tRNS", b"\0")

    assert cleaned_png(png(colour=3, extra=palette)) == png(colour=3, extra=palette)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "logo_not_png"),
        (b"GIF89a", "logo_not_png"),
        (b"<svg onload=alert(1)>", "logo_not_png"),
        (png()[:-4], "logo_broken"),
        (png()[:-20], "logo_broken"),
        (png().replace(b"IDAT", b"IDAX"), "logo_broken"),
        (png(rows=2), "logo_broken"),
        (png(rows=400_000), "logo_broken"),
        (png(colour=3), "logo_broken"),
        (png(colour=0, extra=chunk(b"PLTE", b"\1\2\3")), "logo_broken"),
        (png(extra=chunk(b"ABCD", b"x")), "logo_broken"),
        (png(width=1025), "logo_too_wide"),
        (png(depth=4), "logo_kind"),
        (b"\x89PNG" + bytes(LARGEST), "logo_too_large"),
    ],
)
def test_what_is_no_plain_picture_is_refused(content: bytes, code: str) -> None:
    assert refusal_of(content) == code


def test_a_head_that_promises_a_huge_picture_is_refused_before_unpacking() -> None:
    head = struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 6, 0, 0, 0)
    whole = png()

    assert refusal_of(whole[:8] + chunk(b"IHDR", head) + whole[33:]) == "logo_too_wide"
