"""Pictures that somebody hands in, read in a child process with limits, so that none of them can harm this one."""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from portal.core.child_process import Limits, run_child

_CHILD = Path(__file__).with_name("image_child.py")
_LIMITS = Limits(seconds=5, memory=512 * 1024 * 1024, output=16 * 1024 * 1024)
# What the child's exit says; each other end means that the file is broken.
_CODES = {3: "not_png", 4: "too_wide"}


_MASKED_CHILD = Path(__file__).with_name("masked_image_child.py")
_MASKED_LIMITS = Limits(seconds=10, memory=1024 * 1024 * 1024, output=16 * 1024 * 1024)
_PARTS_CHILD = Path(__file__).with_name("image_parts_child.py")
_PARTS_LIMITS = Limits(seconds=10, memory=1024 * 1024 * 1024, output=32 * 1024 * 1024)
_PARTS_CODES = {3: "not_picture", 4: "too_wide", 5: "too_small", 7: "nothing_to_see"}
_LENGTH = struct.Struct(">I")
_MASKED_CODES = {3: "not_picture", 4: "too_wide", 5: "too_small", 6: "not_black", 7: "nothing_to_read", 8: "noise"}


class Box(NamedTuple):
    """A part of a picture, in fractions of its width and height from the upper left corner."""

    x: float
    y: float
    width: float
    height: float


class ImageRefused(Exception):
    """A file that is no usable picture: `code` is not_png, too_wide, broken, or what `masked_jpeg` says."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def clean_png(content: bytes, *, largest_side: int) -> bytes:
    """Return a PNG decoded and encoded anew: its picture alone, without texts, places, profiles, or bytes behind it.

    `largest_side` is in pixels, and is looked at before anything is unpacked. Raises ImageRefused.
    """
    ended, cleaned = run_child(_CHILD, str(largest_side), content=content, limits=_LIMITS)
    if ended:
        raise ImageRefused(_CODES.get(ended, "broken"))
    return cleaned


def masked_jpeg(content: bytes, boxes: Sequence[Box], *, smallest_side: int, largest_side: int) -> bytes:
    """Return a PNG or JPEG encoded anew, without what came along, in which each of these boxes is black.

    The boxes are measured in the pixels: what isn't opaque and black there is refused, as are noise, blur beyond
    reading and what is too small. Whether a box lies over what it is meant to cover, nothing here can know. Raises
    ImageRefused: not_picture, too_wide, too_small, not_black, nothing_to_read, noise or broken.
    """
    places = [f"{box.x:.5f},{box.y:.5f},{box.width:.5f},{box.height:.5f}" for box in boxes]
    ended, cleaned = run_child(
        _MASKED_CHILD, str(smallest_side), str(largest_side), *places, content=content, limits=_MASKED_LIMITS
    )
    if ended:
        raise ImageRefused(_MASKED_CODES.get(ended, "broken"))
    return cleaned


def parts_of(
    content: bytes, parts: Sequence[int], *, columns: int, rows: int, smallest_side: int, largest_side: int
) -> list[bytes]:
    """Return parts of a PNG or JPEG, each encoded anew as a JPEG of its own, without what came along.

    The picture is a grid of equal parts, counted from 1, row by row from the upper left; what isn't asked for isn't in
    what comes back. `smallest_side` is of a part, `largest_side` of the picture. Raises ImageRefused: not_picture,
    too_wide, too_small, nothing_to_see (one of the parts) or broken.
    """
    numbers = [str(each) for each in (smallest_side, largest_side, columns, rows, *parts)]
    ended, found = run_child(_PARTS_CHILD, *numbers, content=content, limits=_PARTS_LIMITS)
    if ended:
        raise ImageRefused(_PARTS_CODES.get(ended, "broken"))
    cut: list[bytes] = []
    while found:
        (length,), rest = _LENGTH.unpack(found[: _LENGTH.size]), found[_LENGTH.size :]
        cut.append(rest[:length])
        found = rest[length:]
    return cut
