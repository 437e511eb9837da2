"""What schools write above the columns of a list of results and in them, in Dutch and English, and what it means."""

from portal.imports.workbooks.dates import Unusable
from portal.imports.workbooks.targets import RESULT_TARGETS
from portal.imports.workbooks.vocabulary import plain, target_of
from portal.progress.models import ExamPart, LevelSource, Skill

_HEADINGS = {
    "result.skill": "vaardigheid/vaardigheden/onderdeel/toetsonderdeel/examenonderdeel/deelvaardigheid/domein/vak/skill"
    "/part/subject",
    "result.level": "niveau/behaald niveau/eindniveau/taalniveau/erk niveau/erk/level/cefr/cefr level/level reached",
    "result.outcome": "uitslag/resultaat/resultaten/beoordeling/oordeel/geslaagd/behaald/result/results/outcome/passed"
    "/uitslag examen/uitslag toets/toetsuitslag",
    "result.score": "score/scores/punten/puntentotaal/aantal punten/behaalde score/cijfer/percentage/points/grade/mark",
    "result.test": "toets/soort toets/naam toets/toetsnaam/test/kind of test/soort/examen/exam/bron/source",
    "result.day": "datum/dag/afgenomen op/datum afname/afnamedatum/datum uitslag/uitslagdatum/gemaakt op/date/test date"
    "/day/taken on",
    "outcome.reading": "reading exam result",
    "outcome.listening": "listening exam result",
    "outcome.writing": "writing exam result",
    "outcome.speaking": "speaking exam result",
}
_IN_ARABIC = {
    "learner.number": "الرقم",
    "learner.full_name": "الاسم",
    "skill.reading": "القراءة",
    "skill.listening": "الاستماع",
    "skill.writing": "الكتابة",
    "skill.speaking": "التحدث",
    "skill.conversation": "المحادثة",
    "outcome.knm": "نتيجة KNM",
    "outcome.ona": "نتيجة ONA",
    "outcome.reading": "نتيجة امتحان القراءة",
    "outcome.listening": "نتيجة امتحان الاستماع",
    "outcome.writing": "نتيجة امتحان الكتابة",
    "outcome.speaking": "نتيجة امتحان التحدث",
    "result.day": "التاريخ",
}
"""As the lists that the portal gives to fill in have them."""
_BY_HEADING = {
    plain(word): key for known in (_HEADINGS, _IN_ARABIC) for key, words in known.items() for word in words.split("/")
}
_TESTS = {
    LevelSource.TEST: "toets/test/voortgangstoets/tussentoets/eindtoets/oefenexamen/proefexamen/toa/progress test",
    LevelSource.EXAM: "examen/exam/duo/inburgeringsexamen/staatsexamen/nt2 examen/staatsexamen nt2/instellingsexamen",
    LevelSource.INTAKE: "intake/eerste gesprek/intaketoets/plaatsingstoets/niveautoets/instaptoets/placement test"
    "/leerbaarheidstoets",
    LevelSource.TEACHER: "docent/teacher/observatie/in de les",
}
_BY_TEST = {plain(word): source for source, words in _TESTS.items() for word in words.split("/")}


def heading_of(label: str) -> str | None:
    """Return where a column with this label goes; None where it says nothing of a result or of whose it is."""
    found = _BY_HEADING.get(plain(label)) or target_of(label) or ""
    table, _, name = found.partition(".")
    if found in {"level.found_on", "exam.taken_on"}:
        return "result.day"
    found = {"level": f"skill.{name}", "exam": f"outcome.{name}"}.get(table, found)
    return found if found in RESULT_TARGETS else None


def test_in(text: str) -> LevelSource:
    """Return from what a result is, as a cell names it; raises Unusable for a word that isn't known."""
    source = _BY_TEST.get(plain(text))
    if source is None:
        raise Unusable("test_unknown", value=text)
    return source


def subject_in(text: str) -> Skill | ExamPart:
    """Return of which skill, or of which part of an exam, a result is; raises Unusable for a word that isn't known."""
    table, _, name = (target_of(text) or "").partition(".")
    if table == "level" and name in set(Skill):
        return Skill(name)
    if table == "exam" and name in set(ExamPart):
        return ExamPart(name)
    raise Unusable("skill_unknown", value=text)


def find_subject(text: str) -> Skill | ExamPart | None:
    """Return of which skill, or of which part of an exam, a text speaks; None for another text."""
    try:
        return subject_in(text)
    except Unusable:
        return None
