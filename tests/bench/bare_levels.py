"""One level stored with the least that Flask, SQLAlchemy and Jinja can do: two statements, and the learner's row."""

from typing import Any

from flask import request
from jinja2 import Environment
from sqlalchemy import text

RUNGS = ("Alfa A", "Alfa B", "Alfa C", "A0", "A1", "A2", "B1", "B2", "C1")
LEVEL_ROW = Environment(autoescape=True).from_string("""<li id="r{{ row.id }}">
{{ row.given_name }} {{ row.name_prefix or "" }} {{ row.family_name }}
<input type="hidden" name="v.{{ row.id }}" value="1.{{ level }}">{% for rung in rungs %}<label>
<input type="radio" name="s.{{ row.id }}" value="{{ rung }}"{% if rung == level %} checked{% endif %}>{{ rung }}</label>
{% endfor %}</li>""")
LEARNER = text(
    "select id, given_name, name_prefix, family_name from learner where school_id = current_school() and id = :learner"
)
LEVEL_STORED = text(
    "with changed as (update level set level = :level, entered_at = now() where school_id = current_school()"
    " and learner_id = :learner and skill = 'reading' and found_on = current_date and source = 'teacher'"
    " returning learner_id), made as (insert into level"
    " (school_id, id, learner_id, skill, level, source, found_on, entered_by_name, entered_at)"
    " select current_school(), gen_random_uuid(), :learner, 'reading', :level, 'teacher', current_date, 'bench', now()"
    " where not exists (select from changed) returning learner_id)"
    " select learner_id from changed union all select learner_id from made"
)


def store_level(execute: Any) -> str:
    """Store one level and draw its row."""
    values = {"learner": request.form["learner"], "level": request.form["level"]}
    learner = execute(LEARNER, {"learner": values["learner"]}).one()
    execute(LEVEL_STORED, values).all()
    return LEVEL_ROW.render(row=learner, level=values["level"], rungs=RUNGS)
