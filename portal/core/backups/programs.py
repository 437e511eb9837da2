"""PostgreSQL's own programs: pg_dump writes into a stream, pg_restore reads from one."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from sqlalchemy import make_url

from portal.core.backups.errors import BackupError

_BLOCK_BYTES = 256 * 1024
_ERROR = re.compile(r"(?:error|fatal): *(.*)", re.IGNORECASE)


def find_program(name: str, folder: Path | None, server: int) -> Path:
    """Return where a program is that isn't older than the server; raises BackupError.

    `folder` is PORTAL_PG_PROGRAMS, `server` the version of the server as PostgreSQL gives it (180006).
    """
    found = shutil.which(name, path=str(folder) if folder is not None else None)
    if found is None:
        where = f"not in {folder} (PORTAL_PG_PROGRAMS)" if folder is not None else "not here: set PORTAL_PG_PROGRAMS"
        raise BackupError(f"{name} is {where}")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"(\d+)", said)
    major, wanted = int(number[1]) if number else 0, server // 10_000
    if major < wanted:
        raise BackupError(f"{name} {major} is older than the server ({wanted}): set PORTAL_PG_PROGRAMS to a newer one")
    return Path(found)


def address_of(url: str) -> tuple[str, dict[str, str]]:
    """Return an address for PostgreSQL's programs, and the environment that has its password: none stands in `ps`."""
    parsed = make_url(url)
    secret = {} if parsed.password is None else {"PGPASSWORD": str(parsed.password)}
    plain = parsed.set(drivername="postgresql", password=None)
    return plain.render_as_string(hide_password=False), {**os.environ, **secret}


def _first_error(said: IO[bytes]) -> str:
    """Return the first line that tells an error: those after it may hold values of rows."""
    said.seek(0)
    for line in said.read().decode(errors="replace").splitlines():
        found = _ERROR.search(line)
        if found:
            return found[1].strip()
    return "it ended without saying why"


def output_of(command: Sequence[str | Path], environment: dict[str, str]) -> Iterator[bytes]:
    """Yield what a program writes, block by block; raises BackupError where it fails, after its last block."""
    with TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, env=environment)
        try:
            written = _pipe(process.stdout)
            while block := written.read(_BLOCK_BYTES):
                yield block
            if process.wait() != 0:
                raise BackupError(f"{Path(command[0]).name}: {_first_error(said)}")
        finally:
            _end(process)


def feed(command: Sequence[str | Path], environment: dict[str, str], content: Iterable[bytes]) -> bytes:
    """Let a program read a stream to its end, and return what it writes; raises BackupError where it fails.

    The stream is read to its end too where the program wants no more of it: whoever gives it knows then that it is
    whole. What goes wrong in the stream ends the program.
    """
    with TemporaryFile() as said, TemporaryFile() as written:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=written, stderr=said, env=environment)
        try:
            _pour(process, content)
            if process.wait() != 0:
                raise BackupError(f"{Path(command[0]).name}: {_first_error(said)}")
        finally:
            _end(process)
        written.seek(0)
        return written.read()


def _pour(process: subprocess.Popen[bytes], content: Iterable[bytes]) -> None:
    wanted, wants_more = _pipe(process.stdin), True
    for block in content:
        if wants_more:
            try:
                wanted.write(block)
            except BrokenPipeError:
                wants_more = False
    with suppress(BrokenPipeError):
        wanted.close()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    """Return a pipe that a program was started with."""
    if pipe is None:
        raise RuntimeError("the program was started without this pipe")
    return pipe


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program that still runs: its reader or its stream failed."""
    if process.poll() is None:
        process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()
    process.wait()
