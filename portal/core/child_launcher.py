"""The first thing that a child process runs: it gives up what it doesn't need, then does its work.

It is run as a file by `portal.core.child_process`, with the seconds and bytes that it may use, the file to go on with,
and that file's own arguments.
"""

import os
import resource
import sys
from contextlib import suppress


def limit(seconds: int, memory: int) -> None:
    """Take from this process what it doesn't need: more time and memory, processes, writing to files, a core file."""
    limits = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        with suppress(ValueError, OSError):  # macOS doesn't know all of them
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    limit(int(sys.argv[1]), int(sys.argv[2]))
    os.execv(sys.executable, [sys.executable, "-I", *sys.argv[3:]])  # noqa: S606  (a file of ours, which its caller names)
