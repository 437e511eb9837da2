"""The school's figures as rows of a file: as the page has them, each figure of now beside that of before."""

from collections.abc import Sequence

from portal.core.http.languages import _
from portal.core.spreadsheets import Cell
from portal.overview.school.measures import Counted, Line, Measure


def headings_of(measures: Sequence[Measure], first: str) -> list[str]:
    """Return the headings: what a row is of, and two for each figure."""
    found = [first]
    for measure in measures:
        label = _("%(figure)s, in procenten", figure=measure.label) if measure.is_share else str(measure.label)
        found += [label, _("%(figure)s, periode ervoor", figure=measure.label)]
        if measure.key == "exams":
            found += [_("Examens gedaan"), _("Examens gedaan, periode ervoor")]
    return found


def cells_of(line: Line, measures: Sequence[Measure]) -> list[Cell]:
    """Return the cells of a row."""
    found: list[Cell] = [line.label]
    for measure in measures:
        found += [_cell(measure, counted, measure.value(counted)) for counted in (line.now, line.before)]
        if measure.key == "exams":
            found += [_cell(measure, counted, counted.figures.exams) for counted in (line.now, line.before)]
    return found


def _cell(measure: Measure, counted: Counted, value: int | None) -> Cell:
    """Return a figure; in words where it is not shown."""
    return measure.said(counted) if measure.is_hidden(counted) else value
