"""What may be entered of progress, with labels and messages."""

from collections.abc import Sequence
from typing import Any, ClassVar

from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional, StopValidation

from portal.core.errors import Invalid, Refusal
from portal.core.http.forms import DayField, Form, InputRequired, choices, stripped
from portal.core.http.languages import _, _l
from portal.learners.names_in_texts.forms import FreeTextForm
from portal.progress.labels import PARTS, READERS, WORDS
from portal.progress.levels.queries import list_rungs
from portal.progress.models import EvaluationKind, LevelSource, NoteReaders

DAY_MESSAGES = {
    "day_ahead": _l("Deze dag is nog niet geweest. Kies vandaag of eerder."),
    "day_too_long_ago": _l("Deze dag is te lang geleden. Kijk het jaar na."),
}


class ResultForm(Form):
    """The result of one exam."""

    part = SelectField(_l("Examen"), choices=choices((part.value, words) for part, words in PARTS.items()))
    taken_on = DayField(_l("Datum"), validators=[InputRequired(_l("Kies een dag."))])
    outcome = SelectField(
        _l("Uitslag"),
        choices=choices([("passed", _l("geslaagd")), ("failed", _l("niet geslaagd")), ("", _l("nog niet bekend"))]),
    )
    source = SelectField(
        _l("Hoe weet u dit?"),
        choices=choices((source.value, WORDS[source]) for source in LevelSource),
        default=LevelSource.EXAM.value,
    )
    level = SelectField(_l("Niveau"), validators=[Optional()])
    score = StringField(_l("Score"), filters=[stripped], validators=[Optional(), Length(max=20)])

    messages = DAY_MESSAGES

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the levels of the school."""
        super().__init__(*args, **kwargs)
        self.level.choices = choices([("", "–"), *((rung.value, rung.value) for rung in list_rungs())])

    @property
    def is_passed(self) -> bool | None:
        """What was chosen: passed, not passed, or not known yet."""
        return {"passed": True, "failed": False}.get(self.outcome.data or "")


class AboutHerForm(FreeTextForm):
    """A text about a learner: where a word in it tells of health, the form asks whether it is about work."""

    is_about_work = BooleanField(_l("Dit gaat over werk of een opleiding, niet over iemands gezondheid"))
    asks_about_work = False
    free_texts: ClassVar[Sequence[str]] = ("body", "hidden_because")

    def refuse(self, refusal: Refusal) -> None:
        """Put the refusal beside its field; a word about health brings the question."""
        self.asks_about_work = isinstance(refusal, Invalid) and (refusal.field, refusal.code) == ("body", "health_word")
        super().refuse(refusal)


class NoteForm(AboutHerForm):
    """A note, who at the school reads it, and whether the learner sees it."""

    body = TextAreaField(_l("Notitie"), filters=[stripped], validators=[InputRequired(_l("Schrijf eerst iets."))])
    readers = SelectField(
        _l("Wie op school leest dit?"),
        choices=choices((readers.value, READERS[readers]) for readers in NoteReaders),
        default=NoteReaders.PROGRESS.value,
    )
    is_hidden = BooleanField(_l("De cursist ziet deze notitie niet"))
    hidden_because = StringField(_l("Waarom niet?"), filters=[stripped], validators=[Length(max=200)])

    messages = {"too_long": _l("Dit is te lang. Schrijf hoogstens %(most)s tekens.")}

    def validate_hidden_because(self, field: StringField) -> None:
        """Ask why, where the learner is not to see it."""
        if self.is_hidden.data and not field.data:
            raise StopValidation(_("Schrijf waarom de cursist dit niet mag zien."))


class EvaluationForm(AboutHerForm):
    """An evaluation."""

    kind = SelectField(_l("Soort"), choices=choices((kind.value, WORDS[kind]) for kind in EvaluationKind))
    held_on = DayField(_l("Datum"), validators=[InputRequired(_l("Kies een dag."))])
    body = TextAreaField(
        _l("Hoe gaat het in de les?"), filters=[stripped], validators=[InputRequired(_l("Schrijf eerst iets."))]
    )

    messages = {**DAY_MESSAGES, "too_long": _l("Dit is te lang. Schrijf hoogstens %(most)s tekens.")}


class PlainForm(Form):
    """A button: nothing to fill in."""
