"""What runs before a change counts is the same here and on a host, and fetches nothing that isn't locked."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "http://127.0.0.1:9/simple"


def test_the_hosted_description_calls_the_projects_own_script() -> None:
    described = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
    assert "run: bash .ci/run" in described
    assert "://" not in described


def test_hooks_before_a_commit_use_the_tools_of_the_project_alone() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    assert re.findall(r"repo: (\S+)", hooks) == ["local"]
    entries = re.findall(r"entry: (\S+)", hooks)
    assert entries
    assert [entry for entry in entries if not (ROOT / entry).is_file()] == []


def test_locked_requirements_name_no_host_and_hold_a_hash_for_each() -> None:
    for path in ROOT.glob("requirements*.txt"):
        locked = path.read_text()
        assert "://" not in locked
        assert re.findall(r"^\S+==[^\\\n]*$", locked, re.MULTILINE) == [], f"without a hash in {path.name}"


def test_requirements_are_a_part_of_those_for_development() -> None:
    pins = {path.name: set(re.findall(r"^\S+==\S+", path.read_text(), re.MULTILINE)) for path in ROOT.glob("req*.txt")}
    assert len(pins["requirements.txt"]) > 20
    assert pins["requirements.txt"] <= pins["requirements-dev.txt"]


def test_a_registry_out_of_reach_is_neither_green_nor_red(tmp_path: Path) -> None:
    environment = {**os.environ, "UV_DEFAULT_INDEX": NOWHERE, "UV_CACHE_DIR": str(tmp_path), "UV_HTTP_RETRIES": "0"}
    ran = subprocess.run(
        [sys.executable, ".ci/platforms.py"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("not checked, the registry can't be reached") == 3
    assert "suit" not in ran.stdout
