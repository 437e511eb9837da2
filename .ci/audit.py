"""Asks whether a pinned package has a known hole: `python .ci/audit.py [FILE…]`, the project's own list unless said.

Ends with 1 where there is one, and with 2 where nobody could be asked: that is no pass. `make check` goes on after a 2,
since it has to work without a network; with MUST_AUDIT set, as on a host, it doesn't. AUDIT_OSV_URL names another
service than the registry, that answers as OSV does.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent


def python_packages(files: list[str]) -> list[str] | None:
    """Known holes as lines, or None where nobody could be asked about each package."""
    command: list[str | Path] = [
        BIN / "pip-audit",
        "--disable-pip",
        "--require-hashes",
        "-f",
        "json",
        "--timeout",
        "10",
    ]
    for file in files:
        command += ["-r", file]
    service = os.environ.get("AUDIT_OSV_URL")
    if service:
        command += ["-s", "osv", "--osv-url", service]
    try:
        ran = subprocess.run(command, check=False, capture_output=True, text=True, timeout=180)
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
    """Print a line for each list and each hole; 1 where there is any hole, 2 where a list couldn't be asked about."""
    files = sys.argv[1:]
    answers = {"Python packages": python_packages(files or ["requirements-dev.txt"])}
    if not files:
        answers["browser packages"] = browser_packages()
    for name, holes in answers.items():
        if holes is None:
            print(f"{name}: NOT AUDITED, the service can't be reached")
        elif holes:
            print("\n".join([f"{name}: known holes", *holes]))
        else:
            print(f"{name}: no known holes")
    if any(answers.values()):
        return 1
    return 2 if None in answers.values() else 0


if __name__ == "__main__":
    sys.exit(main())
