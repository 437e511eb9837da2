"""Templates compile, are used, stand alone, and hold nothing inline."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta, nodes

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "templates"
NAMES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file())
PARTIALS = [name for name in NAMES if Path(name).name.startswith("_")]
PAGES = [name for name in NAMES if name.endswith(".html") and not name.startswith(("emails/", "pdf/"))]


_SETS = (nodes.Assign, nodes.AssignBlock)


def tree_of(app: Flask, name: str) -> nodes.Template:
    return app.jinja_env.parse((FOLDER / name).read_text(), name)


def test_every_template_compiles(app: Flask) -> None:
    for name in NAMES:
        app.jinja_env.get_template(name)


def test_every_template_is_used(app: Flask) -> None:
    used = {found for name in NAMES for found in meta.find_referenced_templates(tree_of(app, name)) if found}
    code = "\n".join(path.read_text() for path in (ROOT / "portal").rglob("*.py"))
    by_number = {name for name in NAMES if re.fullmatch(r"errors/\d+\.html", name)}
    lost = [name for name in NAMES if name not in used | by_number and not is_named_in(code, name)]
    assert not lost


def is_named_in(code: str, name: str) -> bool:
    """Whether code names it: whole, as a mail does (without its folder and ending), or as a layout for print."""
    path = Path(name)
    as_mail = Path(name.replace("/emails/", "/")).with_suffix("")
    as_print = path.name if "pdf" in path.parts else name
    return any(f'"{word}"' in code for word in (name, path.with_suffix(""), as_mail, as_print))


@pytest.mark.parametrize("name", [name for name in NAMES if "/emails/" in name])
def test_a_mail_greets_and_is_signed_by_the_school(app: Flask, name: str) -> None:
    source, _, _ = app.jinja_loader.get_source(app.jinja_env, name)  # type: ignore[union-attr]
    _subject, greeting, *_rest, closing = source.strip().split("\n\n")
    assert greeting.startswith(('{{ _("Dag %(name)s,"', '{{ _("Goedendag,")'))
    assert closing.endswith("\n{{ school }}")


def test_a_partial_stands_alone(app: Flask) -> None:
    leaning = [name for name in PARTIALS if any(tree_of(app, name).find_all((nodes.Extends, nodes.Block)))]
    assert not leaning


def answering() -> Iterator[str]:
    """The partials that answer htmx: those that `page(whole, partial)` is given."""
    for path in (ROOT / "portal").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "page" and len(node.args) > 1:
                yield ast.literal_eval(node.args[1])


@pytest.mark.parametrize("name", sorted(set(answering())))
def test_a_partial_that_answers_has_its_noun_as_id(name: str) -> None:
    """Held to it are the partials that htmx gets as an answer, or beside one (`hx-swap-oob`): the page finds them again
    by that id. Not the pieces that pages merely include, such as a row of a list: they stand there many times, or never
    alone. A row that does answer carries its learner's key in its id. That the id is on the outer element, and that
    nothing stands beside it, the page client sees in each answer (tests/page_client.py)."""
    text = (FOLDER / name).read_text()
    parts = [text, *((FOLDER / other).read_text() for other in re.findall(r'"([\w/]+/_\w+\.html)"', text))]
    own = rf'id="{Path(name).stem[1:]}"|<li id="[a-z]{{{{'
    assert any(re.search(own, each) for each in parts)


def test_a_part_beside_the_answer_has_its_noun_as_id() -> None:
    beside = {name: (FOLDER / name).read_text() for name in PARTIALS}
    found = {name: re.findall(r'<\w+ [^>]*\bhx-swap-oob="true"', text) for name, text in beside.items()}
    wrong = [name for name, tags in found.items() if any(f'id="{Path(name).stem[1:]}"' not in tag for tag in tags)]
    assert not wrong


def test_no_template_asks_whether_htmx_asks() -> None:
    asking = [name for name in NAMES if re.search(r"\bhtmx\b.*%}|HX-Request\"", (FOLDER / name).read_text())]
    assert not asking


def test_nothing_stands_inline() -> None:
    inline = r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|hx-on|javascript:|hx-vals=['\"]js:"
    texts = {name: re.sub(r"{#.*?#}", "", (FOLDER / name).read_text(), flags=re.S) for name in PAGES}
    found = [name for name, text in texts.items() if re.search(inline, text)]
    assert not found


def test_a_notice_is_written_by_its_macro() -> None:
    """It lays words out beside its picture: what stands in it bare lies in columns on a narrow screen."""
    bare = [name for name in PAGES if re.search(r'class="notice\b', (FOLDER / name).read_text())]
    assert bare == ["components/parts.html"]


def test_two_sentences_have_a_space_between_them() -> None:
    """The end of the line behind a tag is left out by Jinja, so it parts no words."""
    joined = r'[.?!]"[^"\n]*\)? ?}}{%-? (?:endif|endfor) -?%}\n(?:{{ _\(|{% if [^%\n]*%}<a )'
    strays = [name for name in NAMES if re.search(joined, (FOLDER / name).read_text())]
    assert re.search(joined, '{{ _("Een zin.") }}{% endif %}\n{{ _("Nog een.") }}')
    assert not strays


def test_nothing_comes_from_elsewhere() -> None:
    elsewhere = r"""(src|href|srcset|action)=["'](https?:)?//(?!www\.w3\.org)"""
    found = [name for name in PAGES if re.search(elsewhere, (FOLDER / name).read_text())]
    assert not found


def test_no_page_is_given_a_value_under_a_name_that_its_layout_sets(app: Flask) -> None:
    """The layout's own would stand in its place in the page's blocks."""
    layouts = [name for name in NAMES if name == "base.html" or re.fullmatch(r"layouts/[a-z]\w*\.html", name)]
    sets = (found for name in layouts for kind in _SETS for found in tree_of(app, name).find_all(kind))
    taken = {found.target.name for found in sets if isinstance(found.target, nodes.Name)}
    assert {"token", "menu_items"} <= taken
    given = {
        (path.name, word.arg)
        for path in (ROOT / "portal").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "page"
        for word in call.keywords
    }
    assert len(given) > 200
    assert not {(file, word) for file, word in given if word in taken}
