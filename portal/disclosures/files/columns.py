"""The columns of a file: from a field of the policy to its heading and its expression. Recipients read Dutch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, case, literal, null

from portal.attendance.models import AttendanceMark
from portal.core.http.languages import _l
from portal.core.personal_data import Sealed
from portal.courses.models import Course, LearnerGroup, Lesson
from portal.finances.labels import INVOICE_LABELS
from portal.finances.models import InvoiceLine
from portal.hours.figures.models import SchoolFigure
from portal.learners.record.fields import FIELDS, RecordField
from portal.learners.record.labels import LANGUAGE_NAMES
from portal.learners.record.models import Learner
from portal.learners.trajectories.entries import TRAJECTORY
from portal.progress.labels import PARTS, WORDS
from portal.progress.models import ExamResult, Rung

CHOICE_LABELS: Mapping[str, Mapping[str | None, Any]] = {
    "attendance_mark.status": {
        "present": _l("aanwezig"),
        "absent": _l("afwezig"),
        "excused": _l("afgemeld"),
        None: _l("nog niet ingevuld"),
    },
    "attendance_mark.is_authorised": {"true": _l("geoorloofd"), "false": _l("ongeoorloofd")},
    "lesson.kind": {
        "nt2": _l("NT2"),
        "literacy": _l("alfabetisering"),
        "knm": _l("KNM"),
        "ona": _l("ONA"),
        "participation": _l("participatie"),
    },
    "correction.state": {"contested": _l("betwist")},
    "exam_result.part": {part.value: label for part, label in PARTS.items()},
    "exam_result.level": {rung.value: WORDS.get(rung, rung.value) for rung in Rung},
    "exam_result.is_passed": {"true": _l("geslaagd"), "false": _l("niet geslaagd")},
    "lesson.place": {"school": _l("op school"), "distance": _l("op afstand")},
}
"""What values are called that aren't fields of a record; None is what stands where there is no value."""
_FIELDS: Mapping[str, RecordField] = FIELDS | {field.key: field for field in TRAJECTORY.all_fields}

_HEADINGS: Mapping[str, Any] = {
    "learner.number": _l("Nummer"),
    "learner.given_name": _l("Voornaam"),
    "learner.name_prefix": _l("Tussenvoegsel"),
    "learner.family_name": _l("Achternaam"),
    "learner.birth_date": _l("Geboortedatum"),
    "learner.email": _l("E-mail"),
    "learner.phone": _l("Telefoon"),
    "learner.preferred_language": _l("Taal van voorkeur"),
    "trajectory.route": _l("Leerroute"),
    "attendance_mark.status": _l("Presentie"),
    "attendance_mark.is_authorised": _l("Geoorloofd of niet"),
    "attendance_mark.late_minutes": _l("Minuten te laat"),
    "attendance_mark.early_minutes": _l("Minuten eerder weg"),
    "attendance_mark.minutes": _l("Minuten les gevolgd"),
    "exam_result.part": _l("Examenonderdeel"),
    "exam_result.level": _l("Niveau"),
    "exam_result.taken_on": _l("Examendatum"),
    "exam_result.is_passed": _l("Uitslag"),
    **{f"invoice_line.{name}": label for name, label in INVOICE_LABELS.items()},
}


_NUMBERS = frozenset(
    {"trajectory.hours_bought", "invoice_line.amount_cents"}
    | {
        f"school_figure.{name}"
        for name in ("learners", "lessons", "minutes_offered", "minutes_attended", "exams", "exams_passed")
    }
)


@dataclass(frozen=True)
class FileColumn:
    """A column of a file: its key, its heading, what it selects, and whether it opens with the learner's key."""

    key: str
    heading: str
    expression: ColumnElement[Any]
    is_sealed: bool = False

    @property
    def is_number(self) -> bool:
        """Say whether its values are numbers."""
        return self.key.endswith("_minutes") or self.key.endswith(".minutes") or self.key in _NUMBERS


def heading_of(field: str) -> str:
    """Return the heading of a field: its own in files, else what it is called in the record. Raises KeyError."""
    return str(_HEADINGS[field] if field in _HEADINGS else _FIELDS[field].label)


def choices_of(key: str) -> dict[str | None, Any]:
    """Return what the values of a column are called, by code as PostgreSQL writes it; nothing where it has no codes."""
    if key in CHOICE_LABELS or key not in _FIELDS:
        return dict(CHOICE_LABELS.get(key, {}))
    field = _FIELDS[key]
    labels: dict[str | None, Any] = {code.value: label for code, label in field.choices.items()}
    if field.kind == "language":
        labels.update(LANGUAGE_NAMES)
    if field.kind == "yes_no":
        labels.update(true=_l("ja"), false=_l("nee"))
    return labels


def _table_of(name: str, trajectory: FromClause) -> FromClause:
    tables: dict[str, FromClause] = {
        "learner": Learner.__table__,
        "attendance_mark": AttendanceMark.__table__,
        "exam_result": ExamResult.__table__,
        "invoice_line": InvoiceLine.__table__,
        "trajectory": trajectory,
    }
    return tables[name]


def columns_for(fields: tuple[str, ...], trajectory: FromClause) -> list[FileColumn]:
    """Return the columns for the fields of a template; raises KeyError for a table that files can't hold."""
    made = []
    for field in fields:
        table, _, name = field.partition(".")
        column = _table_of(table, trajectory).c[name]
        made.append(FileColumn(field, heading_of(field), column, isinstance(column.type, Sealed)))
    return made


def lesson_columns() -> list[FileColumn]:
    """Return what says which lesson a row of an attendance list is about: nothing of a person."""
    return [
        FileColumn("learner_group.name", str(_l("Groep")), LearnerGroup.__table__.c.name),
        FileColumn("lesson.held_on", str(_l("Datum")), Lesson.__table__.c.held_on),
        FileColumn("lesson.starts_at", str(_l("Van")), Lesson.__table__.c.starts_at),
        FileColumn("lesson.ends_at", str(_l("Tot")), Lesson.__table__.c.ends_at),
        FileColumn("lesson.kind", str(_l("Soort les")), Lesson.__table__.c.kind),
        FileColumn("lesson.place", str(_l("Waar")), Lesson.__table__.c.place),
    ]


def contested_column(is_contested: ColumnElement[bool]) -> FileColumn:
    """Return what says of a mark that its learner contests it; empty where she doesn't."""
    return FileColumn("correction.state", str(_l("Betwist")), case((is_contested, literal("contested")), else_=null()))


def figure_columns() -> list[FileColumn]:
    """Return what a file of figures says of a course in a month: nothing of a person."""
    counts = {
        "learners": _l("Cursisten"),
        "lessons": _l("Lessen"),
        "minutes_offered": _l("Minuten les aangeboden"),
        "minutes_attended": _l("Minuten les gevolgd"),
        "exams": _l("Examens"),
        "exams_passed": _l("Examens gehaald"),
    }
    return [
        FileColumn("course.name", str(_l("Cursus")), Course.__table__.c.name),
        FileColumn("school_figure.month", str(_l("Maand")), SchoolFigure.__table__.c.month),
        *(
            FileColumn(f"school_figure.{name}", str(label), SchoolFigure.__table__.c[name])
            for name, label in counts.items()
        ),
    ]
