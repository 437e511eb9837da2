"""What was asked beside what was answered, of evaluations that teacher and learner fill in both.

Answers are stored by the id of their question, which says nothing elsewhere; a row that is read for a copy has a list
of questions with their answers in its place. What isn't stored so stays as it stands.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import Table

ASKED = "questions"
"""The column in which a row holds what was asked."""
_ANSWERS = frozenset({"joint_evaluation.teacher_answers", "joint_evaluation.learner_answers"})
_QUESTION, _ANSWER = "question", "answer"

Answer = dict[str, str]


def asked_beside(table: Table) -> tuple[str, ...]:
    """Return the column that is read with a row of this table to tell what was asked, if it has one."""
    return (ASKED,) if any(f"{table.name}.{column.name}" in _ANSWERS for column in table.columns) else ()


def put_questions(table: Table, row: dict[str, Any]) -> None:
    """Put what was asked beside each answer of a row that was opened, in the order of asking."""
    asked: Mapping[str, Any] = row.pop(ASKED, None) or {}
    for column, value in row.items():
        said = _read(value) if f"{table.name}.{column}" in _ANSWERS else None
        if said is not None:
            keys = sorted({*asked, *said})  # an id sorts by when it was made
            row[column] = [{_QUESTION: asked.get(key, {}).get("text", key), _ANSWER: said.get(key, "")} for key in keys]


def _read(value: Any) -> dict[str, str] | None:
    try:
        said = json.loads(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def answers_in(value: Any) -> Iterator[str]:
    """Yield what was answered in a value of a row."""
    if isinstance(value, list):
        yield from (each[_ANSWER] for each in value if isinstance(each, dict) and each.get(_ANSWER))


def change_answers(value: Any, change: Callable[[str], str]) -> list[Answer]:
    """Return questions with each answer changed by a function."""
    return [{**each, _ANSWER: change(each[_ANSWER])} for each in value]


def written_out(value: Any) -> str | None:
    """Return questions with their answers as a text; None of anything else. What wasn't answered stays out."""
    if not isinstance(value, list) or not all(isinstance(each, dict) and _QUESTION in each for each in value):
        return None
    return "\n".join(f"{each[_QUESTION]} {each[_ANSWER]}" for each in value if each[_ANSWER]) if value else None
