"""Pictures that somebody hands in, read in a child process with limits, so that none of them can harm this one."""

from pathlib import Path

from portal.core.child_process import Limits, run_child

_CHILD = Path(__file__).with_name("image_child.py")
_LIMITS = Limits(seconds=5, memory=512 * 1024 * 1024, output=16 * 1024 * 1024)
# What the child's exit says; each other end means that the file is broken.
_CODES = {3: "not_png", 4: "too_wide"}


class ImageRefused(Exception):
    """A file that is no usable picture: `code` is not_png, too_wide or broken."""

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
