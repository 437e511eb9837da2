"""Ends a folder's shared services once nobody uses them: `python -m portal.demo.idle FOLDER SECONDS`.

Started with them; there is one for each folder.
"""

import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path

from portal.demo.services import is_held, locked, stop_locked

_LOOK_SECONDS = 1.0


def _is_idle(folder: Path, seconds: float) -> bool:
    """Return True once nobody has used the services for so long; False where they were stopped by somebody else."""
    used_at = time.monotonic()
    while (folder / "in-use").exists():
        if is_held(folder / "in-use"):
            used_at = time.monotonic()
        elif time.monotonic() - used_at >= seconds:
            return True
        time.sleep(min(_LOOK_SECONDS, seconds))
    return False


def watch(folder: Path, seconds: float) -> None:
    """Stop the services once nobody has used them for so many seconds; BlockingIOError where another watches them."""
    with ExitStack() as alone:
        alone.enter_context(locked(folder / "watcher.lock", wait=False))
        while _is_idle(folder, seconds):
            with locked(folder / "lock"):
                if is_held(folder / "in-use"):
                    continue
                stop_locked(folder)
                alone.close()  # before the lock of the folder: who starts the services next starts a watcher too
                return


if __name__ == "__main__":
    with suppress(BlockingIOError):
        watch(Path(sys.argv[1]), float(sys.argv[2]))
