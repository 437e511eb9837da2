"""What the guides name is there: files, folders, commands and other pages."""

import re
from pathlib import Path

import pytest

from portal.config import Settings
from portal.wiring import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PATHS = re.compile(
    r"`((?:portal|templates|static|migrations|tests|docs|\.ci|\.github)/[\w./-]+|[\w.-]+\.(?:toml|py|md))`"
)
LINKS = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)(?:#[\w-]+)?\)")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _is_there(name: str) -> bool:
    return (ROOT / name).exists() or any(True for _ in ROOT.glob(f"portal/**/{name}"))


def _in_examples() -> str:
    return "".join(path.read_text() for path in sorted((ROOT / "tests" / "guide").glob("*.patch")))


@pytest.mark.parametrize("guide", GUIDES, ids=named)
def test_every_file_that_a_guide_names_is_there(guide: Path) -> None:
    examples = _in_examples()
    missing = [name for name in PATHS.findall(guide.read_text()) if not _is_there(name) and f"b/{name}" not in examples]
    assert not missing


@pytest.mark.parametrize("guide", GUIDES, ids=named)
def test_every_link_of_a_guide_leads_somewhere(guide: Path) -> None:
    missing = [link for link in LINKS.findall(guide.read_text()) if not (guide.parent / link).exists()]
    assert not missing


def test_every_command_that_a_guide_names_is_there() -> None:
    known = {str(command.name) for command in COMMANDS} | {"migrate", "serve", "worker", "schedule"}
    said = {name for guide in GUIDES for name in re.findall(r"`portal ([a-z]+)", guide.read_text())}
    assert said, "the guides name commands"
    assert said <= known


def test_every_setting_stands_in_the_guide_for_who_runs_it() -> None:
    aliases = {str(field.alias) for field in Settings.model_fields.values()}
    rows = [line for line in (ROOT / "docs" / "running.md").read_text().splitlines() if line.startswith("| `")]
    told = {name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row)}
    assert len(aliases) > 20
    assert aliases == told
