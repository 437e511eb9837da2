"""Which columns the coach's list has as a file: those of its page."""

from portal.core.http.languages import _l, comma
from portal.core.spreadsheets import Cell
from portal.learners.lists.services import ListColumn
from portal.overview.my_learners.presenters import LearnerLine, every_level


def _percent(line: LearnerLine) -> Cell:
    return line.strokes.percent if line.strokes else None


def _seen_on(line: LearnerLine) -> Cell:
    return line.strokes.seen_on if line.strokes else None


def _attended(line: LearnerLine) -> Cell:
    return line.hours.attended if line.hours else None


COACHED: tuple[ListColumn, ...] = (
    ListColumn("number", "name", _l("Nummer"), lambda line: line.learner.number),
    ListColumn("name", "name", _l("Naam"), lambda line: line.learner.name),
    ListColumn("groups", "trajectory", _l("Groep"), lambda line: line.groups),
    ListColumn("ends_on", "trajectory", _l("Eindigt op"), lambda line: line.learner.ends_on),
    ListColumn("percent", "attendance", _l("Laatste 12 lessen, in procenten"), _percent, is_optional=True),
    ListColumn("seen_on", "attendance", _l("Laatst aanwezig"), _seen_on, is_optional=True),
    ListColumn("levels", "level", _l("Niveau"), lambda line: every_level(line.learner.levels), is_optional=True),
    ListColumn("attended", "attendance", _l("Uren gevolgd"), _attended, is_optional=True),
    ListColumn("bought", "trajectory", _l("Ingekochte uren"), lambda line: line.learner.bought),
    ListColumn("signals", "attendance", _l("Signaal"), lambda line: comma().join(line.signals), is_optional=True),
    ListColumn("contact_on", "progress", _l("Laatste contact"), lambda line: line.contact_on, is_optional=True),
)
"""Of a coach's learners."""
