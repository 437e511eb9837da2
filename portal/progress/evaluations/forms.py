"""What may be submitted about the school's questions, and about an evaluation."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from portal.core.errors import Invalid
from portal.core.http.forms import Form, InputRequired, choices, stripped
from portal.core.http.languages import _l
from portal.learners.names_in_texts.forms import FreeTextForm
from portal.progress.evaluations.models import LONGEST_QUESTION, AnswerKind
from portal.progress.labels import WORDS
from portal.progress.models import EvaluationKind

_KINDS = [(kind.value, WORDS[kind]) for kind in EvaluationKind]


class QuestionForm(Form):
    """A new question: for when, and how it is answered."""

    kind = SelectField(_l("Waarvoor?"), choices=choices(_KINDS))
    answer_kind = SelectField(
        _l("Hoe wordt het beantwoord?"),
        choices=choices(
            [
                (AnswerKind.SCALE.value, _l("met een cijfer van 1 tot 5")),
                (AnswerKind.TEXT.value, _l("met eigen woorden")),
            ]
        ),
    )
    text = StringField(
        _l("Vraag"),
        filters=[stripped],
        validators=[InputRequired(_l("Schrijf eerst iets.")), Length(max=LONGEST_QUESTION)],
    )

    messages = {"too_many": _l("Er zijn al %(most)s vragen. Haal er eerst een weg.")}


class StartForm(Form):
    """Which evaluation is begun."""

    kind = SelectField(_l("Soort"), choices=choices(_KINDS))

    messages = {
        "no_questions": _l("De school heeft hiervoor nog geen vragen. De directie kan ze maken."),
        "not_agreed_yet": _l("Er is al zo'n evaluatie. Maak die eerst samen af."),
    }


class AgreeForm(FreeTextForm):
    """That one agrees with the answers that she saw (`seen`), with a remark or without."""

    free_texts: ClassVar[Sequence[str]] = ("remark",)

    seen = HiddenField()
    remark = TextAreaField(_l("Wilt u er iets bij zeggen?"), filters=[stripped])

    messages = {
        "too_long": _l("Gebruik niet meer dan %(most)s tekens."),
        "changed": _l("De antwoorden zijn intussen anders. Lees ze eerst."),
    }


ANSWER_MESSAGES: Mapping[str, Any] = {
    "no_step": _l("Kies een cijfer van 1 tot 5."),
    "too_long": _l("Gebruik niet meer dan %(most)s tekens."),
}


def message_for(refusal: Invalid) -> str:
    """Return the words for an answer that was refused."""
    return str(ANSWER_MESSAGES[refusal.code]) % refusal.facts
