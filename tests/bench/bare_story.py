"""A learner's record with attendance by week, levels and trajectory, with the least that Flask and Jinja can do."""

from typing import Any

from jinja2 import Environment
from sqlalchemy import text

STORY = Environment(autoescape=True).from_string("""<!doctype html><html lang="nl"><head>
<title>{{ record.given_name }}</title></head><body><h1>{{ record.given_name }} {{ record.family_name }}</h1><ul>
{% for group in groups %}<li><a href="/groepen/{{ group.id }}">{{ group.name }}</a> {{ group.starts_on }}</li>
{% endfor %}{% for one in trajectories %}<li>{{ one.act }} {{ one.route or "" }} {{ one.starts_on }}
{{ one.ends_on or "" }}</li>{% endfor %}</ul><svg viewBox="0 0 240 44">
{% for week in weeks %}<rect x="{{ 20 * loop.index0 }}" width="14"
height="{{ 42 * week.attended // (week.offered or 1) }}"><title>{{ week.monday }}</title></rect>{% endfor %}</svg><ul>
{% for level in levels %}<li>{{ level.skill }} {{ level.level }} {{ level.found_on }} {{ level.source }}</li>
{% endfor %}</ul><dl>{% for name in fields %}{% set origin = origins.get("learner." ~ name) %}
<dt>{{ name }}</dt><dd>{{ record[name] or "niets ingevuld" }}</dd>
{% if origin %}<dd>Van {{ origin.source }}, {{ origin.since_on }}</dd>{% endif %}{% endfor %}</dl></body></html>""")
GROUPS = text(
    "select g.id, g.name, e.starts_on from enrolment e join learner_group g on g.school_id = e.school_id"
    " and g.id = e.group_id where e.school_id = current_school() and e.learner_id = :learner"
)
TRAJECTORIES = text("select * from trajectory where school_id = current_school() and learner_id = :learner")
WEEKS = text(
    "select date_trunc('week', l.held_on) as monday, coalesce(sum(m.minutes), 0) as attended, count(*) * 165 as offered"
    " from attendance_mark m join lesson l on l.school_id = m.school_id and l.id = m.lesson_id"
    " where m.school_id = current_school() and m.learner_id = :learner and l.cancelled_at is null"
    " group by 1 order by 1 desc limit 12"
)
LEVELS = text(
    "select * from level where school_id = current_school() and learner_id = :learner order by found_on, entered_at"
)
STATEMENTS = (GROUPS, TRAJECTORIES, WEEKS, LEVELS)


def draw_story(record: Any, origins: Any, parts: Any, fields: Any) -> str:
    """Draw the record from its row, the origins of its fields, and the rows of `STATEMENTS`."""
    groups, trajectories, weeks, levels = parts
    return STORY.render(
        record=record._mapping,
        origins={row.field: row for row in origins},
        groups=groups,
        trajectories=trajectories,
        weeks=weeks,
        levels=levels,
        fields=fields,
    )
