"""Figures that the server draws: what comes first stands at the start of the line, whichever way the page is read."""

import re
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask, render_template_string

NS = "{http://www.w3.org/2000/svg}"
HTML = "{http://www.w3.org/1999/xhtml}"
TEMPLATES = Path(__file__).parents[3] / "templates"
STYLE = (Path(__file__).parents[3] / "static" / "css" / "charts.css").read_text("utf-8")
POINTS = [{"at": at, "level": "A1", "when": words} for at, words in ((0, "mei"), (50, "juni"), (100, "juli"))]
# Each figure, what its values are drawn as, and which attribute says where each stands, from the left as it is drawn.
CHARTS = {
    "bars": ('{{ bars("f", "Uren", [("mei", 20, "20"), ("juni", 40, "40")]) }}', rf"{NS}text[@class='axis']", "x"),
    "steps_chart": (
        '{{ steps_chart("f", "Lezen", [{"label": "Lezen", "points": points}], ["A0", "A1"]) }}',
        f"{NS}circle",
        "cx",
    ),
    "attendance_strip": (
        '{{ attendance_strip("f", "Lessen", [("present", "mei"), ("late", "juni"), ("open", "juli")]) }}',
        f"{NS}svg",
        "x",
    ),
}


def render_source(app: Flask, name: str) -> Element:
    source = f'{{% from "components/charts.html" import {name} %}}{CHARTS[name][0]}'
    with app.test_request_context("/", headers={"Accept-Language": "ar"}):
        return html5lib.parseFragment(render_template_string(source, points=POINTS))


@pytest.mark.parametrize("name", CHARTS)
def test_the_first_stands_at_the_start(app: Flask, name: str) -> None:
    svg = next(render_source(app, name).iter(f"{NS}svg"))
    _, values, place = CHARTS[name]
    at = [float((each.get(place) or "0").rstrip("%")) for each in svg.findall(f".//{values}")]
    assert len(at) > 1
    assert at == sorted(at)
    assert name == "bars" or len(set(at)) == len(at)


@pytest.mark.parametrize("name", CHARTS)
def test_a_figure_is_one_that_the_page_turns_round(app: Flask, name: str) -> None:
    """Under dir=rtl each drawing is mirrored as a whole, its letters back again: so it must be drawn from left to right
    (direction: ltr), stand right in the figure, and hold nothing turned already."""
    tree = render_source(app, name)
    figures = [each for each in tree.iter(f"{HTML}figure") if each.get("class") == "chart"]
    pictures = [each for each in tree.iter(f"{NS}svg") if each.get("role") == "img"]
    assert [child for figure in figures for child in figure if child.tag == f"{NS}svg"] == pictures
    assert not [each for each in tree.iter() if each.get("transform") or each.get("dir")]


@pytest.mark.parametrize(
    ("selector", "rule"),
    [
        (".chart > svg", "direction: ltr"),
        ("[dir=rtl] .chart > svg", "transform: scaleX(-1)"),
        ("[dir=rtl] .chart text", "transform: scaleX(-1)"),
        ("[dir=rtl] .chart text", "transform-box: fill-box"),
    ],
)
def test_the_style_turns_figures_and_not_their_letters(selector: str, rule: str) -> None:
    rules = re.findall(rf"^\s*{re.escape(selector)} {{([^}}]*)}}", STYLE, re.M)
    assert any(rule in each for each in rules)


def _used_by(name: str) -> set[str]:
    """Return the templates that a template names, and those that they name."""
    found, todo = set(), [name]
    while todo:
        source = (TEMPLATES / todo.pop()).read_text("utf-8")
        new = set(re.findall(r'(?:include|import|from) "([^"]+\.html)"', source)) - found
        found |= new
        todo += new
    return found


def test_a_page_with_a_chart_has_its_sheet() -> None:
    with_charts = {
        str(path.relative_to(TEMPLATES)): path.read_text("utf-8")
        for path in TEMPLATES.rglob("*.html")
        if "{% extends" in path.read_text("utf-8")
    }
    drawing = {
        name
        for name in with_charts
        for each in {name, *_used_by(name)}
        if 'class="chart' in (TEMPLATES / each).read_text("utf-8") and each != "components/icons.html"
    }
    assert len(drawing) >= 7
    assert {name for name, source in with_charts.items() if "css/charts.css" in source} == drawing
