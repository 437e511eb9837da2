"""Which way imports run, and that features meet in the right place."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"
FEATURES = {path.parent.name for path in PORTAL.glob("*/__init__.py")} - {"core"}
WITH_SUBJECTS = {path.parts[-3] for path in PORTAL.glob("*/*/__init__.py")} & FEATURES
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_the_import_contracts_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([linter, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_every_feature_stands_in_the_contracts() -> None:
    between = " ".join(CONTRACTS[0]["layers"])
    inside = {container.removeprefix("portal.") for container in CONTRACTS[1]["containers"]}
    assert not [
        feature for feature in FEATURES if f"({feature})" not in between and feature not in CONTRACTS[0]["layers"]
    ]
    laid_out = FEATURES - {"demo", "web"}
    assert inside == laid_out | {f"{feature}.*" for feature in WITH_SUBJECTS & laid_out}


def test_features_meet_through_services_queries_and_models() -> None:
    strays = []
    for path in PORTAL.glob("*/**/*.py"):
        own = path.relative_to(PORTAL).parts[0]
        for module in imports_of(path):
            parts = module.split(".")
            crosses = len(parts) > 2 and parts[0] == "portal" and parts[1] in FEATURES - {own}
            if crosses and parts[2] in {"routes", "forms", "jobs", "commands"}:
                strays.append(f"{path.relative_to(ROOT)} imports {module}")
    assert not strays


def test_services_leave_the_commit_to_the_edge() -> None:
    strays = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in PORTAL.rglob("*.py")
        if "services" in path.parts or path.stem in {"services", "queries", "models", "routes"}
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    assert not strays


def test_only_the_clock_asks_what_time_it_is() -> None:
    strays = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in PORTAL.rglob("*.py")
        if path != PORTAL / "core" / "clock.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date"}
    ]
    assert not strays
