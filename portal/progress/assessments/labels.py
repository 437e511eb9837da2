"""What subjects and their values are called in front of people."""

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.progress.assessments.subjects import Subject
from portal.progress.can_do.labels import statement_text
from portal.progress.can_do.models import Answer, CanDo
from portal.progress.labels import WORDS
from portal.progress.models import ExamPart, ExamResult, Outcome, Rung, Skill

_EXAMS: Mapping[Any, LazyString] = {
    ExamPart.KNM: _l("KNM"),
    ExamPart.ONA: _l("ONA"),
    ExamPart.READING: _l("Examen lezen"),
    ExamPart.LISTENING: _l("Examen luisteren"),
    ExamPart.WRITING: _l("Examen schrijven"),
    ExamPart.SPEAKING: _l("Examen spreken"),
}
OUTCOMES: Mapping[str, LazyString] = {
    Outcome.PASSED.value: _l("geslaagd"),
    Outcome.FAILED.value: _l("niet geslaagd"),
    Outcome.UNKNOWN.value: _l("nog niet bekend"),
}


ANSWERS: Mapping[str, LazyString] = {Answer.YES.value: _l("ja"), Answer.NOT_YET.value: _l("nog niet")}


def subject_label(subject: Subject) -> str:
    """Return what a subject is called."""
    if subject.table is CanDo:
        return statement_text(subject.text)
    return str(WORDS[Skill(subject.code)] if subject.is_level else _EXAMS[ExamPart(subject.code)])


def value_labels(subject: Subject) -> dict[str, str]:
    """Return the values that a subject may have, with their words."""
    if subject.is_level:
        return {rung.value: rung.value for rung in Rung}
    labels = OUTCOMES if subject.table is ExamResult else ANSWERS
    return {value: str(label) for value, label in labels.items()}
