"""What can be assessed of a whole group: the level in a skill, the result of a part of an exam, what they can do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.policy.queries import current_policy
from portal.progress.can_do.models import Answer, CanDo, CanDoStatement
from portal.progress.levels.queries import list_rungs
from portal.progress.models import ExamPart, ExamResult, Level, LevelSource, Outcome, Rung, Skill

Table = type[Level] | type[ExamResult] | type[CanDo]


@dataclass(frozen=True)
class Subject:
    """A skill, a part of an exam or a statement: its word in an address, the policy's feature, where it is stored.

    `code` is what the table holds of it: the skill, the part, or the statement's id, which has a `text` of its own.
    """

    slug: str
    feature: str
    table: Table
    code: str
    values: tuple[str, ...]
    text: str = ""

    @property
    def is_level(self) -> bool:
        """Say whether levels are found of it."""
        return self.table is Level

    @property
    def usual_source(self) -> LevelSource:
        """From where it is known, unless somebody says otherwise."""
        return LevelSource.EXAM if self.table is ExamResult else LevelSource.TEACHER

    @property
    def field(self) -> str:
        """The key of the column that holds its value, as the audit names it."""
        return {Level: "level.level", ExamResult: "exam_result.is_passed"}.get(self.table, "can_do.is_able")


@dataclass(frozen=True)
class Assessment:
    """One subject, found on one day from one source."""

    subject: Subject
    found_on: date
    source: LevelSource


_RUNGS, _OUTCOMES = tuple(rung.value for rung in Rung), tuple(outcome.value for outcome in Outcome)
_ANSWERS = tuple(answer.value for answer in Answer)
SUBJECTS: Mapping[str, Subject] = {
    subject.slug: subject
    for subject in (
        Subject("lezen", "levels", Level, Skill.READING.value, _RUNGS),
        Subject("luisteren", "levels", Level, Skill.LISTENING.value, _RUNGS),
        Subject("schrijven", "levels", Level, Skill.WRITING.value, _RUNGS),
        Subject("spreken", "levels", Level, Skill.SPEAKING.value, _RUNGS),
        Subject("gesprekken", "levels", Level, Skill.CONVERSATION.value, _RUNGS),
        Subject("knm", "exams", ExamResult, ExamPart.KNM.value, _OUTCOMES),
        Subject("ona", "exams", ExamResult, ExamPart.ONA.value, _OUTCOMES),
        Subject("examen-lezen", "exams", ExamResult, ExamPart.READING.value, _OUTCOMES),
        Subject("examen-luisteren", "exams", ExamResult, ExamPart.LISTENING.value, _OUTCOMES),
        Subject("examen-schrijven", "exams", ExamResult, ExamPart.WRITING.value, _OUTCOMES),
        Subject("examen-spreken", "exams", ExamResult, ExamPart.SPEAKING.value, _OUTCOMES),
    )
}
"""By their word in an address."""


def offered_values(subject: Subject) -> tuple[str, ...]:
    """Return what can be chosen of a subject now: levels between levels only where the school works with these."""
    return tuple(rung.value for rung in list_rungs()) if subject.is_level else subject.values


CAN_DO = "kan"
"""The word in an address that leads to the first of the school's statements."""


def kept_subjects() -> list[Subject]:
    """Return what the school's policy lets it keep, in the order in which it is asked."""
    policy = current_policy()
    return [subject for subject in SUBJECTS.values() if policy.feature(subject.feature)]


def subject_of(statement: CanDoStatement) -> Subject:
    """Return what a statement asks of a group."""
    key = str(statement.id)
    return Subject(key, "levels", CanDo, key, _ANSWERS, statement.text)
