"""The bare pages as requests of the portal: with school, session, access, token, audit and commit, and nothing else.

What our pages cost beyond this is what they read and draw; what this costs beyond bare is what the promises need.
"""

import os
from typing import Any

from flask import Blueprint, request

from portal.app import served_app
from portal.core import audit
from portal.core.db.session import read
from portal.core.http.access import requires
from portal.permissions import Permission
from portal.web import server
from portal.web.exchanges import Limits
from portal.web.request_gate import RequestGate
from tests.bench import bare
from tests.bench.bare_figures import STATEMENTS as FIGURES
from tests.bench.bare_figures import draw_figures
from tests.bench.bare_levels import store_level
from tests.bench.bare_story import STATEMENTS, draw_story

blueprint = Blueprint("bench", __name__)


def _read(*statements: Any, **values: Any) -> list[Any]:
    return [read(statement, values).all() for statement in statements]


@blueprint.get("/register")
@requires(Permission.REGISTER_KEEP)
def register() -> str:
    """Show a register."""
    ((lesson,),) = _read(bare.LESSON, lesson=request.args["lesson"])
    (rows,) = _read(bare.ROWS, lesson=lesson.id, group=lesson.group_id)
    audit.saw([row.id for row in rows], "attendance.register", subject=("lesson", lesson.id))
    return bare.register_page.render(lesson=lesson, rows=rows, choices=bare.CHOICES)


@blueprint.post("/mark")
@requires(Permission.REGISTER_KEEP)
def mark() -> str:
    """Store one mark and show its row."""
    lesson, _stored = bare.store(read, bare.LESSON_AND_LEARNER)
    return bare.draw_row(lesson)


@blueprint.post("/level")
@requires(Permission.PROGRESS_KEEP)
def level() -> str:
    """Store one level and show its row."""
    return store_level(read)


@blueprint.post("/marks")
@requires(Permission.REGISTER_KEEP)
def marks() -> str:
    """Store marks and say how many."""
    return str(len(bare.store(read, bare.LESSON)[1]))


@blueprint.get("/learners")
@requires(Permission.LEARNER_VIEW)
def learners() -> str:
    """Show the first 50 learners."""
    total, rows = _read(bare.COUNT, bare.LIST)
    audit.saw((row.id for row in rows), "learners.list", folds=True)
    return bare.table_page.render(rows=rows, total=total[0][0])


@blueprint.get("/search")
@requires(Permission.LEARNER_VIEW)
def search() -> str:
    """Show the first 50 learners with this in their names."""
    (rows,) = _read(bare.SEARCH, part=request.args["part"])
    audit.saw((row.id for row in rows), "learners.list", folds=True)
    return bare.table_page.render(rows=rows, total=len(rows))


@blueprint.get("/record")
@requires(Permission.RECORD_OWN)
def record() -> str:
    """Show one learner's fields, each with its source."""
    found, origins = _read(bare.LEARNER, bare.ORIGINS, learner=request.args["learner"])
    audit.saw([row.id for row in found], "overview.my_data")
    return bare.draw_record(found[0], origins)


@blueprint.get("/story")
@requires(Permission.LEARNER_VIEW)
def story() -> str:
    """Show one learner's record with what happened."""
    found, origins, *parts = _read(bare.LEARNER, bare.ORIGINS, *STATEMENTS, learner=request.args["learner"])
    audit.saw([row.id for row in found], "learners.record")
    return draw_story(found[0], origins, parts, bare.FIELDS)


@blueprint.get("/today")
@requires(Permission.TODAY_VIEW)
def today() -> str:
    """Show a teacher's lessons of today, and those before that are still open."""
    earlier, lessons = _read(bare.EARLIER, bare.TODAY, group=request.args["group"])
    return bare.lessons_page.render(earlier=earlier, today=lessons)


@blueprint.get("/week")
@requires(Permission.WEEK_OWN)
def week() -> str:
    """Show a group's lessons of this week."""
    (lessons,) = _read(bare.WEEK, group=request.args["group"])
    return bare.lessons_page.render(earlier=[], today=lessons)


@blueprint.get("/week_of_school")
@requires(Permission.TIMETABLE_VIEW)
def week_of_school() -> str:
    """Show the school's lessons of this week."""
    (lessons,) = _read(bare.WEEK_OF_SCHOOL)
    return bare.lessons_page.render(earlier=[], today=lessons)


@blueprint.get("/levels")
@requires(Permission.PROGRESS_VIEW)
def levels() -> str:
    """Show everyone's latest level in each skill."""
    rows, held = _read(bare.MEMBERS, bare.LATEST, group=request.args["group"])
    audit.saw([row.id for row in rows], "progress.group")
    return bare.draw_levels(rows, held)


@blueprint.get("/matrix")
@requires(Permission.FIGURES_VIEW)
def matrix() -> str:
    """Show a group's marks of twelve weeks."""
    lessons, rows, marks = _read(bare.HELD, bare.MEMBERS, bare.MARKS, group=request.args["group"])
    audit.saw([row.id for row in rows], "hours.matrix")
    return bare.draw_matrix(lessons, rows, marks)


@blueprint.get("/coached")
@requires(Permission.CASELOAD_OWN)
def coached() -> str:
    """Show a coach's learners."""
    statements = (bare.COACHED, bare.COACHED_MARKS, bare.COACHED_LEVELS, bare.COACHED_MINUTES)
    rows, *others = _read(*statements, coach=request.args["coach"])
    audit.saw([row.id for row in rows], "overview.my_learners", folds=True)
    return bare.draw_coached(rows, *others)


@blueprint.get("/figures")
@requires(Permission.SCHOOL_FIGURES)
def figures() -> str:
    """Show a school's figures of a quarter beside the one before."""
    return draw_figures(*_read(*FIGURES))


def asgi_app() -> RequestGate:
    """Make the portal's app with these pages beside its own."""
    server.prepare_process()
    app = served_app()
    app.register_blueprint(blueprint, url_prefix="/bench")
    return RequestGate(app, Limits(), threads=int(os.environ["BARE_THREADS"]), may_upload=lambda _app, _environ: False)


def main() -> None:
    """Serve these pages as `portal serve` serves its own."""
    bare.serve("tests.bench.bare_in_portal:asgi_app")


if __name__ == "__main__":
    main()
