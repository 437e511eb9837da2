"""From a row of a list to what it says was found: a level or the result of an exam, on a day, from a test."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from portal.imports.results.vocabulary import find_subject, subject_in, test_in
from portal.imports.workbooks.dates import Unusable
from portal.imports.workbooks.records import Problem, Record
from portal.imports.workbooks.targets import EXAM_PARTS, SKILLS, TARGETS
from portal.imports.workbooks.values import Result, read
from portal.progress.models import ExamPart, LevelSource, Rung, Skill
from portal.progress.services import EARLIEST

_LEVEL, _VERDICT = TARGETS["level.reading"], TARGETS["exam.knm"]
_SCORE = re.compile(r"\d{1,4}(?:[.,]\d{1,2})?\s*(?:%|punten|points|(?:/|van|of)\s*\d{1,4})?$", re.IGNORECASE)
_LONGEST_SCORE = 20
Read = TypeVar("Read")


@dataclass(frozen=True)
class ForAll:
    """What goes for all rows that don't say it themselves."""

    test: LevelSource
    skill: Skill | ExamPart | None = None
    day: date | None = None


@dataclass(frozen=True)
class Finding:
    """What a row says of one skill or part of an exam, and in the column of which label."""

    subject: Skill | ExamPart
    found_on: date
    source: LevelSource
    level: Rung | None = None
    is_passed: bool | None = None
    score: str | None = None
    column: str = ""

    @property
    def table(self) -> str:
        """Where it is stored: as a level, or as the result of an exam."""
        return "level" if isinstance(self.subject, Skill) else "exam_result"

    @property
    def key(self) -> tuple[Any, ...]:
        """What it is about: of two with the same key only one can be right."""
        return (self.table, self.subject.value, self.found_on, self.source)


@dataclass(frozen=True)
class _Value:
    """What cells say of one subject, before it is known how that is stored."""

    level: Rung | None = None
    is_passed: bool | None = None
    score: str | None = None
    taken_on: date | None = None

    @property
    def is_exam(self) -> bool:
        return self.is_passed is not None or (self.level is None and self.score is not None)


@dataclass
class Reader:
    """Reads the rows of a sheet: its labels by target, what goes for all rows, and whether the school has sublevels.

    Where neither a row nor a choice says of which skill they are, the name of the sheet may.
    """

    labels: dict[str, str]
    for_all: ForAll
    today: date
    has_sublevels: bool
    sheet: str = ""
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def findings(self, record: Record) -> list[Finding]:
        """Return what a row says; its `problems` and `notes` get what can't be used and what isn't taken over."""
        self.problems, self.notes = record.problems, record.notes
        found = [finding for about in self._values(record.values) for finding in self._settled(record.values, *about)]
        if not found and not record.problems:
            self.problems.append(Problem("", "no_result"))
        return found

    def _values(self, values: dict[str, object]) -> Iterator[tuple[Skill | ExamPart, _Value, str]]:
        for target in (*(f"skill.{name}" for name in SKILLS), *(f"outcome.{name}" for name in EXAM_PARTS)):
            if target in values:
                table, _, name = target.partition(".")
                subject = Skill(name) if table == "skill" else ExamPart(name)
                value = self._value(values, target)
                if value is not None:
                    yield subject, value, self.labels.get(target, "")
        yield from self._row_value(values)

    def _row_value(self, values: dict[str, object]) -> Iterator[tuple[Skill | ExamPart, _Value, str]]:
        """Yield what a row says that holds one result and the name of its skill."""
        said = [target for target in ("result.level", "result.outcome") if target in values]
        read_values = [value for target in said if (value := self._value(values, target)) is not None]
        score = self._text(values, "result.score", _LONGEST_SCORE)
        if not read_values and score is None:
            return
        subject = self._subject(values)
        if subject is None:
            return
        joined = _Value(
            level=next((value.level for value in read_values if value.level), None),
            is_passed=next((value.is_passed for value in read_values if value.is_passed is not None), None),
            score=next((value.score for value in read_values if value.score), score),
            taken_on=next((value.taken_on for value in read_values if value.taken_on), None),
        )
        yield subject, joined, self.labels.get(said[0] if said else "result.score", "")

    def _subject(self, values: dict[str, object]) -> Skill | ExamPart | None:
        text = values.get("result.skill")
        if text is None:
            subject = self.for_all.skill or find_subject(self.sheet)
            if subject is None:
                self.problems.append(Problem(self.labels.get("result.skill", ""), "no_skill"))
            return subject
        return self._tried("result.skill", lambda: subject_in(str(text)))

    def _settled(
        self, values: dict[str, object], subject: Skill | ExamPart, value: _Value, column: str
    ) -> Iterator[Finding]:
        """Yield what is stored: of a skill the part of an exam where it says passed or failed, or only a score."""
        day = value.taken_on or values.get("result.day") or self.for_all.day
        source = self._source(values)
        if not isinstance(day, date):
            label = self.labels.get("result.day", "")
            if label not in {problem.column for problem in self.problems}:  # else it is there and can't be read
                self.problems.append(Problem(label, "no_day"))
        elif day < EARLIEST:
            self.problems.append(Problem(self.labels.get("result.day", ""), "day_too_long_ago"))
        elif source is not None and (found := self._as_stored(subject, value, column)) is not None:
            yield Finding(found[0], day, source, found[1].level, found[1].is_passed, found[1].score, column)

    def _as_stored(
        self, subject: Skill | ExamPart, value: _Value, column: str
    ) -> tuple[Skill | ExamPart, _Value] | None:
        if isinstance(subject, Skill) and value.is_exam:
            if subject is Skill.CONVERSATION:
                self.problems.append(Problem(column, "no_exam_of_skill"))
                return None
            subject = ExamPart(subject.value)
        if isinstance(subject, ExamPart):
            is_level_alone = value.level is not None and value.is_passed is None and value.score is None
            return subject, _Value(value.level, True, None) if is_level_alone else value
        if value.score is not None:
            self.notes.append(Problem(self.labels.get("result.score", column), "not_taken", {"value": value.score}))
        return subject, _Value(value.level)

    def _source(self, values: dict[str, object]) -> LevelSource | None:
        text = values.get("result.test")
        return self.for_all.test if text is None else self._tried("result.test", lambda: test_in(str(text)))

    def _value(self, values: dict[str, object], target: str) -> _Value | None:
        """Return what a cell says: a level, passed or failed perhaps with the day, or a score."""
        return self._tried(target, lambda: self._read(str(values[target])))

    def _read(self, text: str) -> _Value | None:
        if _SCORE.match(text):
            return _Value(score=text[:_LONGEST_SCORE])
        level = _level_in(text)
        if level is not None:
            return _Value(level=self._whole(level))
        try:
            found = read(_VERDICT, text, today=self.today)
        except Unusable as why:
            raise why if why.code == "date_in_future" else Unusable("result_unreadable", value=text[:60]) from None
        return _Value(is_passed=found.is_passed, taken_on=found.taken_on) if isinstance(found, Result) else None

    def _whole(self, level: Rung) -> Rung:
        """Return a level as the school works with it; raises Unusable for one that it doesn't have."""
        if level.is_sublevel and not self.has_sublevels:
            if level.value.endswith("-"):
                raise Unusable("level_unknown", value=level.value)
            return level.whole
        return level

    def _text(self, values: dict[str, object], target: str, most: int) -> str | None:
        text = values.get(target)
        if text is None:
            return None
        if len(str(text)) > most:
            self.problems.append(Problem(self.labels.get(target, ""), "too_long", {"most": most}))
            return None
        return str(text)

    def _tried(self, target: str, reading: Callable[[], Read]) -> Read | None:
        """Return what a cell says, None with a problem beside its column where that can't be read."""
        try:
            return reading()
        except Unusable as why:
            self.problems.append(Problem(self.labels.get(target, ""), why.code, dict(why.facts)))
            return None


def _level_in(text: str) -> Rung | None:
    try:
        level = read(_LEVEL, text, today=date.max)
    except Unusable:
        return None
    return Rung(level) if isinstance(level, str) else None
