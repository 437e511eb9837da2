"""What leaves the school leaves by a module that stands in `leaving.py`, and that asks the purpose where it must."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from portal import wiring
from portal.core.purposes import CLOSED_TO
from portal.purposes.queries import list_closed
from tests.house.leaving import ASKED_BY, CALLS, FIGURES, LEAVING, QUESTIONS, Asks, Through
from tests.house.test_private_names import imports_of

ROOT = Path(__file__).parents[2]
STARTS = {"portal.core.purposes.CLOSED_TO.only", "portal.accounts.council.queries.may_monitor_staff"}
"""Where a chain may begin beside the question itself: the port that is connected to it, and that about staff."""
MAIL = "portal.core.mail.send"
PRINTED = '{% extends "layouts/print.html" %}'


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@lru_cache(maxsize=1)
def modules() -> dict[str, ast.Module]:
    """The portal's modules by name; the demo's, which is no part of a release, aside."""
    paths = [path for path in (ROOT / "portal").rglob("*.py") if "demo" not in path.relative_to(ROOT).parts]
    return {name_of(path): ast.parse(path.read_text()) for path in paths}


def full_name(node: ast.expr, module: str, imported: dict[str, str]) -> str:
    """Return what an expression such as `mail.send` is called in full; a name of the module's own begins with it."""
    if isinstance(node, ast.Attribute):
        return f"{full_name(node.value, module, imported)}.{node.attr}"
    if isinstance(node, ast.Name):
        return imported.get(node.id, f"{module}.{node.id}")
    return "?"


def calls_in(tree: ast.AST, module: str, imported: dict[str, str]) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield full_name(node.func, module, imported), node


def lets_out(module: str, tree: ast.Module) -> set[str]:
    """Return what a module lets out: by which calls, or by an answer or paper of its own."""
    called = {_way_of(name, call) for name, call in calls_in(tree, module, imports_of(tree))}
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    found = called - {""} | {f"paper: {template}" for template in texts & papers()}
    return found | {"a download"} if "Content-Disposition" in texts else found


def _way_of(name: str, call: ast.Call) -> str:
    """Return by which way a call lets something out; "" for one that doesn't."""
    if name == "flask.Response" and {"mimetype", "content_type"} & {each.arg for each in call.keywords}:
        return "an answer that is no page"
    if name.rpartition(".")[2] in {"write_bytes", "write_text"}:
        return "a file on disk"
    return name if name in CALLS else ""


@lru_cache(maxsize=1)
def papers() -> frozenset[str]:
    """The templates that are made to be printed."""
    templates = ROOT / "templates"
    return frozenset(
        path.relative_to(templates).as_posix() for path in templates.rglob("*.html") if PRINTED in path.read_text()
    )


def test_nothing_leaves_by_a_module_that_is_not_listed() -> None:
    found = {module: lets_out(module, tree) for module, tree in modules().items()}
    leaving = {module: sorted(ways) for module, ways in found.items() if ways}
    strays = {module: ways for module, ways in leaving.items() if module not in LEAVING}

    assert papers()
    assert not strays, f"say in tests/house/leaving.py which purpose these ask, or why none: {strays}"
    assert not set(LEAVING) - set(leaving), "these let nothing out any more"


def asks(module: str, wanted: str) -> bool:
    tree = modules()[module]
    return any(name == wanted for name, _call in calls_in(tree, module, imports_of(tree)))


@pytest.mark.parametrize("module", [each for each, way in (LEAVING | FIGURES).items() if isinstance(way, Asks)])
def test_a_module_that_is_said_to_ask_does(module: str) -> None:
    way = (LEAVING | FIGURES)[module]
    assert isinstance(way, Asks)
    assert asks(module, way.by), f"{module} no longer calls {way.by}"
    assert way.by in QUESTIONS | STARTS | set(ASKED_BY) | {MAIL}


@pytest.mark.parametrize("function", ASKED_BY)
def test_a_function_that_asks_for_its_callers_does(function: str) -> None:
    module, _, name = function.rpartition(".")
    tree, wanted = modules()[module], ASKED_BY[function]
    [own] = [each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == name]

    assert wanted in {called for called, _call in calls_in(own, module, imports_of(tree))}
    assert wanted in QUESTIONS | STARTS | set(ASKED_BY)


def test_who_lets_out_what_another_chose_names_one_that_asks() -> None:
    through = {module: way.module for module, way in LEAVING.items() if isinstance(way, Through)}
    assert not {each for each in through.values() if not isinstance((LEAVING | FIGURES).get(each), Asks)}


def test_each_mail_names_its_purpose_or_says_why_it_needs_none() -> None:
    """A mail that names one is asked about it once more when it leaves; one of a listed reason names none."""
    wrong = []
    for module, tree in modules().items():
        for name, call in calls_in(tree, module, imports_of(tree)):
            if name == MAIL:
                way, names_it = LEAVING.get(module), any(each.arg == "purpose" for each in call.keywords)
                is_of_staff = isinstance(way, Asks) and way.by in STARTS
                if names_it is (isinstance(way, str) or is_of_staff):
                    wrong.append(f"{module}:{call.lineno}")
    assert not wrong


def test_what_lies_below_asks_the_one_question() -> None:
    assert wiring.connect
    assert CLOSED_TO.only is list_closed


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from portal.core import mail\nmail.send('a', 'b/c')", {MAIL}),
        ("from portal.core.mail import send as post\npost('a', 'b/c')", {MAIL}),
        ("from flask import Response\nResponse(b'', mimetype='application/pdf')", {"an answer that is no page"}),
        ("from pathlib import Path\nPath('a').write_bytes(b'')", {"a file on disk"}),
        ("def f():\n    import typst\n    return typst.compile('a')", {"typst.compile"}),
        ("from flask import Response\nResponse('page')", set()),
    ],
)
def test_a_new_way_out_is_seen(source: str, found: set[str]) -> None:
    assert lets_out("portal.new", ast.parse(source)) == found
