"""A group's matrix as its page shows it: a cell for each learner and lesson, and how far each register is."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from flask_babel import LazyString

from portal.attendance.models import Status
from portal.attendance.open_registers.queries import RegisterState
from portal.core.clock import now
from portal.core.http.languages import _, _l, comma
from portal.courses.lessons.queries import LessonView
from portal.hours.matrix.queries import GroupLearner, GroupLesson, Marks, StoredMark


class CellKind(StrEnum):
    """What a cell of the matrix says; the ones that say nothing of her come last."""

    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"
    EXCUSED = "excused"
    OPEN = "open"
    AHEAD = "ahead"
    CANCELLED = "cancelled"
    ELSEWHERE = "elsewhere"


class Cell(NamedTuple):
    """What the register says of a learner in a lesson; many cells of a matrix are the same one."""

    kind: CellKind
    late: int | None = 0
    early: int = 0
    is_authorised: bool | None = None
    has_note: bool = False


CANCELLED, AHEAD, OPEN, ELSEWHERE = (
    Cell(kind) for kind in (CellKind.CANCELLED, CellKind.AHEAD, CellKind.OPEN, CellKind.ELSEWHERE)
)
LABELS: Mapping[CellKind, LazyString] = {
    CellKind.PRESENT: _l("aanwezig"),
    CellKind.LATE: _l("te laat"),
    CellKind.ABSENT: _l("afwezig"),
    CellKind.EXCUSED: _l("afgemeld"),
    CellKind.OPEN: _l("nog niet ingevuld"),
    CellKind.AHEAD: _l("nog niet begonnen"),
    CellKind.CANCELLED: _l("les geannuleerd"),
    CellKind.ELSEWHERE: _l("niet in de groep"),
}
_LEFT = (OPEN, AHEAD)
_MISSED = (CellKind.ABSENT, CellKind.EXCUSED)
_LEAST_MISSED = 2


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """A learner's cells in the order of the lessons, and what share of the filled in minutes she attended.

    `missed` is how many of the last lessons she missed one after another, where they are two or more.
    """

    learner: GroupLearner
    cells: list[Cell]
    percent: int | None
    missed: int


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """The lessons of a period with how far their registers are, the rows by name, and each cell there is in words."""

    lessons: Sequence[GroupLesson]
    states: Sequence[RegisterState]
    rows: list[MatrixRow]
    texts: Mapping[Cell, str]

    @property
    def months(self) -> list[tuple[date, int]]:
        """The months of the lessons, each with how many there are in it."""
        return list(Counter(each.lesson.held_on.replace(day=1) for each in self.lessons).items())

    @property
    def busy_days(self) -> set[date]:
        """The days with more than one lesson, of which the hour is said too."""
        days = Counter(each.lesson.held_on for each in self.lessons)
        return {day for day, count in days.items() if count > 1}

    @property
    def kinds(self) -> list[CellKind]:
        """What the cells say, each once, for the legend."""
        there = {cell.kind for cell in self.texts}
        return [kind for kind in CellKind if kind in there]

    @property
    def says_authorised(self) -> bool:
        """Say whether any absence is said to be authorised or not."""
        return any(cell.is_authorised is not None for cell in self.texts)

    @property
    def says_note(self) -> bool:
        """Say whether there is a note at any mark."""
        return any(cell.has_note for cell in self.texts)

    @property
    def says_early(self) -> bool:
        """Say whether anybody left before the end."""
        return any(cell.early for cell in self.texts)

    @property
    def unfinished(self) -> list[RegisterState]:
        """The lessons of which somebody is still to be filled in, and those that were cancelled, the latest first."""
        return [each for each in reversed(self.states) if each.lesson.is_cancelled or (each.open and each.is_begun)]


def present_matrix(
    lessons: Sequence[GroupLesson], learners: Iterable[GroupLearner], marks: Marks, *, shows_notes: bool = False
) -> Matrix:
    """Return the matrix of these lessons and learners; `shows_notes`: with a sign where somebody wrote a note."""
    begun = now()
    held = [(each.lesson, each.lesson.begins <= begun) for each in lessons]
    rows = [_row(learner, held, marks.get(learner.learner_id, {}), shows_notes) for learner in learners]
    columns = list(zip(*(row.cells for row in rows), strict=True)) or [()] * len(lessons)
    marked = Counter(lesson_id for of_learner in marks.values() for lesson_id in of_learner)
    states = [
        RegisterState(each.lesson, sum(1 for cell in column if cell in _LEFT), marked[each.lesson.id])
        for each, column in zip(lessons, columns, strict=True)
    ]
    distinct = {cell for row in rows for cell in row.cells}
    return Matrix(lessons=lessons, states=states, rows=rows, texts={cell: cell_text(cell) for cell in distinct})


def _row(
    learner: GroupLearner, held: Sequence[tuple[LessonView, bool]], marks: Mapping[UUID, StoredMark], shows_notes: bool
) -> MatrixRow:
    found = [(lesson, has_begun, marks.get(lesson.id)) for lesson, has_begun in held]
    cells = [_cell(learner, *each, shows_notes) for each in found]
    counted = [
        (mark.minutes, lesson.minutes)
        for lesson, has_begun, mark in found
        if mark is not None and has_begun and not lesson.is_cancelled
    ]
    offered = sum(minutes for _attended, minutes in counted)
    attended = sum(minutes for minutes, _offered in counted)
    return MatrixRow(
        learner=learner,
        cells=cells,
        percent=round(100 * attended / offered) if offered else None,
        missed=_missed_last(cells),
    )


def _cell(
    learner: GroupLearner, lesson: LessonView, has_begun: bool, mark: StoredMark | None, shows_notes: bool
) -> Cell:
    if lesson.is_cancelled:
        return CANCELLED
    if mark is None:
        if not learner.is_in_group_on(lesson.held_on):
            return ELSEWHERE
        return OPEN if has_begun else AHEAD
    has_note = mark.has_note and shows_notes
    if mark.status != Status.PRESENT.value:
        return Cell(CellKind(mark.status), is_authorised=mark.is_authorised, has_note=has_note)
    kind = CellKind.LATE if mark.late_minutes != 0 else CellKind.PRESENT
    return Cell(kind, mark.late_minutes, mark.early_minutes, has_note=has_note)


def _missed_last(cells: Sequence[Cell]) -> int:
    said = [cell.kind for cell in reversed(cells) if cell.kind in {*_MISSED, CellKind.PRESENT, CellKind.LATE}]
    missed = next((at for at, kind in enumerate(said) if kind not in _MISSED), len(said))
    return missed if missed >= _LEAST_MISSED else 0


def cell_text(cell: Cell) -> str:
    """Return what a cell says, in words."""
    parts = [_label(cell)]
    if cell.is_authorised is not None:
        parts.append(_("geoorloofd") if cell.is_authorised else _("ongeoorloofd"))
    if cell.early:
        parts.append(_("%(minutes)s minuten eerder weg", minutes=cell.early))
    if cell.has_note:
        parts.append(_("met een notitie"))
    return comma().join(parts)


def _label(cell: Cell) -> str:
    if cell.kind is CellKind.LATE:
        if cell.late is None:
            return _("te laat, minuten nog niet ingevuld")
        return _("%(minutes)s minuten te laat", minutes=cell.late)
    return str(LABELS[cell.kind])
