"""What a person chooses of a list of results: what goes for all rows, and which of two results stands."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from portal.core.errors import Invalid
from portal.imports.mappings.columns import SheetColumns, column_field
from portal.imports.results.vocabulary import find_subject
from portal.imports.workbooks.targets import RESULT_TARGETS, SAYING
from portal.progress.models import ExamPart, LevelSource, Skill
from portal.progress.services import check_day

REPLACE, KEEP = "replace", "keep"
"""What of two results stands, as a person decided: that of the list, or the one that was there."""

DIFFERS = "result_differs"
"""Why a row is refused that says another thing than stands there."""
IN_COLUMNS = tuple(key for key in RESULT_TARGETS if key.startswith(("skill.", "outcome.")))
"""The skills and parts of exams that may have a column of their own; one of them may be that of all rows."""
_IN_ROWS = SAYING - set(IN_COLUMNS)


def decision_key(row: str) -> str:
    """Return the key under which it is kept what of two results stands, beside whose the row is."""
    return f"{row}!result"


def asks_which(kept: Mapping[str, Any]) -> bool:
    """Say of a refused row, as a preview keeps it, whether a person must say which of two results stands."""
    codes = {code for _column, code, _facts in kept["problems"]}
    return codes == {DIFFERS}


def skill_in(code: str) -> Skill | ExamPart:
    """Return the skill, or the part of an exam, that a choice means; raises ValueError for none."""
    table, _, name = code.partition(".")
    return ExamPart(name) if table == "outcome" else Skill(name)


def checked_results(options: Mapping[str, Any], sheets: Iterable[SheetColumns]) -> dict[str, Any]:
    """Return what was chosen for all rows, as a run keeps it; raises Invalid beside the choice."""
    test, skill, day = (options.get(name) or None for name in ("test", "skill", "day"))
    if test is not None and test not in set(LevelSource):
        raise Invalid("test", "choice_unknown")
    if skill is not None and skill not in IN_COLUMNS:
        raise Invalid("skill", "choice_unknown")
    if isinstance(day, date):
        check_day(day, "day")
        day = day.isoformat()
    chosen = {"test": test, "skill": skill, "day": day}
    _check_columns(sheets, chosen)
    return chosen


def _check_columns(sheets: Iterable[SheetColumns], options: Mapping[str, Any]) -> None:
    """Raise Invalid, beside its choice, for what a list lacks: what somebody has, in what, and on which day."""
    for index, sheet in enumerate(sheets):
        if not sheet.is_used:
            continue
        chosen = set(sheet.targets.values())
        in_rows = _IN_ROWS & chosen
        if not SAYING & chosen:
            raise Invalid(column_field(index, 0), "no_result_column")
        says_skill = "result.skill" in chosen or options.get("skill") or find_subject(sheet.name)
        if in_rows and not says_skill:
            raise Invalid("skill", "no_skill_chosen")
        if "result.day" not in chosen and not options.get("day"):
            raise Invalid("day", "no_day_chosen")
