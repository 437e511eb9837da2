"""A workbook of ten thousand rows, checked and stored, against reading it and storing its rows unchecked; memory."""

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

from python_calamine import CalamineWorkbook
from sqlalchemy import insert
from stdnum.nl import bsn as bsns
from xlsxwriter import Workbook

from portal.core.clock import today
from portal.core.db.base import Base, new_id
from portal.core.db.scope import current_school_id, in_school
from portal.core.db.session import session
from portal.core.garbage import pass_over_what_stays
from portal.core.http.access import PORTAL
from portal.imports.runs.batch import bring_in
from tests.bench.measuring import peak_of, ratio_of
from tests.bench.rows import Line
from tests.bench.setting import Setting

ROWS = 10_000
_HEADER = (
    "Nr.", "Voornaam", "Tussenvoegsel", "Achternaam", "Geboortedatum", "BSN", "Telefoon", "E-mail", "Straat", "Huisnr",
    "Postcode", "Woonplaats", "Groep", "Wet", "Leerroute", "Opdrachtgever", "Uren gevolgd", "Startdatum",
)  # fmt: skip


class _Back(Exception):
    """What was stored is taken back."""


def lines(setting: Setting) -> Iterator[Line]:
    """Measure the import."""
    data = made()
    pass_over_what_stays()  # as the worker does, which stores workbooks
    with setting.app.app_context(), in_school(setting.school):
        bring_in(made(50), "lijst.xlsx", act=None, grounds={}, is_trial=True, by=PORTAL)
        grown = peak_of(lambda: import_all(data))
        mine, yours, ratio = ratio_of(lambda: import_all(data), lambda: _unchecked(data), rounds=3)
    note = f"{ROWS} rows: {mine:.1f} s against {yours:.1f} s"
    yield Line("workbook checked and stored, against unchecked", ratio, 8, note=note)
    yield Line("memory above base for that workbook", grown, 150, unit="MB")


def made(rows: int = ROWS) -> bytes:
    """Make a workbook as a school would bring it."""
    out = io.BytesIO()
    number = 900_000_000
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Cursisten")
        sheet.write_row(0, 0, _HEADER)
        for index in range(1, rows + 1):
            number += 1
            while not bsns.is_valid(str(number)):
                number -= 7
            who = [700_000 + index, f"Voornaam{index}", "van der", f"Achternaam{index}", 30_000 + index % 9_000, number]
            where = [f"06{10_000_000 + index}", f"mail{index}@example.org", "Straat", index % 300 + 1, "3511 AB"]
            what = ["Utrecht", f"Meetgroep {index % 400}", "Wi2021", "B1", "Gemeente Utrecht", 40, 46_266]
            sheet.write_row(index, 0, [*who, *where, *what])
    return out.getvalue()


def import_all(data: bytes) -> None:
    """Check and store a workbook in the school in scope, then take it all back."""
    try:
        with session.begin_nested():
            done = bring_in(data, "lijst.xlsx", act=None, grounds={}, is_trial=False, by=PORTAL)
            if done.plan.counts()["added"] != ROWS:
                raise RuntimeError(f"not all rows came in: {done.plan.counts()}")
            raise _Back
    except _Back:
        session.expunge_all()


def _unchecked(data: bytes) -> None:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[1:]
    tables = Base.metadata.tables
    school: dict[str, Any] = {"school_id": current_school_id()}
    course, ids = new_id(), [new_id() for _ in rows]
    groups = {name: new_id() for name in {row[12] for row in rows}}
    try:
        with session.begin_nested():
            _store(tables["course"], [{**school, "id": course, "name": "Meting", "kind": "other", "is_active": True}])
            made = {"course_id": course, "starts_on": today()}
            _store(
                tables["learner_group"], [{**school, **made, "id": key, "name": name} for name, key in groups.items()]
            )
            _store(
                tables["learner"], [{**school, "id": key, **_learner(row)} for key, row in zip(ids, rows, strict=True)]
            )
            under = {**school, "act": "wi2021", "route": "b1", "reports_to_government": True, "minutes_before": 2400}
            under["starts_on"] = today()
            _store(tables["trajectory"], [{**under, "id": new_id(), "learner_id": key} for key in ids])
            joined = [
                {**school, "id": new_id(), "learner_id": key, "group_id": groups[row[12]], "starts_on": today()}
                for key, row in zip(ids, rows, strict=True)
            ]
            _store(tables["enrolment"], joined)
            raise _Back
    except _Back:
        pass


def _store(table: Any, rows: list[dict[str, Any]]) -> None:
    session.execute(insert(table), rows)


def _learner(row: list[Any]) -> dict[str, Any]:
    names = {"given_name": row[1], "name_prefix": row[2], "family_name": row[3]}
    contact = {"phone": row[6], "email": row[7], "street": row[8], "house_number": str(row[9])}
    place = {"postcode": row[10], "city": row[11], "birth_date": date(1990, 1, 1), "last_contact_on": today()}
    found = {"sort_name": row[3], "search_text": row[3], "version": 1, "number": str(int(row[0]))}
    return {**names, **contact, **place, **found}
