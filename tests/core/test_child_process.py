"""A child process has what it needs to read one file, and nothing more; whatever it does, its parent goes on."""

import json
import os
import time
from pathlib import Path

import pytest

from portal.core.child_process import Limits, run_child

MEGABYTE = 1024 * 1024
LIMITS = Limits(seconds=2, memory=256 * MEGABYTE, output=MEGABYTE)


def ran(
    tmp_path: Path, script: str, *arguments: str, content: bytes = b"", limits: Limits = LIMITS
) -> tuple[int, bytes]:
    path = tmp_path / "child.py"
    path.write_text(f"import os, resource, sys, time\n{script}")
    return run_child(path, *arguments, content=content, limits=limits)


def test_it_reads_its_input_and_its_answer_is_taken(tmp_path: Path) -> None:
    said = "sys.stdout.buffer.write(sys.argv[1].encode() + sys.stdin.buffer.read()[::-1])"
    assert ran(tmp_path, said, "a", content=b"cb" * 200_000) == (0, b"a" + b"bc" * 200_000)


def test_its_exit_is_taken(tmp_path: Path) -> None:
    assert ran(tmp_path, "sys.exit(3)", content=bytes(MEGABYTE)) == (3, b"")


def test_it_is_given_no_settings_and_no_more_than_its_limits(tmp_path: Path) -> None:
    said = (
        "print([*os.environ], *(resource.getrlimit(getattr(resource, 'RLIMIT_' + each))[0] for each in sys.argv[1:]))"
    )
    _, output = ran(tmp_path, said, "CPU", "AS", "NPROC", "FSIZE", "CORE")
    settings, _, limits = output.decode().rpartition("]")
    assert limits.split() == ["2", str(256 * MEGABYTE), "0", "0", "0"]
    assert not {"DATABASE_URL", "PORTAL_KEYS_URL", "REDIS_URL"} & set(json.loads(f"{settings}]".replace("'", '"')))
    assert os.environ.get("DATABASE_URL")


@pytest.mark.parametrize(
    "script",
    [
        "held = bytearray(512 * 2**30)",
        "while True: pass",
        "time.sleep(60)",
        "while True: sys.stdout.write('x' * 4096)",
        "open(__file__ + '.left', 'wb', buffering=0).write(b'x')",
        "os.abort()",
        "os.kill(os.getpid(), 9)",
    ],
    ids=["memory", "time", "waiting", "output", "files", "abort", "killed"],
)
def test_whatever_it_does_it_ends_alone(tmp_path: Path, script: str) -> None:
    began = time.monotonic()
    ended, output = ran(tmp_path, script, limits=Limits(seconds=1, memory=256 * MEGABYTE, output=MEGABYTE))
    assert ended
    assert len(output) <= MEGABYTE + 1
    assert time.monotonic() - began < 20
