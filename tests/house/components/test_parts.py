"""Parts of pages and figures: a state is a word too, what is drawn is also told, and a name stays a name."""

import re
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string

PARTS = '{% from "components/parts.html" import diff, face, meter, pager, steps, tag %}'
CHARTS = '{% from "components/charts.html" import attendance_strip, bars, steps_chart %}'
JOBS = '{% from "components/jobs.html" import job_progress %}'
MARKS = [("present", "2 september"), ("late", "4 september"), ("absent", "9 september"), ("open", "11 september")]


def render_source(app: Flask, source: str, **context: object) -> str:
    with app.test_request_context("/"):
        return render_template_string(source, **context)


def text_of(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


@pytest.mark.parametrize("state", ["done", "now", "todo", "failed"])
def test_each_step_says_its_state_in_words(app: Flask, state: str) -> None:
    said = {"done": "klaar", "now": "bezig", "todo": "nog te doen", "failed": "mislukt"}[state]
    assert f"({said})" in text_of(render_source(app, PARTS + '{{ steps([("Foto wissen", state)]) }}', state=state))


def test_a_meter_tells_what_it_draws(app: Flask) -> None:
    text = render_source(app, PARTS + '{{ meter(5, 7, "ingevuld") }}')
    assert 'value="5" max="7"' in text
    assert "5 van 7 ingevuld" in text_of(text)


def test_a_meter_of_nothing_is_valid(app: Flask) -> None:
    assert 'max="1"' in render_source(app, PARTS + '{{ meter(0, 0, "ingevuld") }}')


def test_what_a_person_typed_is_never_markup(app: Flask) -> None:
    bad = "<b>x</b>"
    text = render_source(app, PARTS + "{{ tag(bad) }}{{ face(bad) }}{{ diff([(bad, bad, bad)]) }}", bad=bad)
    assert bad not in text


def test_the_pager_keeps_what_was_asked_for(app: Flask) -> None:
    paging = SimpleNamespace(page=2, pages=3, total=61)
    text = render_source(app, PARTS + '{{ pager(paging, "static", filename="x", zoek="ber") }}', paging=paging)
    assert "zoek=ber" in text
    assert "pagina=1" in text
    assert "pagina=3" in text
    assert "Pagina 2 van 3" in text_of(text)


def test_one_page_has_no_pager(app: Flask) -> None:
    paging = SimpleNamespace(page=1, pages=1, total=4)
    assert not render_source(app, PARTS + '{{ pager(paging, "static", filename="x") }}', paging=paging).strip()


def test_bars_are_told_and_stand_in_a_table(app: Flask) -> None:
    rows = [("september", 20, "20 uur"), ("oktober", 40, "40 uur")]
    text = render_source(app, CHARTS + '{{ bars("b", "Uren", rows) }}', rows=rows)
    assert re.search(r'<rect[^>]*width="50\.0%"[^>]*class="one"', text)
    assert "september: 20 uur." in text[text.index("<desc") : text.index("</desc>")]
    assert '<th scope="row" translate="no">oktober</th><td class="number">40 uur</td>' in text


def test_bars_of_nothing_draw_nothing(app: Flask) -> None:
    assert 'class="one"' not in render_source(app, CHARTS + '{{ bars("b", "Uren", [("juli", 0, "0 uur")]) }}')


def test_levels_rise_from_low_to_high_and_are_told(app: Flask) -> None:
    points = [{"at": 0, "level": "A1", "when": "mei"}, {"at": 100, "level": "A2", "when": "juni"}]
    series = [{"label": "Lezen", "points": points}]
    text = render_source(app, CHARTS + '{{ steps_chart("s", "Lezen", series, ["A0", "A1", "A2"]) }}', series=series)
    low, high = (float(y) for y in re.findall(r'<circle cx="[^"]*" cy="([\d.]+)"', text))
    assert low > high
    assert "Lezen: A1 (mei), A2 (juni)" in text


def test_the_strip_counts_each_kind_and_keeps_open_apart(app: Flask) -> None:
    text = render_source(app, CHARTS + '{{ attendance_strip("a", "Mijn lessen", marks) }}', marks=MARKS)
    told = text[text.index("<desc") : text.index("</desc>")]
    for part in ("aanwezig: 1.", "te laat: 1.", "afwezig: 1.", "nog niet ingevuld: 1."):
        assert part in told
    assert '<th scope="row" translate="no">11 september</th><td class="number">nog niet ingevuld</td>' in text


def test_work_under_way_asks_again_and_finished_work_does_not(app: Flask) -> None:
    going = render_source(app, JOBS + '{{ job_progress("/werk", "running", 4, 10, "rijen") }}')
    over = render_source(app, JOBS + '{{ job_progress("/werk", "done") }}')
    assert 'hx-get="/werk"' in going
    assert "4 van 10 rijen" in text_of(going)
    assert 'href="/werk"' in going
    assert "hx-get" not in over
    assert "klaar" in text_of(over)
