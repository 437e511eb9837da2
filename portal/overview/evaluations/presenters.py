"""What an agreed evaluation says on paper: every text printable, and which way it runs."""

import unicodedata
from pathlib import Path
from typing import Any

from flask_babel import get_locale

from portal.core.clock import local, now
from portal.core.http.languages import _, comma, written
from portal.disclosures.formats.pdf import compile_pdf
from portal.disclosures.glyphs import REPLACEMENT, is_printable, printable
from portal.progress.evaluations.queries import SIDES, JointView, Question
from portal.progress.labels import WORDS
from portal.schools.queries import current_school

LAYOUT = Path(__file__).resolve().parents[3] / "templates" / "overview" / "pdf" / "evaluation.typ"
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


def evaluation_pdf(view: JointView, name: str) -> bytes:
    """Return an evaluation of somebody of this name as a tagged PDF, in the reader's language."""
    return compile_pdf(LAYOUT, _data(view, name))


def _data(view: JointView, name: str) -> dict[str, object]:
    row, sides = view.row, {"teacher": _("Docent"), "learner": _("Cursist")}
    locale = str(get_locale() or "nl")
    questions = [_question(each, sides) for each in view.questions]
    moments = {"teacher": row.teacher_agreed_at, "learner": row.learner_agreed_at}
    agreed = [
        {
            "side": sides[side],
            "said": " · ".join(part for part in (_agreed(moments[side]), _by(view, side)) if part),
            "remark": _text(view.remarks.get(side, "")),
        }
        for side in SIDES
    ]
    data: dict[str, Any] = {
        "lang": locale.partition("_")[0],
        "title": str(WORDS[row.kind]),
        "name": _text(name),
        "school": printable(current_school().name),
        "begun": _("begonnen op %(day)s door %(name)s", day=written("date", row.started_at), name=row.started_by_name),
        "questions": questions,
        "agreed": agreed,
        "agreed_heading": _("Allebei akkoord"),
        "made": f"{_('Gemaakt op')} {local(now()):%d-%m-%Y %H:%M}",
    }
    data["begun"] = printable(data["begun"])
    data["replaced"] = "" if all(map(is_printable, _said(view, name))) else _replaced()
    return data


def _said(view: JointView, name: str) -> list[str]:
    answers = [answer for each in view.questions for answer in each.answers.values()]
    texts = [each.text for each in view.questions]
    return [name, current_school().name, view.row.started_by_name, *texts, *answers, *view.remarks.values()]


def _question(question: Question, sides: dict[str, str]) -> dict[str, object]:
    said = [(sides[side], question.answers.get(side)) for side in SIDES]
    return {
        "text": _text(question.text),
        "answers": [{"side": side, **_text(_answer(question, answer))} for side, answer in said],
    }


def _answer(question: Question, answer: str | None) -> str:
    if answer is None:
        return "–"
    return f"{answer} {_('van 5')}" if question.is_scale else answer


def _agreed(moment: Any) -> str:
    return f"{_('akkoord')}{comma()}{written('datetime', moment)}"


def _by(view: JointView, side: str) -> str:
    return printable(view.row.agreed_by_name or "") if side == "teacher" else ""


def _text(text: str) -> dict[str, object]:
    """Return a text as paper can hold it, and whether it runs from right to left: by its first letter that says so."""
    kinds = (unicodedata.bidirectional(each) for each in text)
    first = next((kind for kind in kinds if kind in {"L", *_RIGHT_TO_LEFT}), "L")
    return {"text": printable(text), "rtl": first in _RIGHT_TO_LEFT}


def _replaced() -> str:
    return _("%(sign)s staat voor tekens die dit papier niet kan tonen. In het portaal staan ze wel.", sign=REPLACEMENT)
