"""Breaks: for each kept promise a patch that switches its rule off, in a copy, where its tests must go red.

A patch stands in `broken/`, called by its promise (`LB-06.patch`, or `LB-06-log.patch` beside it). Its first line says
what is broken.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import NamedTuple
from xml.etree import ElementTree

from tests.promises.marks import kept, marks

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).parent / "broken"
_SHARED = (".venv", "node_modules", "static/vendor")
_ASSERTED = ("AssertionError", "assert ", "Failed: ", "playwright._impl._errors.TimeoutError")
_SLOW = ("/journeys/", "/house/", "concurrency", "killed_worker")
_AT_MOST_SECONDS = 900


class Break(NamedTuple):
    """A patch, the promise whose rule it switches off, and what it does in a sentence."""

    path: Path
    promise: str
    says: str


class Outcome(NamedTuple):
    """What came of a break: the tests that failed on an assertion, and what went wrong instead."""

    red: list[str]
    trouble: str


def list_breaks() -> list[Break]:
    """Return the breaks by name."""
    return [Break(path, path.stem[:5], path.read_text().partition("\n")[0]) for path in sorted(FOLDER.glob("*.patch"))]


def apply(path: Path, root: Path, *options: str) -> None:
    """Apply a patch to a tree; with `--check` only say whether it can be, with `--reverse` take it back.

    Raises CalledProcessError with git's words.
    """
    command = ["git", "apply", *options, "--whitespace=nowarn", str(path)]
    subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)


def _copy_to(copy: Path) -> None:
    """Copy what git knows or could know of the tree, and the messages; what is only installed is shared."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    messages = [str(path.relative_to(ROOT)) for path in ROOT.glob("portal/translations/*/LC_MESSAGES/*.mo")]
    for name in {*filter(None, listed.stdout.split("\0")), *messages}:
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    for name in _SHARED:
        if (ROOT / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).symlink_to(ROOT / name)


def _tests_of(promise: str) -> list[str]:
    """Return the marked tests, each once: those of the promises first, those that need a browser or a worker last."""
    tests = dict.fromkeys(mark.test for mark in marks().get(promise, []))
    return sorted(tests, key=lambda test: (any(name in test for name in _SLOW), "/promises/" not in test))


def _failures(report: Path) -> Iterator[tuple[str, bool, str]]:
    """Yield each test of a report that didn't pass: its name, whether an assertion failed, and its message."""
    for case in ElementTree.parse(report).iter("testcase"):
        for found in (*case.iter("failure"), *case.iter("error")):
            message = found.get("message") or ""
            is_asserted = found.tag == "failure" and message.startswith(_ASSERTED)
            yield str(case.get("name")), is_asserted, message.partition("\n")[0][:160]


def _run(copy: Path, tests: list[str], report: Path) -> Outcome:
    """Run tests in the copy until the first that fails."""
    command = [
        sys.executable, "-m", "pytest", "-q", "-n", "0", "-x", "-p", "no:randomly", "-p", "no:cacheprovider", "--whole",
        f"--junitxml={report}", *tests,
    ]  # fmt: skip
    folder = os.environ.get("INZAGE_TEST_FOLDER") or str(ROOT / "var" / "test")
    environment = os.environ | {"PYTHONPATH": str(copy), "INZAGE_TEST_FOLDER": folder}
    report.unlink(missing_ok=True)
    try:
        ran = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, timeout=_AT_MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return Outcome([], f"nothing failed within {_AT_MOST_SECONDS} seconds")
    if not report.is_file():
        return Outcome([], (ran.stdout + ran.stderr).strip()[-600:])
    found = list(_failures(report))
    red = [name for name, is_asserted, _ in found if is_asserted]
    others = [f"{name}: {message}" for name, is_asserted, message in found if not is_asserted]
    return Outcome(red, "" if red else "\n".join(others) or "every test passed")


def check_breaks(chosen: str, say: Callable[[str], None]) -> int:
    """Apply each break to one copy and demand that a test of its promise fails there; return how many didn't do so.

    `chosen` names promises or breaks; empty, it stands for all there are. A kept promise without one counts too.
    """
    wanted = set(chosen.split(",") if chosen else [*kept(), *(each.promise for each in list_breaks())])
    breaks = [each for each in list_breaks() if {each.promise, each.path.stem} & wanted]
    without = sorted(wanted - {name for each in breaks for name in (each.promise, each.path.stem)})
    wrong = len(without)
    with TemporaryDirectory(prefix="broken-") as folder:
        copy, report = Path(folder) / "tree", Path(folder) / "report.xml"
        _copy_to(copy)
        for each in breaks:
            began = monotonic()
            apply(each.path, copy)
            outcome = _run(copy, _tests_of(each.promise), report)
            apply(each.path, copy, "--reverse")
            wrong += not outcome.red
            state = "red  " if outcome.red else "GREEN"
            say(f"{each.path.stem:14} {state} {monotonic() - began:4.0f} s  {each.says}")
            say(f"{'':28}{', '.join(outcome.red) or outcome.trouble}")
    for name in without:
        say(f"{name:14} has no break in tests/promises/broken")
    say(f"{len(breaks) + len(without) - wrong} of {len(breaks) + len(without)} breaks are noticed")
    return wrong
