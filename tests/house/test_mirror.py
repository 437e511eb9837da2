"""Where a test stands: at the path of what it tests, so that a reader finds one from the other."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
ELSEWHERE = {"house", "journeys", "promises", "bench", "guide", "release", "factories"}
"""Rules, journeys through a browser, promises and speeds are about no one module."""
LEAST = 0.95


def _tested() -> list[Path]:
    found = [path.relative_to(TESTS) for path in sorted(TESTS.rglob("test_*.py"))]
    return [path for path in found if path.parts[0] not in ELSEWHERE]


def _has_module(path: Path) -> bool:
    """Say whether `portal/a/b.py` is there for `tests/a/test_b.py`, or for `tests/a/b/test_anything.py`."""
    beside = ROOT / "portal" / path.parent / f"{path.stem.removeprefix('test_')}.py"
    above = (ROOT / "portal" / path.parent).with_suffix(".py")
    return beside.is_file() or above.is_file()


def test_tests_stand_at_the_path_of_their_module() -> None:
    tests = _tested()
    strays = [str(path) for path in tests if not _has_module(path)]
    assert len(tests) > 100
    assert len(strays) <= (1 - LEAST) * len(tests), strays
