"""Modules, classes, functions, fields, partials and macros carry the words of the field, not words of our own."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OUR_OWN = (
    "around", "who_asks", "frame", "stencil", "hole", "shape", "wire", "edge", "apart", "after", "many", "across",
    "meanwhile", "lapses", "fleeting", "words", "acts", "shown", "drawn",
)  # fmt: skip
FORBIDDEN = re.compile(rf"(?:^|_)(?:{'|'.join(OUR_OWN)})(?:_|$)")
MACRO = re.compile(r"{%-?\s*(?:macro|block)\s+(\w+)")
# The tree gives one its name: where features are wired together. The other is a noun: who runs the portal for schools.
NOUNS = {"wiring", "hosting"}


def snake_case(name: str) -> str:
    """Return a name in any style in snake_case: `ShownRow` and `shown-row` are `shown_row`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|\W", "_", name).strip("_").lower()


def is_of_our_own(name: str) -> bool:
    """Say whether a part of this name is a word that nobody knows from elsewhere."""
    return FORBIDDEN.search(snake_case(name)) is not None


def names_in(tree: ast.Module) -> Iterator[str]:
    """Yield what a module calls its classes, functions and methods, and what it imports under another name."""
    for node in ast.walk(tree):
        is_named = isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if is_named and not node.name.startswith("test_"):  # a test's name is a sentence that pytest prints
            yield node.name
        if isinstance(node, ast.alias) and node.asname:
            yield node.asname
        if isinstance(node, ast.ClassDef):
            yield from fields_of(node)


def fields_of(node: ast.ClassDef) -> Iterator[str]:
    """Yield the fields of a dataclass or named tuple whose whole name is one of the words.

    Within a name the words may stand: `statement_shown_at` says when a statement was shown.
    """
    makers = ast.unparse(ast.Tuple([*node.decorator_list, *node.bases], ast.Load()))
    if "dataclass" in makers or "NamedTuple" in makers:
        for each in node.body:
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name) and each.target.id in OUR_OWN:
                yield each.target.id


def is_gerund(path: Path) -> bool:
    """Say whether a module or package is called by what it does instead of by a noun."""
    name = path.parent.name if path.stem == "__init__" else path.stem
    return name.endswith("ing") and name not in NOUNS


def paths(*patterns: str) -> list[Path]:
    """Return what the patterns find."""
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern))


MODULES = paths("wsgi.py", "portal/**/*.py", "tests/**/*.py", "migrations/**/*.py", ".ci/*.py")
TEMPLATES = paths("templates/**/*.*")


def test_modules_are_nouns_of_the_field() -> None:
    assert len(MODULES) > 500
    called = {path: path.parent.name if path.stem == "__init__" else path.stem for path in MODULES}
    assert not [str(path) for path, name in called.items() if is_of_our_own(name)]
    assert not [str(path) for path in MODULES if path.is_relative_to(ROOT / "portal") and is_gerund(path)]


def test_classes_and_functions_have_names_of_the_field() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in MODULES
        for name in names_in(ast.parse(path.read_text()))
        if is_of_our_own(name)
    }
    assert not found


def test_templates_blocks_and_macros_have_names_of_the_field() -> None:
    assert len(TEMPLATES) > 100
    files = [str(path) for path in TEMPLATES if is_of_our_own(path.name.partition(".")[0])]
    macros = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in TEMPLATES
        for name in MACRO.findall(path.read_text())
        if is_of_our_own(name)
    ]
    assert not files
    assert not macros


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def role_words(): ...", "role_words"),
        ("class ShownRow: ...", "ShownRow"),
        ("class A:\n    async def look_after(self): ...", "look_after"),
        ("import x as across", "across"),
        ("@dataclass\nclass A:\n    apart: int", "apart"),
        ("class A(NamedTuple):\n    shown: str", "shown"),
    ],
)
def test_a_word_of_our_own_is_found(source: str, found: str) -> None:
    assert [name for name in names_in(ast.parse(source)) if is_of_our_own(name)] == [found]


@pytest.mark.parametrize("name", ["factsheet", "contacts", "frameworks", "password", "Germany", "hedge", "reacts"])
def test_a_word_that_only_holds_one_is_fine(name: str) -> None:
    assert not is_of_our_own(name)


@pytest.mark.parametrize(
    ("path", "expected"),
    [("demo/filling.py", True), ("demo/filling/__init__.py", True), ("wiring.py", False), ("demo/files.py", False)],
)
def test_a_gerund_is_found(path: str, expected: bool) -> None:
    assert is_gerund(Path(path)) is expected
