"""Reading a file of a foreign format in a child process with limits, so that no file can harm the process that asks."""

import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

import structlog

_LAUNCHER = Path(__file__).with_name("child_launcher.py")
_WAITS = 4  # so many times its seconds of work may pass by the clock, on a machine that is busy
_log = structlog.get_logger("portal")


@dataclass(frozen=True)
class Limits:
    """What a child may use: seconds of work, bytes of memory, bytes of output."""

    seconds: int
    memory: int
    output: int


def run_child(script: Path, *arguments: str, content: bytes, limits: Limits) -> tuple[int, bytes]:
    """Run a Python file on `content`, which it reads whole from its input; return its exit and what it wrote.

    It is isolated, without an environment of its own: it is given no settings and no keys. One that takes too long or
    writes too much is ended, with an exit below 0.
    """
    command = [sys.executable, "-I", str(_LAUNCHER), str(limits.seconds), str(limits.memory), str(script), *arguments]
    with subprocess.Popen(
        command, env={}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        timer = Timer(_WAITS * limits.seconds, child.kill)
        timer.start()
        try:
            output = _converse(child, content, limits.output)
        finally:
            timer.cancel()
    if child.returncode < 0:
        _log.warning("child_ended", script=script.name, signal=-child.returncode)
    return child.returncode, output


def _converse(child: "subprocess.Popen[bytes]", content: bytes, most: int) -> bytes:
    """Hand over the input, then take the output; a child that writes more than it may is ended."""
    asked, answered = child.stdin, child.stdout
    if asked is None or answered is None:
        raise ValueError("the child has no pipes")
    with suppress(BrokenPipeError):
        asked.write(content)
    with suppress(BrokenPipeError):
        asked.close()
    output = answered.read(most + 1)
    if len(output) > most:
        child.kill()
    return output
