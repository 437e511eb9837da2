"""Which columns the matrix of a group has as a file: those of its page, a lesson each."""

from functools import partial

from portal.core.http.languages import _l, written
from portal.core.spreadsheets import Cell
from portal.hours.matrix.presenters import Matrix, MatrixRow
from portal.learners.lists.services import ListColumn


def _percent(row: MatrixRow) -> Cell:
    return row.percent


_BEFORE: tuple[ListColumn, ...] = (
    ListColumn("number", "name", _l("Nummer"), lambda row: row.learner.number),
    ListColumn("name", "name", _l("Naam"), lambda row: row.learner.name),
    ListColumn("percent", "attendance", _l("Deel van de lestijd in procenten"), _percent),
)
TOLD: tuple[ListColumn, ...] = (*_BEFORE, ListColumn("lessons", "attendance", _l("elke les"), lambda _row: None))
"""The columns as whoever asks for the file reads them."""


def columns_of(matrix: Matrix) -> list[ListColumn]:
    """Return the columns of a matrix: who it is, her share of the lessons, and each lesson."""
    return [*_BEFORE, *(_of_lesson(matrix, at) for at in range(len(matrix.lessons)))]


def _of_lesson(matrix: Matrix, at: int) -> ListColumn:
    lesson = matrix.lessons[at].lesson
    heading = f"{written('shortday', lesson.held_on)} {lesson.starts_at:%H:%M}"
    name = f"{lesson.held_on.isoformat()} {lesson.starts_at:%H:%M}"
    return ListColumn(name, "attendance", heading, partial(_said, matrix, at))


def _said(matrix: Matrix, at: int, row: MatrixRow) -> Cell:
    return matrix.texts[row.cells[at]]
