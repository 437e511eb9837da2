"""Libraries are used by their public names: none that begins with an underscore, nothing of theirs replaced.

A name with an underscore in front is our own where the file itself defines it, or, in a test, where some file of ours
does. A class of a library is extended where it can be imported by a path without an underscore, and no private name
of it is defined anew. What a library documents with an underscore is listed.
"""

import ast
import importlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
OURS = ("portal", "tests", "migrations")
SOURCES = sorted(path for folder in (*OURS, ".ci") for path in (ROOT / folder).rglob("*.py"))
# Public, although they begin with an underscore: of named tuples (Python's documentation) and of SQLAlchemy's Row.
DOCUMENTED = {"_asdict", "_fields", "_make", "_replace", "_mapping"}
# Flask's proxies of this request and this browser, which its documentation assigns to.
PROXIES = {"flask.g", "flask.session", "flask.request"}


def is_private(name: str) -> bool:
    """Say whether a name begins with one underscore; `_` alone is gettext's."""
    return name.startswith("_") and not name.startswith("__") and name not in DOCUMENTED and name.strip("_") != ""


def is_ours(dotted: str) -> bool:
    """Say whether a module is the project's own."""
    return dotted.partition(".")[0] in OURS


def imports_of(tree: ast.Module) -> dict[str, str]:
    """Return what a module imports: the name it has here, and where it comes from."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found |= {each.asname or each.name: f"{node.module or ''}.{each.name}" for each in node.names}
        elif isinstance(node, ast.Import):
            for each in node.names:
                found[each.asname or each.name.partition(".")[0]] = each.name
    return found


def defined_in(tree: ast.Module) -> set[str]:
    """Return the names that a module defines: classes, functions, variables and attributes that it sets."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and is_own_object(node.value):
            found.add(node.attr)
    return found


def is_own_object(node: ast.expr) -> bool:
    """Say whether this is `self` or `cls`."""
    return isinstance(node, ast.Name) and node.id in {"self", "cls"}


@lru_cache(maxsize=1)
def defined_anywhere() -> frozenset[str]:
    """Return every name that the project defines."""
    return frozenset(name for path in SOURCES for name in defined_in(ast.parse(path.read_text())))


def root_of(node: ast.expr) -> str:
    """Return the name that a chain of attributes begins with; "" for another expression."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def faults_in(source: str, *, is_test: bool = False) -> Iterator[str]:
    """Yield the private names of libraries that a source reads, and what it replaces in them."""
    tree = ast.parse(source)
    imported = imports_of(tree)
    own = defined_in(tree) | (defined_anywhere() if is_test else set())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _private_imports(node)
        elif isinstance(node, ast.Attribute):
            yield from _private_attribute(node, imported, own)
        elif isinstance(node, ast.Call):
            yield from _replaced_by_call(node, imported)


def _private_imports(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    module = f"{node.module or ''}." if isinstance(node, ast.ImportFrom) else ""
    for each in node.names:
        dotted = f"{module}{each.name}"
        if not is_ours(dotted) and any(is_private(part) for part in dotted.split(".")):
            yield f"imports {dotted}"


def _private_attribute(node: ast.Attribute, imported: dict[str, str], own: set[str] | frozenset[str]) -> Iterator[str]:
    source = imported.get(root_of(node), "")
    is_of_library = source != "" and not is_ours(source)
    if is_private(node.attr) and (is_of_library or node.attr not in own):
        yield f"reads {ast.unparse(node)}"
    if isinstance(node.ctx, ast.Store | ast.Del) and is_of_library and source not in PROXIES:
        yield f"replaces {ast.unparse(node)}"


def _replaced_by_call(node: ast.Call, imported: dict[str, str]) -> Iterator[str]:
    called = node.func.id if isinstance(node.func, ast.Name) else ""
    if called in {"setattr", "delattr"} and node.args:
        source = imported.get(root_of(node.args[0]), "")
        if source and not is_ours(source) and source not in PROXIES:
            yield f"replaces {ast.unparse(node)}"
    elif called == "getattr" and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
        name = str(node.args[1].value)
        if is_private(name):
            yield f"reads {name}"


def test_no_private_name_of_a_library_is_used_and_nothing_of_it_replaced() -> None:
    assert len(SOURCES) > 600
    faults = [
        f"{path.relative_to(ROOT)}: {fault}"
        for path in SOURCES
        for fault in faults_in(path.read_text(), is_test="tests" in path.parts)
    ]
    assert not faults


def extended_classes() -> Iterator[tuple[ast.ClassDef, Any, str]]:
    """Yield each class of the portal with a base of a library, and the path by which that base is imported."""
    for path in sorted((ROOT / "portal").rglob("*.py")):
        tree = ast.parse(path.read_text())
        imported = imports_of(tree)
        for node in ast.walk(tree):
            for base in node.bases if isinstance(node, ast.ClassDef) else []:
                named = base.value if isinstance(base, ast.Subscript) else base
                source = imported.get(root_of(named), "")
                if isinstance(node, ast.ClassDef) and source and not is_ours(source):
                    yield node, _imported_into(path, named), source


def _imported_into(path: Path, named: ast.expr) -> Any:
    found: Any = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    for part in ast.unparse(named).split("."):
        found = getattr(found, part)
    return found


def overridden(node: ast.ClassDef, base: Any) -> set[str]:
    """Return the private names of a library's class that a class of ours defines anew."""
    own = defined_in(ast.Module(node.body, []))
    return {name for name in own if is_private(name) and hasattr(base, name)}


def test_a_class_of_a_library_is_extended_by_its_public_path_and_names() -> None:
    found = list(extended_classes())
    assert len(found) > 20
    assert not [source for _, _, source in found if any(is_private(part) for part in source.split("."))]
    assert not [f"{node.name}: {names}" for node, base, _ in found if (names := overridden(node, base))]


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("from werkzeug._internal import x", "imports werkzeug._internal.x"),
        ("import rq._private", "imports rq._private"),
        ("import flask\nflask._x", "reads flask._x"),
        ("def f(client):\n    return client._cookies", "reads client._cookies"),
        ("import rq\nrq.Worker.work = None", "replaces rq.Worker.work"),
        ("import rq\nsetattr(rq.Worker, 'work', None)", "replaces setattr(rq.Worker, 'work', None)"),
        ("getattr(x, '_secret')", "reads _secret"),
    ],
)
def test_a_private_name_is_found(source: str, fault: str) -> None:
    assert list(faults_in(source)) == [fault]


@pytest.mark.parametrize(
    "source",
    [
        "from portal.core.http.languages import _, _l",
        "from flask import g\ng.school = 1",
        "class A:\n    def __init__(self): self._x = 1\n\ndef f(a):\n    return a._x",
        "row._mapping",
    ],
)
def test_what_is_public_or_our_own_is_fine(source: str) -> None:
    assert not list(faults_in(source))


def test_a_private_method_defined_anew_is_found() -> None:
    class Library:
        def _work(self) -> None: ...

    made = ast.parse("class Ours(Library):\n    def _work(self): ...").body[0]

    assert isinstance(made, ast.ClassDef)
    assert overridden(made, Library) == {"_work"}
