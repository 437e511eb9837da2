"""What a page says doesn't depend on how it is made: escaped where it must be, in order, in every layout."""

import pytest
from flask import Flask
from jinja2 import DictLoader
from markupsafe import Markup

from portal.core.http.templating import written

PAGES = {
    "layout.html": "<main>{% block content %}{% endblock %}</main>",
    "row.html": "<li>{{ row }}</li>",
    "page.html": '{% extends "layout.html" %}{% block content %}{% for row in rows %}{% set seen = row %}'
    '{% include "row.html" %}{% for letter in row %}{{ loop.index }}{{ letter }}{% endfor %}'
    "{% else %}none{% endfor %}{{ rows|length }}{% endblock %}",
}


@pytest.fixture
def pages() -> Flask:
    made = Flask("pages")
    made.jinja_env.loader = DictLoader(PAGES)
    return made


def test_a_loop_writes_the_same_in_order_and_escaped(pages: Flask) -> None:
    shown = pages.jinja_env.get_template("page.html").render(rows=["a<", Markup("b")])
    assert shown == "<main><li>a&lt;</li>1a2&lt;<li>b</li>1b2</main>"
    assert pages.jinja_env.get_template("page.html").render(rows=[]) == "<main>none0</main>"


@pytest.mark.parametrize("sign", ["<", ">", "&", "'", '"'])
def test_each_special_sign_is_escaped(sign: str) -> None:
    assert sign not in written(f"a{sign}b").replace("&", "", 1) or sign == "&"
    assert written(f"a{sign}b") != f"a{sign}b"
    assert written(Markup(sign)) == sign


def test_text_that_only_looks_like_a_text_is_escaped() -> None:
    class Shout(str):
        __slots__ = ()

    assert written(Shout("<b>")) == "&lt;b&gt;"
    assert written(12) == "12"


def test_an_address_is_made_once_for_its_values_and_anew_for_others(pages: Flask) -> None:
    pages.add_url_rule("/les/<int:number>", "les", str)
    with pages.test_request_context("/"):
        assert pages.url_for("les", number=1) == "/les/1"
        assert pages.url_for("les", number=1) == "/les/1"
        assert pages.url_for("les", number=2, dag=["ma", "di"]) == "/les/2?dag=ma&dag=di"
        assert pages.url_for("les", number=1, _external=True) == "http://localhost/les/1"
    with pages.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/school"}):
        assert pages.url_for("les", number=1) == "/school/les/1"
