"""What a result in a list is called in front of people, and the plain form in which a preview keeps it."""

from flask_babel import LazyString

from portal.core.http.languages import _l, comma
from portal.progress.assessments.labels import OUTCOMES
from portal.progress.models import Outcome, Rung

_PARTING = "|"


def as_code(level: Rung | None, is_passed: bool | None, score: str | None) -> str:
    """Return a result as a preview keeps it: the same in every language."""
    outcome = "" if is_passed is None else (Outcome.PASSED if is_passed else Outcome.FAILED).value
    return _PARTING.join([outcome, level.value if level else "", score or ""])


def result_text(code: str) -> str:
    """Return a result that was kept, in the reader's language: "A2", or "geslaagd, B1, 54"."""
    outcome, level, score = code.split(_PARTING, 2)
    told = [str(OUTCOMES[outcome])] if outcome else []
    told += [part for part in (level, score) if part]
    return comma().join(told) if told else str(OUTCOMES[Outcome.UNKNOWN.value])


RESULT_LABELS: dict[str, LazyString] = {
    "result.skill": _l("Vaardigheid of examen"),
    "result.level": _l("Niveau"),
    "result.outcome": _l("Uitslag"),
    "result.score": _l("Score"),
    "result.test": _l("Soort toets"),
    "result.day": _l("Datum"),
    "skill.reading": _l("Lezen"),
    "skill.listening": _l("Luisteren"),
    "skill.writing": _l("Schrijven"),
    "skill.speaking": _l("Spreken"),
    "skill.conversation": _l("Gesprekken"),
    "outcome.knm": _l("Uitslag KNM"),
    "outcome.ona": _l("Uitslag ONA"),
    "outcome.reading": _l("Uitslag examen lezen"),
    "outcome.listening": _l("Uitslag examen luisteren"),
    "outcome.writing": _l("Uitslag examen schrijven"),
    "outcome.speaking": _l("Uitslag examen spreken"),
}
"""What the columns of a list of results are called."""
RESULT_REASONS: dict[str, LazyString] = {
    "day_too_long_ago": _l("Deze dag is te lang geleden. Kijk het jaar na."),
    "needs_decision_several": _l("Meer cursisten heten zo. Kies wie dit is, of zet het nummer in de lijst."),
    "no_day": _l("Vul de datum in."),
    "no_exam_of_skill": _l("Van gesprekken is er geen examen. Schrijf een niveau, bijvoorbeeld A2."),
    "no_result": _l("In deze rij staat geen niveau en geen uitslag."),
    "no_skill": _l("Vul de vaardigheid in, bijvoorbeeld lezen."),
    "nobody_in_row": _l("Vul het nummer of de naam van de cursist in."),
    "not_within_reach": _l("Deze cursist vindt het portaal niet bij uw cursisten. Kijk het nummer en de naam na."),
    "result_differs": _l("Op deze dag staat er al: %(stands)s. In de lijst staat: %(here)s. Kies wat geldt."),
    "result_not_kept": _l("Uw school bewaart dit niet."),
    "result_unreadable": _l("Schrijf een niveau, zoals A2, of geslaagd of gezakt. Hier staat: %(value)s."),
    "skill_unknown": _l("Deze vaardigheid kent het portaal niet: %(value)s. Schrijf bijvoorbeeld lezen of KNM."),
    "test_unknown": _l("Dit soort toets kent het portaal niet: %(value)s. Schrijf toets, examen, intake of docent."),
}
"""Why a row of a list of results is refused, beside what refuses any row."""
