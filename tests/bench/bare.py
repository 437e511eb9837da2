"""The least that Flask, SQLAlchemy and Jinja can do for the same rows: no session, no audit, no translation."""

import os
from typing import Any

from flask import Flask, request
from sqlalchemy import create_engine, text

REGISTER = """<!doctype html><html lang="nl"><head><title>Presentie</title></head><body>
<h1>{{ lesson.name }}</h1><p>{{ lesson.held_on }} {{ lesson.starts_at }}-{{ lesson.ends_at }}</p><ol>
{% for row in rows %}<li><span>{{ row.given_name }} {{ row.name_prefix or "" }} {{ row.family_name }}</span>
<fieldset>{% for value, word in choices %}<label><input type="radio" name="m{{ row.id }}" value="{{ value }}"
{%- if row.status == value %} checked{% endif %}>{{ word }}</label>{% endfor %}</fieldset></li>
{% endfor %}</ol></body></html>"""
CHOICES = (("present", "Aanwezig"), ("late", "Te laat"), ("absent", "Afwezig"), ("excused", "Afgemeld"))
TABLE = """<!doctype html><html lang="nl"><head><title>Cursisten</title></head><body><p>{{ total }}</p><table>
{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>{% endfor %}
</table></body></html>"""
SCHOOL = text("select set_config('portal.school', :school, true)")
LESSON = text(
    "select l.*, g.name from lesson l join learner_group g on g.school_id = l.school_id and g.id = l.group_id"
    " where l.school_id = current_school() and l.id = :lesson"
)
ROWS = text(
    "select r.id, r.given_name, r.name_prefix, r.family_name, m.status from enrolment e"
    " join learner r on r.school_id = e.school_id and r.id = e.learner_id"
    " left join attendance_mark m on m.school_id = e.school_id and m.learner_id = e.learner_id"
    " and m.lesson_id = :lesson"
    " where e.school_id = current_school() and e.group_id = :group order by r.sort_name, r.id"
)
UPSERT = text(
    "insert into attendance_mark (school_id, id, lesson_id, learner_id, status, late_minutes, early_minutes, minutes,"
    " version, source, marked_by_name, marked_at)"
    " select current_school(), gen_random_uuid(), :lesson, unnest(cast(:learners as uuid[])), :status, 0, 0, :minutes,"
    " 1, 'school', 'bench', now()"
    " on conflict (school_id, lesson_id, learner_id) do update set status = excluded.status,"
    " minutes = excluded.minutes, version = attendance_mark.version + 1 returning learner_id"
)
COUNT = text("select count(*) from learner where school_id = current_school() and merged_into_id is null")
LIST = text(
    "select id, number, given_name, name_prefix, family_name, email, birth_date from learner"
    " where school_id = current_school() and merged_into_id is null order by sort_name, id limit 50"
)
SEARCH = text(
    "select id, number, given_name, name_prefix, family_name, email, birth_date from learner"
    " where school_id = current_school() and search_text ilike '%' || :part || '%' order by sort_name, id limit 50"
)
MARKS = text(
    "select l.held_on, l.starts_at, m.status, m.minutes from attendance_mark m"
    " join lesson l on l.school_id = m.school_id and l.id = m.lesson_id"
    " where m.school_id = current_school() and m.learner_id = :learner order by l.held_on desc limit 40"
)

app = Flask(__name__)
engine = create_engine(os.environ["DATABASE_URL"])
register_page = app.jinja_env.from_string(REGISTER)
table_page = app.jinja_env.from_string(TABLE)


@app.get("/hello")
def hello() -> str:
    """Say hello: how fast the server itself is."""
    return "hello"


@app.get("/register")
def register() -> str:
    """Show a register in three statements."""
    with engine.connect() as connection:
        connection.execute(SCHOOL, {"school": request.args["school"]})
        lesson = connection.execute(LESSON, {"lesson": request.args["lesson"]}).one()
        rows = connection.execute(ROWS, {"lesson": request.args["lesson"], "group": lesson.group_id}).all()
        connection.commit()
    return register_page.render(lesson=lesson, rows=rows, choices=CHOICES)


@app.post("/marks")
def marks() -> str:
    """Store marks in one statement."""
    with engine.begin() as connection:
        connection.execute(SCHOOL, {"school": request.form["school"]})
        stored = connection.execute(
            UPSERT,
            {
                "lesson": request.form["lesson"],
                "learners": request.form.getlist("learner"),
                "status": request.form["status"],
                "minutes": 60 if request.form["status"] == "present" else 0,
            },
        ).all()
    return str(len(stored))


def _table(statement: Any, **values: Any) -> str:
    with engine.connect() as connection:
        connection.execute(SCHOOL, {"school": request.args["school"]})
        total = connection.scalar(COUNT)
        rows = connection.execute(statement, values).all()
        connection.commit()
    return table_page.render(rows=rows, total=total)


@app.get("/learners")
def learners() -> str:
    """Show the first 50 learners."""
    return _table(LIST)


@app.get("/search")
def search() -> str:
    """Show the first 50 learners with this in their names."""
    return _table(SEARCH, part=request.args["part"])


@app.get("/record")
def record() -> str:
    """Show one learner's last marks."""
    return _table(MARKS, learner=request.args["learner"])


@app.get("/group")
def group() -> str:
    """Show who is in the group of a lesson."""
    with engine.connect() as connection:
        connection.execute(SCHOOL, {"school": request.args["school"]})
        lesson = connection.execute(LESSON, {"lesson": request.args["lesson"]}).one()
        rows = connection.execute(ROWS, {"lesson": request.args["lesson"], "group": lesson.group_id}).all()
        connection.commit()
    return table_page.render(rows=rows, total=len(rows))
