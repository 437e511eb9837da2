"""Tries the portal on each supported Python that is here, other than the one of .venv, which runs the whole suite.

Each gets a throw-away environment with the locked packages; the app is imported and a fast part of the tests run.
Names of versions choose among them. A Python that isn't here, or whose packages can't be fetched, says so: neither
green nor red.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from portal.demo.services import ensure

UV = Path(sys.executable).with_name("uv")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
TESTS = ("tests/attendance", "tests/core/crypto")  # a page and its forms on a database, and what is compiled
UNREACHABLE = ("Failed to fetch", "error sending request", "Could not connect", "operation timed out")


def candidates(version: str) -> Iterator[str]:
    """Yield where a Python of this version may be: on the path, or among those of pyenv."""
    on_path = shutil.which(f"python{version}")
    if on_path:
        yield on_path
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from map(str, sorted(pyenv.glob(f"versions/{version}*/bin/python")))


def find(version: str) -> str | None:
    """Return a Python of this version that runs, or None."""
    says = "import sys; print('%d.%d' % sys.version_info[:2])"
    for python in candidates(version):
        ran = subprocess.run([python, "-c", says], check=False, capture_output=True, text=True)
        if ran.stdout.strip() == version:
            return python
    return None


def make_environment(python: str, folder: Path) -> str | None:
    """Install the locked packages for a Python; return what went wrong, or None."""
    environment = {**os.environ, "VIRTUAL_ENV": str(folder)}
    make: list[str | Path] = [UV, "venv", "--quiet", "--python", python, folder]
    install: list[str | Path] = [UV, "pip", "install", "--quiet", "--require-hashes", "-r", "requirements-dev.txt"]
    for command in (make, install):
        ran = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        if ran.returncode:
            return ran.stderr.strip()
    return None


def run_tests(folder: Path) -> str | None:
    """Import the app and run the fast tests; return what failed, or None."""
    words = ["-q", "-n", "2", "-p", "no:cacheprovider", *TESTS]
    for command in (["-c", "import portal.app, portal.cli"], ["-m", "pytest", *words]):
        ran = subprocess.run([folder / "bin" / "python", *command], check=False, capture_output=True, text=True)
        if ran.returncode:
            return (ran.stdout + ran.stderr).strip()[-4000:]
    return None


def check(version: str) -> tuple[str, bool]:
    """Return a line about a version, and whether it is green enough to go on."""
    if version == ".".join(map(str, sys.version_info[:2])):
        return "all tests run on it", True
    python = find(version)
    if python is None:
        return "not here", True
    began = time.monotonic()
    with TemporaryDirectory(prefix=f"python-{version}-", dir="var") as made:
        folder = Path(made) / "venv"
        problem = make_environment(python, folder)
        if problem and any(sign in problem for sign in UNREACHABLE):
            return "not checked, the registry can't be reached", True
        problem = problem or run_tests(folder)
    took = f"{time.monotonic() - began:.0f} s"
    return (f"fails\n{problem}", False) if problem else (f"the app is imported and the fast tests pass ({took})", True)


def main() -> int:
    """Print a line for each version; 1 where one fails."""
    green = True
    ensure(Path("var/test").resolve())  # by this Python, whose programs stay
    for version in sys.argv[1:] or PYTHONS:
        line, holds = check(version)
        green &= holds
        print(f"Python {version}: {line}", flush=True)
    return 0 if green else 1


if __name__ == "__main__":
    sys.exit(main())
