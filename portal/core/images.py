"""Pictures that somebody hands in, read in a child process with limits, so that none of them can harm this one."""

import subprocess
import sys
from pathlib import Path

_CHILD = Path(__file__).with_name("image_child.py")
_SECONDS = 20
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
    # Isolated and without an environment of its own: it imports nothing of ours and is given no settings or keys.
    command = [sys.executable, "-I", str(_CHILD), str(largest_side)]
    try:
        ran = subprocess.run(command, input=content, capture_output=True, env={}, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise ImageRefused("broken") from None
    if ran.returncode:
        raise ImageRefused(_CODES.get(ran.returncode, "broken"))
    return ran.stdout
