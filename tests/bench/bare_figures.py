"""A school's figures of a quarter beside the one before, with the least that Flask and Jinja can do."""

from typing import Any

from jinja2 import Environment
from sqlalchemy import text

FIGURES = Environment(autoescape=True).from_string("""<!doctype html><html lang="nl"><head>
<title>Cijfers</title></head><body><h1>Cijfers</h1><dl>{% for name in names %}<dt>{{ name }}</dt>
<dd>{{ months|sum(attribute=name) }}</dd>{% endfor %}</dl><svg viewBox="0 0 240 130">
{% for month in months %}<rect x="{{ 30 * loop.index0 }}" width="20"
height="{{ 128 * month.minutes_attended // (month.minutes_offered or 1) }}"><title>{{ month.month }}</title></rect>
<text x="{{ 30 * loop.index0 }}">{{ month.month }}</text>{% endfor %}</svg><table>
<tr><th>Groep</th>{% for name in names %}<th>{{ name }}</th>{% endfor %}</tr>
{% for row in rows %}<tr><th><a href="/groepen/{{ row.id }}/presentie">{{ row.name }}</a></th>
<td><progress max="{{ row.offered_now or 0 }}" value="{{ row.attended_now or 0 }}"></progress>
{{ (100 * row.attended_now / row.offered_now)|round|int if row.offered_now else "-" }}%
<small>was {{ (100 * row.attended_before / row.offered_before)|round|int if row.offered_before else "-" }}%</small></td>
{% for name in names %}<td>{{ row[name ~ "_now"] or 0 }} <small>was {{ row[name ~ "_before"] or 0 }}</small></td>
{% endfor %}</tr>{% endfor %}</table></body></html>""")
NAMES = ("learners", "lessons_open", "levels_up", "exams_passed", "corrections", "withdrawals")
_QUARTER = "cast(date_trunc('quarter', current_date) as date)"
_OF_MONTHS = f"f.month >= {_QUARTER} - interval '3 months' and f.month < {_QUARTER} + interval '3 months'"
_SUMS = ", ".join(
    f"sum(f.{column}) filter (where f.month {sign} {_QUARTER}) as {name}_{period}"
    for column, name in (
        ("minutes_attended", "attended"),
        ("minutes_offered", "offered"),
        *zip(NAMES, NAMES, strict=True),
    )
    for period, sign in (("now", ">="), ("before", "<"))
)
GROUPS = text(
    f"select g.id, g.name, {_SUMS} from school_figure f join learner_group g on g.school_id = f.school_id"
    " and cast(g.id as text) = f.subject where f.school_id = current_school() and f.kind = 'group'"
    f" and {_OF_MONTHS} group by g.id, g.name order by g.name"
)
MONTHS = text(
    "select * from school_figure f where f.school_id = current_school() and f.kind = 'school'"
    f" and {_OF_MONTHS} order by f.month"
)
STATEMENTS = (GROUPS, MONTHS)


def draw_figures(rows: Any, months: Any) -> str:
    """Draw the school's figures from the rows of `STATEMENTS`."""
    found = [row._mapping for row in rows]
    return FIGURES.render(rows=found, months=[row._mapping for row in months], names=NAMES)
