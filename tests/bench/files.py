"""Files out and workbooks in: against COPY, XlsxWriter and reading alone."""

import io
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select, text
from xlsxwriter import Workbook

from portal.core import files
from portal.core.clock import today
from portal.core.database import engine, in_school, session
from portal.disclosures import selecting
from portal.disclosures.columns import FileColumn
from portal.disclosures.models import FileFormat
from portal.disclosures.writing import content_of
from portal.learners.models import Learner
from portal.policy.queries import current_policy
from tests.bench.measuring import ratio_of
from tests.bench.rows import Line
from tests.bench.setting import Setting

TIMES = 28


def _wanted() -> selecting.Wanted:
    policy = current_policy()
    template = policy.template("attendance_for_client")
    return selecting.wanted_for(policy, template, today() - timedelta(days=90), today(), None)


def lines(setting: Setting) -> Iterator[Line]:
    """Measure files."""
    with setting.app.app_context(), in_school(setting.school):
        yield from _csv()
        yield from _xlsx()


def _csv() -> Iterator[Line]:
    wanted = _wanted()
    learners = select(Learner.id)
    _, statement = selecting.rows_of(wanted, learners)
    compiled = statement.compile(engine(), compile_kwargs={"render_postcompile": True})
    total = 0

    def ours() -> None:
        files.store(content_of(FileFormat.CSV, wanted, learners, lambda _rows: None))

    def theirs() -> None:
        nonlocal total
        driver = session.connection().connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"copy ({compiled}) to stdout", dict(compiled.params)) as copy:  # type: ignore[union-attr]
            total = sum(len(bytes(block)) for block in copy)

    mine, yours, ratio = ratio_of(ours, theirs)
    rows = session.scalar(text("select count(*) from attendance_mark")) or 0
    yield Line(
        "file as CSV, encrypted, against COPY", 1 / ratio, 0.5, at_least=True,
        note=f"{rows} marks: {mine:.2f} s against {yours:.2f} s",
    )  # fmt: skip


def _xlsx() -> Iterator[Line]:
    wanted = _wanted()
    learners = select(Learner.id)
    columns, statement = selecting.rows_of(wanted, learners)
    rows = [tuple(row)[1:] for row in session.execute(statement)]

    def ours() -> None:
        files.store(content_of(FileFormat.XLSX, wanted, learners, lambda _rows: None))

    def theirs() -> None:
        _write_alone(columns, rows)

    mine, yours, ratio = ratio_of(ours, theirs, rounds=3)
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
