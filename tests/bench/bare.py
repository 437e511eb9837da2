"""The least that Flask, SQLAlchemy and Jinja can do for the same rows: no session, no audit, no translation."""

import argparse
import os
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask, request
from sqlalchemy import CursorResult, create_engine, text

from portal.web import server
from portal.web.exchanges import Limits
from portal.web.request_gate import RequestGate
from tests.bench.bare_figures import STATEMENTS as FIGURES
from tests.bench.bare_figures import draw_figures
from tests.bench.bare_levels import store_level
from tests.bench.bare_story import STATEMENTS, draw_story

ROW = """<li id="r{{ row.id }}">
<bdi>{{ row.given_name }} {{ row.name_prefix or "" }} {{ row.family_name }}</bdi>
<small>{{ row.status or "nog niet ingevuld" }}</small>
<input type="hidden" name="v.{{ row.id }}" value="{{ row.version or 0 }}.{{ row.status or "" }}"><fieldset>
{%- for value, word in choices %}<label><input type="radio" name="s.{{ row.id }}" value="{{ value }}"
{%- if row.status == value %} checked{% endif %}>{{ word }}</label>{% endfor %}</fieldset>
<label>te laat <input type="number" name="l.{{ row.id }}" value="{{ row.late_minutes or "" }}"> min.</label>
<label>eerder weg <input type="number" name="e.{{ row.id }}" value="{{ row.early_minutes or "" }}"> min.</label></li>
"""
REGISTER = f"""<!doctype html><html lang="nl"><head><title>Presentie</title></head><body>
<h1>{{{{ lesson.name }}}}</h1><p>{{{{ lesson.held_on }}}} {{{{ lesson.starts_at }}}}-{{{{ lesson.ends_at }}}}</p>
<form><ol>
{{% for row in rows %}}{ROW}{{% endfor %}}</ol></form></body></html>"""
CHOICES = (("present", "Aanwezig"), ("late", "Te laat"), ("absent", "Afwezig"), ("excused", "Afgemeld"))
TABLE = """<!doctype html><html lang="nl"><head><title>Cursisten</title></head><body><p>{{ total }}</p><table>
{% for row in rows %}<tr><th><a href="/cursisten/{{ row.id }}">
{{ row.family_name }}, {{ row.given_name }} {{ row.name_prefix or "" }}</a></th>
<td>{{ row.number }}</td><td>{{ row.birth_date }}</td><td>{{ (row.groups or [])|join(", ") }}</td>
<td>{{ "ja" if row.account_id else "nee" }}</td></tr>{% endfor %}
</table></body></html>"""
RECORD = """<!doctype html><html lang="nl"><head><title>Mijn gegevens</title></head><body><dl>
{% for name in fields %}{% set origin = origins.get("learner." ~ name) %}
<dt>{{ name }}</dt><dd>{{ record[name] or "niets ingevuld" }}</dd>
<dd><a href="/mijn/gegevens/{{ name }}/wijzigen">Wijzig</a></dd>
{% if origin %}<dd>Van {{ origin.source }}, {{ origin.since_on }}</dd>{% endif %}{% endfor %}
</dl></body></html>"""
FIELDS = (
    "number", "given_name", "name_prefix", "family_name", "street", "house_number", "postcode", "city", "country",
    "email", "phone", "phone_other", "preferred_language", "birth_date", "birth_country", "nationality",
    "document_kind", "document_number", "document_valid_until", "bsn", "education_level", "diplomas", "competences",
    "languages", "work_experience", "employer", "care_duties", "circumstances",
)  # fmt: skip
LESSONS = """<!doctype html><html lang="nl"><head><title>Vandaag</title></head><body>
{% for title, lessons in (("Nog in te vullen", earlier), ("Uw lessen", today)) %}<h2>{{ title }}</h2><ul>
{% for row in lessons %}<li><a href="/lessen/{{ row.id }}/presentie">{{ row.name }}</a>
{{ row.held_on }} {{ row.starts_at }}-{{ row.ends_at }}
{{ row.marks }} van {{ row.learners }} ingevuld</li>{% endfor %}</ul>{% endfor %}</body></html>"""
LEVELS = """<!doctype html><html lang="nl"><head><title>Niveau</title></head><body><form method="post"><table>
{% for row in rows %}<tr><th><a href="/cursisten/{{ row.id }}/voortgang">
{{ row.given_name }} {{ row.name_prefix or "" }} {{ row.family_name }}</a></th>
{% for skill in skills %}{% set held = levels.get((row.id, skill)) %}<td>
{% if held %}<b>{{ held.level }}</b> {{ held.found_on }}{% else %}-{% endif %}</td>{% endfor %}</tr>
{% endfor %}</table></form></body></html>"""
MATRIX = """<!doctype html><html lang="nl"><head><title>Presentie per les</title></head><body><table>
<thead><tr><th>Cursist</th>{% for lesson in lessons %}<th><a href="/lessen/{{ lesson.id }}/presentie">
{{ lesson.held_on }}</a></th>{% endfor %}</tr></thead>
{% for row in rows %}<tr><th><a href="/cursisten/{{ row.id }}/presentie">
{{ row.given_name }} {{ row.name_prefix or "" }} {{ row.family_name }}</a></th>
{% for lesson in lessons %}{% set mark = marks.get((row.id, lesson.id)) %}<td>
{%- if mark %}{{ mark.status }}{% if mark.late_minutes %} {{ mark.late_minutes }}{% endif %}{% else %}open{% endif -%}
</td>{% endfor %}</tr>
{% endfor %}</table></body></html>"""
COACHED_PAGE = """<!doctype html><html lang="nl"><head><title>Mijn cursisten</title></head><body><table>
{% for row in rows %}<tr><th><input type="checkbox" name="cursist" value="{{ row.id }}">
<a href="/cursisten/{{ row.id }}">
{{ row.given_name }} {{ row.name_prefix or "" }} {{ row.family_name }}</a> {{ (row.groups or [])|join(", ") }}</th>
<td>{% for mark in marks.get(row.id, []) %}<b class="{{ mark.status or "open" }}" title="{{ mark.held_on }}"></b>
{%- endfor %}</td>
<td>{% for held in levels.get(row.id, []) %}{{ held.skill }} {{ held.level }} {% endfor %}</td>
<td><progress max="{{ row.bought or 0 }}" value="{{ minutes.get(row.id, 0) // 60 }}"></progress>
{{ row.bought or "-" }}</td>
<td>{{ row.noted_at or "-" }} {{ row.wrote_on or "-" }} {{ row.meets_at or "-" }}</td></tr>{% endfor %}
</table></body></html>"""
SKILLS = ("reading", "listening", "writing", "speaking", "conversation")
SCHOOL = text("select set_config('portal.school', :school, true)")
LESSON = text(
    "select l.*, g.name from lesson l join learner_group g on g.school_id = l.school_id and g.id = l.group_id"
    " where l.school_id = current_school() and l.id = :lesson"
)
LESSON_AND_LEARNER = text(
    "select l.*, r.id as learner_id, r.given_name, r.name_prefix, r.family_name from lesson l"
    " join learner r on r.school_id = l.school_id and r.id = :learner"
    " where l.school_id = current_school() and l.id = :lesson"
)
ROWS = text(
    "select r.id, r.given_name, r.name_prefix, r.family_name, m.status, m.late_minutes, m.early_minutes, m.version"
    " from enrolment e join learner r on r.school_id = e.school_id and r.id = e.learner_id"
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
COLUMNS = (
    "select r.id, r.number, r.given_name, r.name_prefix, r.family_name, r.birth_date, r.account_id,"
    " (select array_agg(g.name order by g.name) from enrolment e join learner_group g on g.school_id = e.school_id"
    " and g.id = e.group_id where e.school_id = r.school_id and e.learner_id = r.id) as groups from learner r"
    " where r.school_id = current_school() and r.merged_into_id is null"
)
LIST = text(f"{COLUMNS} order by r.sort_name, r.id limit 50")
SEARCH = text(f"{COLUMNS} and r.search_text like '%' || :part || '%' order by r.sort_name, r.id limit 50")
LEARNER = text("select * from learner where school_id = current_school() and id = :learner")
ORIGINS = text("select * from field_origin where school_id = current_school() and learner_id = :learner")
ALL_STATES = (
    "select l.id, g.name, l.held_on, l.starts_at, l.ends_at,"
    " (select count(*) from enrolment e where e.school_id = l.school_id and e.group_id = l.group_id) as learners,"
    " (select count(*) from attendance_mark m where m.school_id = l.school_id and m.lesson_id = l.id) as marks"
    " from lesson l join learner_group g on g.school_id = l.school_id and g.id = l.group_id"
    " where l.school_id = current_school()"
)
STATES = f"{ALL_STATES} and l.group_id = :group"
_THIS_WEEK = (
    "l.held_on - cast(date_trunc('week', current_date) as date) between 0 and 6 order by l.held_on, l.starts_at"
)
WEEK = text(f"{STATES} and {_THIS_WEEK}")
WEEK_OF_SCHOOL = text(f"{ALL_STATES} and {_THIS_WEEK}")
TODAY = text(f"{STATES} and l.held_on = current_date order by l.starts_at")
EARLIER = text(
    f"select * from ({STATES} and l.held_on between current_date - 84 and current_date - 1) s"
    " where s.learners > s.marks order by held_on, starts_at limit 6"
)
MEMBERS = text(
    "select r.id, r.given_name, r.name_prefix, r.family_name from enrolment e"
    " join learner r on r.school_id = e.school_id and r.id = e.learner_id"
    " where e.school_id = current_school() and e.group_id = :group order by r.sort_name, r.id"
)
LATEST = text(
    "select distinct on (v.learner_id, v.skill) v.learner_id, v.skill, v.level, v.found_on from enrolment e"
    " join level v on v.school_id = e.school_id and v.learner_id = e.learner_id"
    " where e.school_id = current_school() and e.group_id = :group"
    " order by v.learner_id, v.skill, v.found_on desc"
)
HELD = text(
    "select id, held_on, starts_at, ends_at, cancelled_at from lesson where school_id = current_school()"
    " and group_id = :group and held_on between current_date - 84 and current_date order by held_on, starts_at"
)
MARKS = text(
    "select m.learner_id, m.lesson_id, m.status, m.late_minutes, m.early_minutes, m.is_authorised, m.minutes"
    " from lesson l join attendance_mark m on m.school_id = l.school_id and m.lesson_id = l.id"
    " where l.school_id = current_school() and l.group_id = :group"
    " and l.held_on between current_date - 84 and current_date"
)
COACHED = text(
    "select r.id, r.given_name, r.name_prefix, r.family_name,"
    " (select array_agg(g.name order by g.name) from enrolment e join learner_group g"
    " on g.school_id = e.school_id and g.id = e.group_id"
    " where e.school_id = r.school_id and e.learner_id = r.id"
    " and (e.ends_on is null or e.ends_on >= current_date)) groups,"
    " (select sum(t.hours_bought) from trajectory t where t.school_id = r.school_id and t.learner_id = r.id) bought,"
    " (select max(n.written_at) from note n where n.school_id = r.school_id and n.learner_id = r.id) noted_at,"
    " (select max(c.received_on) from correspondence c"
    " where c.school_id = r.school_id and c.learner_id = r.id) wrote_on,"
    " (select min(a.starts_at) from appointment a where a.school_id = r.school_id and a.learner_id = r.id"
    " and a.starts_at > now()) meets_at"
    " from coaching k join learner r on r.school_id = k.school_id and r.id = k.learner_id"
    " where k.school_id = current_school() and k.account_id = :coach"
    " and (k.ends_on is null or k.ends_on >= current_date)"
    " order by r.sort_name, r.id"
)
_OF_COACH = (
    " from coaching k join {table} on {alias}.school_id = k.school_id and {alias}.learner_id = k.learner_id {more}"
    " where k.school_id = current_school() and k.account_id = :coach"
)
COACHED_MARKS = text(
    "select k.learner_id, l.held_on, m.status, m.late_minutes, m.is_authorised from coaching k cross join lateral ("
    " select l.id, l.held_on, l.starts_at from enrolment e join lesson l"
    " on l.school_id = e.school_id and l.group_id = e.group_id"
    " where e.school_id = k.school_id and e.learner_id = k.learner_id and l.held_on <= current_date"
    " and l.cancelled_at is null order by l.held_on desc, l.starts_at desc limit 12) l"
    " left join attendance_mark m on m.school_id = k.school_id and m.lesson_id = l.id and m.learner_id = k.learner_id"
    " where k.school_id = current_school() and k.account_id = :coach order by k.learner_id, l.held_on, l.starts_at"
)
COACHED_LEVELS = text(
    "select distinct on (v.learner_id, v.skill) v.learner_id, v.skill, v.level, v.found_on"
    + _OF_COACH.format(table="level v", alias="v", more="")
    + " order by v.learner_id, v.skill, v.found_on desc"
)
COACHED_MINUTES = text(
    "select m.learner_id, sum(m.minutes) minutes"
    + _OF_COACH.format(
        table="attendance_mark m", alias="m", more="join lesson l on l.school_id = m.school_id and l.id = m.lesson_id"
    )
    + " and l.cancelled_at is null group by m.learner_id"
)

app = Flask(__name__)
engine = create_engine(os.environ["DATABASE_URL"])
register_page, table_page, record_page, lessons_page, levels_page, matrix_page, row_page, coached_page = (
    app.jinja_env.from_string(source)
    for source in (REGISTER, TABLE, RECORD, LESSONS, LEVELS, MATRIX, ROW, COACHED_PAGE)
)


@app.get("/hello")
def hello() -> str:
    """Say hello: how fast the server itself is."""
    return "hello"


def _read(*statements: Any, **values: Any) -> list[Any]:
    """Return the rows of each statement, in the school of the address."""
    with engine.connect() as connection:
        connection.execute(SCHOOL, {"school": request.args["school"]})
        found = [connection.execute(statement, values).all() for statement in statements]
        connection.commit()
    return found


@app.get("/register")
def register() -> str:
    """Show a register in three statements."""
    with engine.connect() as connection:
        connection.execute(SCHOOL, {"school": request.args["school"]})
        lesson = connection.execute(LESSON, {"lesson": request.args["lesson"]}).one()
        rows = connection.execute(ROWS, {"lesson": request.args["lesson"], "group": lesson.group_id}).all()
        connection.commit()
    return register_page.render(lesson=lesson, rows=rows, choices=CHOICES)


def store(execute: Callable[..., CursorResult[Any]], reading: Any) -> tuple[Any, Any]:
    """Store marks in one statement, after reading how long the lesson lasts: that is what presence counts for."""
    sent = request.form
    lesson = execute(reading, {"lesson": sent["lesson"], "learner": sent["learner"]}).one()
    lasts = datetime.combine(lesson.held_on, lesson.ends_at) - datetime.combine(lesson.held_on, lesson.starts_at)
    minutes = lasts.seconds // 60 - lesson.break_minutes if sent["status"] == "present" else 0
    learners = sent.getlist("learner")
    values = {"lesson": sent["lesson"], "learners": learners, "status": sent["status"], "minutes": minutes}
    return lesson, execute(UPSERT, values).all()


def _store(reading: Any) -> tuple[Any, Any]:
    with engine.begin() as connection:
        connection.execute(SCHOOL, {"school": request.form["school"]})
        return store(connection.execute, reading)


def draw_row(lesson: Any) -> str:
    """Draw the row of a mark that was stored, as the register has it."""
    row = {**lesson._mapping, "id": lesson.learner_id, "status": request.form["status"], "version": 1}
    return row_page.render(row=row, choices=CHOICES)


@app.post("/mark")
def mark() -> str:
    """Store one mark and show its row."""
    return draw_row(_store(LESSON_AND_LEARNER)[0])


@app.post("/level")
def level() -> str:
    """Store one level and show its row."""
    with engine.begin() as connection:
        connection.execute(SCHOOL, {"school": request.form["school"]})
        return store_level(connection.execute)


@app.post("/marks")
def marks() -> str:
    """Store marks and say how many."""
    return str(len(_store(LESSON)[1]))


@app.get("/learners")
def learners() -> str:
    """Show the first 50 learners."""
    total, rows = _read(COUNT, LIST)
    return table_page.render(rows=rows, total=total[0][0])


@app.get("/search")
def search() -> str:
    """Show the first 50 learners with this in their names."""
    (rows,) = _read(SEARCH, part=request.args["part"])
    return table_page.render(rows=rows, total=len(rows))


@app.get("/story")
def story() -> str:
    """Show one learner's record with what happened."""
    found, origins, *parts = _read(LEARNER, ORIGINS, *STATEMENTS, learner=request.args["learner"])
    return draw_story(found[0], origins, parts, FIELDS)


@app.get("/record")
def record() -> str:
    """Show one learner's fields, each with its source."""
    found, origins = _read(LEARNER, ORIGINS, learner=request.args["learner"])
    return draw_record(found[0], origins)


def draw_record(found: Any, origins: list[Any]) -> str:
    """Draw one learner's fields."""
    return record_page.render(record=found._mapping, fields=FIELDS, origins={row.field: row for row in origins})


@app.get("/today")
def today() -> str:
    """Show a teacher's lessons of today, and those before that are still open."""
    earlier, lessons = _read(EARLIER, TODAY, group=request.args["group"])
    return lessons_page.render(earlier=earlier, today=lessons)


@app.get("/week")
def week() -> str:
    """Show a group's lessons of this week."""
    (lessons,) = _read(WEEK, group=request.args["group"])
    return lessons_page.render(earlier=[], today=lessons)


@app.get("/week_of_school")
def week_of_school() -> str:
    """Show the school's lessons of this week."""
    (lessons,) = _read(WEEK_OF_SCHOOL)
    return lessons_page.render(earlier=[], today=lessons)


@app.get("/levels")
def levels() -> str:
    """Show everyone's latest level in each skill."""
    return draw_levels(*_read(MEMBERS, LATEST, group=request.args["group"]))


def draw_levels(rows: list[Any], held: list[Any]) -> str:
    """Draw a group's levels."""
    latest = {(row.learner_id, row.skill): row for row in held}
    return levels_page.render(rows=rows, levels=latest, skills=SKILLS)


@app.get("/matrix")
def matrix() -> str:
    """Show a group's marks of twelve weeks, a row a learner and a column a lesson."""
    return draw_matrix(*_read(HELD, MEMBERS, MARKS, group=request.args["group"]))


def draw_matrix(lessons: list[Any], rows: list[Any], marks: list[Any]) -> str:
    """Draw a group's marks."""
    found = {(row.learner_id, row.lesson_id): row for row in marks}
    return matrix_page.render(lessons=lessons, rows=rows, marks=found)


@app.get("/coached")
def coached() -> str:
    """Show a coach's learners with their last lessons, levels, hours and contacts."""
    return draw_coached(*_read(COACHED, COACHED_MARKS, COACHED_LEVELS, COACHED_MINUTES, coach=request.args["coach"]))


def draw_coached(rows: list[Any], marks: list[Any], levels: list[Any], minutes: list[Any]) -> str:
    """Draw a coach's learners."""
    of: tuple[dict[Any, list[Any]], ...] = ({}, {})
    for found, listed in zip(of, (marks, levels), strict=True):
        for row in listed:
            found.setdefault(row.learner_id, []).append(row)
    attended = {row.learner_id: row.minutes for row in minutes}
    return coached_page.render(rows=rows, marks=of[0], levels=of[1], minutes=attended)


@app.get("/figures")
def figures() -> str:
    """Show a school's figures of a quarter beside the one before."""
    return draw_figures(*_read(*FIGURES))


def asgi_app() -> RequestGate:
    """Make the app for a process of the portal's own web server."""
    server.prepare_process()
    return RequestGate(app, Limits(), threads=int(os.environ["BARE_THREADS"]), may_upload=lambda _app, _environ: False)


def main() -> None:
    """Serve these pages as `portal serve` serves its own."""
    serve("tests.bench.bare:asgi_app")


def serve(app_name: str) -> None:
    """Serve what a function makes, with the port, processes and threads that the command line gives."""
    parser = argparse.ArgumentParser()
    for name in ("port", "processes", "threads"):
        parser.add_argument(f"--{name}", type=int, required=True)
    given = parser.parse_args()
    os.environ["BARE_THREADS"] = str(given.threads)
    server.run(app_name, server.listen("127.0.0.1", given.port), processes=given.processes)


if __name__ == "__main__":
    main()
