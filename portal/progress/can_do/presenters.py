"""What a page shows of what a learner can do: statements by skill and level, with who said what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from portal.core.http.scope import Scope
from portal.progress.can_do.labels import statement_text
from portal.progress.can_do.queries import Known, find_known, list_statements, near
from portal.progress.labels import WORDS
from portal.progress.models import Rung, Skill

_NOTHING = Known(is_able=None, found_on=None, is_ticked=False)


@dataclass(frozen=True)
class CanDoLine:
    """A statement in the reader's language, what a teacher found and when, and whether she ticked it herself."""

    id: UUID
    text: str
    is_able: bool | None
    found_on: date | None
    is_ticked: bool


CanDoGroup = tuple[str, str, list[CanDoLine]]
"""A skill in words, a level, and its statements."""


def present_can_do(learner_id: UUID, scope: Scope, latest: Mapping[Skill, Rung]) -> Sequence[CanDoGroup]:
    """Return what a learner within reach can do, of the statements about her level and the next one."""
    statements = list_statements()
    known = find_known(learner_id, scope) if statements else {}
    groups = groupby(near(statements, latest), key=lambda each: (each.skill, each.level))
    return [
        (str(WORDS[skill]), level.value, [_line(each.id, each.text, known.get(each.id, _NOTHING)) for each in found])
        for (skill, level), found in groups
    ]


def _line(statement_id: UUID, text: str, known: Known) -> CanDoLine:
    return CanDoLine(
        id=statement_id,
        text=statement_text(text),
        is_able=known.is_able,
        found_on=known.found_on,
        is_ticked=known.is_ticked,
    )
