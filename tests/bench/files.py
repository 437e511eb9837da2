"""Files out and workbooks in: against COPY, XlsxWriter and reading alone."""

import io
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select, text
from xlsxwriter import Workbook

from portal.core.clock import today
from portal.core.crypto import files
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import engine, session
from portal.courses.models import Course, CourseKind
from portal.demo.bulk import store
from portal.disclosures.files import selection
from portal.disclosures.files.columns import FileColumn
from portal.disclosures.files.wanted import Wanted, wanted_for
from portal.disclosures.formats import content_of
from portal.disclosures.models import FileFormat
from portal.learners.record.models import Learner
from portal.policy.queries import current_policy
from tests.bench.measuring import peak_of, ratio_of
from tests.bench.rows import Line
from tests.bench.setting import Setting, analyse, store_learners
from tests.conftest import school_id

FLAT = 8.0
MILLION = (
    "insert into learner_group (school_id, id, course_id, name, starts_on)"
    " select current_school(), gen_random_uuid(), :course, 'Groep ' || n, current_date - 99"
    " from generate_series(0, 799) n",
    "insert into enrolment (school_id, id, learner_id, group_id, starts_on)"
    " select current_school(), gen_random_uuid(), r.id, g.id, g.starts_on from learner r"
    " join learner_group g on g.name = 'Groep ' || r.number::int / 25",
    "insert into lesson (school_id, id, group_id, held_on, starts_at, ends_at, break_minutes)"
    " select current_school(), gen_random_uuid(), g.id, current_date - n, '09:00', '12:00', 0"
    " from generate_series(50, 1, -1) n cross join learner_group g",
    "insert into attendance_mark (school_id, id, lesson_id, learner_id, status, late_minutes, early_minutes, minutes,"
    " version, source, marked_by_name, marked_at)"
    " select current_school(), gen_random_uuid(), l.id, e.learner_id, 'present', 0, 0, 180, 1, 'school', 'bench', now()"
    " from lesson l join enrolment e on e.group_id = l.group_id order by l.held_on, l.id",
)


def _wanted() -> Wanted:
    policy = current_policy()
    template = policy.template("attendance_for_client")
    return wanted_for(policy, template, today() - timedelta(days=90), today(), None)


def lines(setting: Setting) -> Iterator[Line]:
    """Measure a million marks as CSV, with the memory it takes against some thousands, and fewer as a workbook."""
    large = school_id("meester-in-nt2")
    with setting.app.app_context():
        with in_school(large):
            _fill()
        analyse(setting.database)
        with in_school(setting.school):
            make_file(FileFormat.CSV)
            few = peak_of(lambda: make_file(FileFormat.CSV))
            yield from _xlsx()
        with in_school(large):
            many = peak_of(lambda: make_file(FileFormat.CSV))
            yield from _csv()
        yield Line("file as CSV, memory more than for 36,000 marks", many - few, FLAT, "MB", note="flat: under 8 MB")


def _fill() -> None:
    """Put 800 groups of 25 with 50 lessons and their marks in the school in scope: a million marks."""
    store_learners(20_000)
    course = new_id()
    store(Course, [{"id": course, "name": "NT2", "kind": CourseKind.NT2}])
    for statement in MILLION:
        session.execute(text(statement), {"course": course} if ":course" in statement else {})


def make_file(kind: FileFormat) -> None:
    """Make the file of all marks in the school in scope, and store it encrypted."""
    files.store(content_of(kind, selection.selection_of(_wanted(), select(Learner.id)), lambda _rows: None))


def _csv() -> Iterator[Line]:
    wanted = _wanted()
    learners = select(Learner.id)
    _, statement = selection.rows_of(wanted, learners)
    compiled = statement.compile(engine(), compile_kwargs={"render_postcompile": True})
    total = 0

    def theirs() -> None:
        nonlocal total
        driver = session.connection().connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"copy ({compiled}) to stdout", dict(compiled.params)) as copy:  # type: ignore[union-attr]
            total = sum(len(bytes(block)) for block in copy)

    mine, yours, ratio = ratio_of(lambda: make_file(FileFormat.CSV), theirs)
    rows = session.scalar(text("select count(*) from attendance_mark")) or 0
    yield Line(
        "file as CSV, encrypted, against COPY", 1 / ratio, 0.5, at_least=True,
        note=f"{rows} marks: {mine:.2f} s against {yours:.2f} s",
    )  # fmt: skip


def _xlsx() -> Iterator[Line]:
    wanted = _wanted()
    learners = select(Learner.id)
    columns, statement = selection.rows_of(wanted, learners)
    rows = [tuple(row)[1:] for row in session.execute(statement)]

    def theirs() -> None:
        _write_alone(columns, rows)

    mine, yours, ratio = ratio_of(lambda: make_file(FileFormat.XLSX), theirs, rounds=3)
    yield Line(
        "the same as .xlsx, against XlsxWriter alone", 1 / ratio, 0.8, at_least=True,
        note=f"{len(rows)} rows: {mine:.2f} s against {yours:.2f} s",
    )  # fmt: skip


def _write_alone(columns: list[FileColumn], rows: list[tuple[object, ...]]) -> None:
    with Workbook(io.BytesIO(), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [column.heading for column in columns])
        for place, row in enumerate(rows, start=1):
            for number, value in enumerate(row):
                sheet.write(place, number, value if isinstance(value, int | None) else str(value))
