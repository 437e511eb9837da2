"""Asks whether a pinned package has a known hole.

A service that can't be reached says "not audited": neither green nor red.
"""

import json
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent


def python_packages() -> list[str] | None:
    """Known holes as lines, or None where nobody could be asked."""
    command: list[str | Path] = [
        BIN / "pip-audit",
        "--disable-pip",
        "--require-hashes",
        "-r",
        "requirements-dev.txt",
        "-f",
        "json",
    ]
    try:
        ran = subprocess.run([*command, "--timeout", "10"], check=False, capture_output=True, text=True, timeout=180)
        packages = json.loads(ran.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return None
    asked = [package for package in packages if "vulns" in package]
    holes = [f"{package['name']} {package['version']}: {hole['id']}" for package in asked for hole in package["vulns"]]
    return holes if holes or len(asked) == len(packages) else None


def browser_packages() -> list[str] | None:
    """The same for what npm brings."""
    try:
        ran = subprocess.run([".ci/npm", "audit", "--json"], check=False, capture_output=True, text=True, timeout=60)
        holes = json.loads(ran.stdout)["vulnerabilities"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return None
    return [f"{name}: {hole['severity']}" for name, hole in holes.items()]


def main() -> int:
    """Print a line for each list and each hole; 1 where there is any hole."""
    red = 0
    for name, holes in (("Python packages", python_packages()), ("browser packages", browser_packages())):
        if holes is None:
            print(f"{name}: not audited, the service can't be reached")
        elif holes:
            red = 1
            print("\n".join([f"{name}: known holes", *holes]))
        else:
            print(f"{name}: no known holes")
    return red


if __name__ == "__main__":
    sys.exit(main())
