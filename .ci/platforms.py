"""Checks that the locked requirements suit every supported platform and Python: resolves them there, installs nothing.

Each package needs a wheel of which the lock file has the hash. A registry that can't be reached says "not checked":
neither green nor red.
"""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

UV = Path(sys.executable).with_name("uv")
PLATFORMS = {
    "x86_64-manylinux_2_28": "Linux on x86-64",
    "aarch64-manylinux_2_28": "Linux on ARM64",
    "aarch64-apple-darwin": "macOS on Apple silicon",
}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LOCKED = ("requirements-dev.txt", "requirements-node.txt")  # requirements.txt is a part of the first
WITHOUT_WHEEL = "odfpy"  # pure Python, of which only the source is published
UNREACHABLE = ("Failed to fetch", "error sending request", "Could not connect", "operation timed out")
HASH = re.compile(r"sha256:([0-9a-f]{64})")


class Unreachable(Exception):
    """The registry doesn't answer."""


def resolve(platform: str, python: str) -> list[dict[str, Any]] | str:
    """Return what would be installed, with the wheels that suit, or why nothing can be; raises Unreachable."""
    command: list[str | Path] = [
        UV,
        "pip",
        "compile",
        "--quiet",
        *LOCKED,
        "--format",
        "pylock.toml",
        "--generate-hashes",
    ]
    command += ["--only-binary", ":all:", "--no-binary", WITHOUT_WHEEL]
    command += ["--python-platform", platform, "--python-version", python]
    environment = {"UV_HTTP_TIMEOUT": "10", "UV_HTTP_RETRIES": "1", **os.environ}
    with TemporaryDirectory() as folder:
        written = Path(folder) / "pylock.toml"
        command += ["--output-file", written]
        ran = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        if not ran.returncode:
            packages: list[dict[str, Any]] = tomllib.loads(written.read_text())["packages"]
            return packages
    if any(sign in ran.stderr for sign in UNREACHABLE):
        raise Unreachable
    return ran.stderr.strip()


def problems_of(packages: list[dict[str, Any]], hashes: set[str]) -> Iterator[str]:
    """Yield a line for each package of which the lock file has no hash of a wheel that suits."""
    for package in packages:
        files = package.get("wheels", [])
        if package["name"] == WITHOUT_WHEEL:
            files = [*files, package.get("sdist", {})]
        if not any(each.get("hashes", {}).get("sha256") in hashes for each in files):
            yield f"no locked wheel of {package['name']} {package['version']}"


def check(platform: str, python: str) -> list[str] | None:
    """Return what is wrong with a platform and a Python, or None where nobody could be asked."""
    hashes = {found for name in LOCKED for found in HASH.findall(Path(name).read_text())}
    try:
        resolved = resolve(platform, python)
    except Unreachable:
        return None
    problems = [resolved] if isinstance(resolved, str) else list(problems_of(resolved, hashes))
    return [f"Python {python}: {problem}" for problem in problems]


def main() -> int:
    """Print a line for each platform, and what is wrong; 1 where anything is."""
    pairs = list(product(PLATFORMS, PYTHONS))
    with ThreadPoolExecutor(4) as pool:
        results = dict(zip(pairs, pool.map(check, *zip(*pairs, strict=True)), strict=True))
    red = 0
    for platform, name in PLATFORMS.items():
        answers = [results[platform, python] for python in PYTHONS]
        problems = [problem for answer in answers for problem in answer or []]
        red += len(problems)
        if problems:
            print("\n".join([f"{name}: the locked requirements don't suit", *problems]))
        elif None in answers:
            print(f"{name}: not checked, the registry can't be reached")
        else:
            print(f"{name}: the locked requirements suit Python {PYTHONS[0]} to {PYTHONS[-1]}")
    return 1 if red else 0


if __name__ == "__main__":
    sys.exit(main())
