"""The two examples of the contributor's guide, applied to a copy of the project: they still apply and still work."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = {
    "column": ("tests/learners/record/services/test_call_name.py", "tests/house/test_personal_data.py"),
    "page": ("tests/courses/rooms/test_routes.py",),
}
LANGUAGES = ("en", "ar")
RULES = ("tests/house/test_translations.py", "tests/house/test_migrations.py")
"""What a change of this kind is most likely to forget."""


def _run(folder: Path, *command: str, **environment: str) -> str:
    ran = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=900
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
    return ran.stdout


def _copy(folder: Path) -> None:
    """Copy what git tracks, and the browser files that a setup fetched."""
    for name in _run(ROOT, "git", "ls-files", "-z").split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    shutil.copytree(ROOT / "static" / "vendor", folder / "static" / "vendor", dirs_exist_ok=True)


def _compile_messages(folder: Path) -> None:
    for path in folder.glob("portal/translations/*/LC_MESSAGES/messages.po"):
        with path.open("rb") as source, path.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source))


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_guide_applies_and_works(example: str, tmp_path: Path) -> None:
    patch = ROOT / "tests" / "guide" / f"{example}.patch"
    _copy(tmp_path)
    _run(tmp_path, "git", "init", "-q")
    _run(tmp_path, "git", "apply", str(patch))
    _run(
        tmp_path,
        sys.executable,
        "-m",
        "tests.catalogues",
        *(str(patch.with_suffix(f".{language}.po")) for language in LANGUAGES),
    )
    _compile_messages(tmp_path)

    said = _run(
        tmp_path,
        sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *EXAMPLES[example], *RULES,
        INZAGE_TEST_FOLDER=str(ROOT / "var" / "test"),
        PYTEST_ADDOPTS="",
    )  # fmt: skip

    assert " passed" in said


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_guide_names_what_an_example_changes(example: str) -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text()
    patch = (ROOT / "tests" / "guide" / f"{example}.patch").read_text()
    assert f"tests/guide/{example}.patch" in guide
    touched = [line.split(" b/")[1] for line in patch.splitlines() if line.startswith("diff --git")]
    unnamed = [name for name in touched if name.startswith("portal/") and name.endswith(".py") and name not in guide]
    assert [name for name in unnamed if not name.endswith("__init__.py")] == []
