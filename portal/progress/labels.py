"""What skills, sources, parts of exams and kinds of evaluation and readers of notes are called in front of people."""

from enum import StrEnum

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.progress.models import EvaluationKind, ExamPart, LevelSource, NoteReaders, Rung, Skill

WORDS: dict[StrEnum, LazyString] = {
    Skill.READING: _l("Lezen"),
    Skill.LISTENING: _l("Luisteren"),
    Skill.WRITING: _l("Schrijven"),
    Skill.SPEAKING: _l("Spreken"),
    Skill.CONVERSATION: _l("Gesprekken"),
    LevelSource.INTAKE: _l("Eerste gesprek"),
    LevelSource.TEST: _l("Toets"),
    LevelSource.TEACHER: _l("Docent"),
    LevelSource.EXAM: _l("Examen"),
    ExamPart.KNM: _l("KNM (Kennis van de Nederlandse maatschappij)"),
    ExamPart.ONA: _l("ONA (Oriëntatie op de Nederlandse arbeidsmarkt)"),
    EvaluationKind.PROGRESS: _l("Tussentijdse evaluatie"),
    EvaluationKind.FINAL: _l("Eindevaluatie"),
}
READERS: dict[NoteReaders, LazyString] = {
    NoteReaders.PROGRESS: _l("Iedereen op school die de voortgang ziet"),
    NoteReaders.COACHING: _l("Alleen wie begeleidt, en de administratie"),
}
"""Apart from the rest: "progress" is a kind of evaluation too."""
PARTS: dict[ExamPart, LazyString] = {
    ExamPart.KNM: WORDS[ExamPart.KNM],
    ExamPart.ONA: WORDS[ExamPart.ONA],
    ExamPart.READING: WORDS[Skill.READING],
    ExamPart.LISTENING: WORDS[Skill.LISTENING],
    ExamPart.WRITING: WORDS[Skill.WRITING],
    ExamPart.SPEAKING: WORDS[Skill.SPEAKING],
}

LITERACY: tuple[Rung, ...] = (Rung.ALFA_A, Rung.ALFA_B, Rung.ALFA_C)
LANGUAGE: tuple[Rung, ...] = tuple(rung for rung in Rung if rung not in LITERACY)
"""With the levels between."""
ROW_LABELS: dict[str, LazyString] = {
    "appointment": _l("afspraken"),
    "can_do": _l("antwoorden op wat iemand kan"),
    "goal": _l("doelen"),
    "joint_evaluation": _l("evaluaties samen"),
    "level": _l("niveaus"),
    "exam_result": _l("uitslagen"),
    "evaluation": _l("evaluaties"),
    "note": _l("notities"),
}
"""What rows about a learner are called, by table, with their number."""
