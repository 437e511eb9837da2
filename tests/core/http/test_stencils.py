"""Stencils: drawn once for a shape, filled in for each; nothing of one person gets into another's."""

import pytest
from flask import Flask
from jinja2 import DictLoader, Environment
from jinja2.exceptions import UndefinedError
from markupsafe import Markup

from portal.core.http.stencils import Stencils

TEMPLATES = {
    "row.html": '<li id="{{ hole.key }}"{{ " class=on" if shape }}>100% {{ hole.name }} {{ _("aanwezig") }}</li>',
    "deciding.html": "{% if hole.name %}yes{% endif %}",
    "comparing.html": "{% if hole.name == 'Amina' %}yes{% endif %}",
    "filtering.html": "{{ hole.name|upper }}",
    "shaped.html": "{{ shape }}: {{ hole.name }}",
    "asking.html": "{{ request.path }}",
    "token.html": "{{ csrf_token() }}",
}


@pytest.fixture
def stencils(app: Flask) -> Stencils:
    environment: Environment = app.jinja_env.overlay(loader=DictLoader(TEMPLATES), cache_size=10)
    return Stencils(environment)


def test_each_piece_is_filled_in_and_escaped(app: Flask, stencils: Stencils) -> None:
    with app.test_request_context():
        drawn = stencils.draw(
            "row.html",
            (True, {"key": "a", "name": "<b>Amina</b>"}),
            (False, {"key": "b", "name": "O'Neil %s"}),
            (True, {"key": "c", "name": Markup("<bdi>Oleh</bdi>")}),
        )
    assert drawn == Markup(
        '<li id="a" class=on>100% &lt;b&gt;Amina&lt;/b&gt; aanwezig</li>'
        '<li id="b">100% O&#39;Neil %s aanwezig</li>'
        '<li id="c" class=on>100% <bdi>Oleh</bdi> aanwezig</li>'
    )


def test_a_language_has_its_own(app: Flask, stencils: Stencils) -> None:
    pieces = []
    for code in ("nl", "en"):
        with app.test_request_context(headers={"Accept-Language": code}):
            pieces.append(stencils.draw("row.html", (True, {"key": "a", "name": "Amina"})))
    assert "aanwezig" in pieces[0]
    assert "present" in pieces[1]


def test_what_stands_in_a_shape_passes_for_no_hole(app: Flask, stencils: Stencils) -> None:
    with app.test_request_context():
        drawn = stencils.draw("shaped.html", ("\x02name\x03 %(name)s", {"name": "Amina"}))
    assert drawn == Markup("\x02name\x03 %(name)s: Amina")


@pytest.mark.parametrize("template", ["deciding.html", "comparing.html", "filtering.html"])
def test_nothing_is_decided_by_what_is_filled_in(app: Flask, stencils: Stencils, template: str) -> None:
    with app.test_request_context(), pytest.raises(TypeError, match="belongs to the shape"):
        stencils.draw(template, (True, {"name": "Amina"}))


@pytest.mark.parametrize("template", ["asking.html", "token.html"])
def test_a_stencil_knows_nobody(app: Flask, stencils: Stencils, template: str) -> None:
    with app.test_request_context(), pytest.raises(UndefinedError):
        stencils.draw(template, (True, {"name": "Amina"}))
