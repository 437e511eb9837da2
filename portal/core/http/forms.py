"""The base of every form: CSRF, texts in the reader's language, and a refusal beside its field."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    DateField,
    Field,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    validators,
)
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core.digits import latin_number
from portal.core.errors import Invalid, Refusal
from portal.core.http.languages import _, _l
from portal.core.values import tidy

HEALTH_WORD = _l("Schrijf niets over ziekte of gezondheid. Haal dit woord weg: %(word)s.")
_ANYWHERE: dict[str, Any] = {
    "required": _l("Vul dit in."),
    "not_in_policy": _l("Uw school bewaart dit gegeven niet. Laat het veld leeg."),
    "another_text": _l("Deze tekst is intussen veranderd. Er is niets bewaard. Lees wat er nu staat, en kies dan."),
    "health_word": HEALTH_WORD,
    "stale": _l("Iemand anders heeft dit intussen gewijzigd. Bekijk het en probeer het nog eens."),
}
# What WTForms itself says of a wrong value, and what we say instead: in the page's language, and what to do.
_NOT_A_DAY = _l("Dit is geen datum. Kies een dag.")
_NOT_A_TIME = _l("Dit is geen tijd. Typ bijvoorbeeld 09:00.")
_NOT_A_NUMBER = _l("Vul een getal in.")
_OTHER_CHOICE = _l("Kies een van de mogelijkheden.")
_TOO_LONG = "Field cannot be longer than %(max)d character."
_TEXTS: dict[str, Any] = {
    "This field is required.": _ANYWHERE["required"],
    "Not a valid date value.": _NOT_A_DAY,
    "Not a valid time value.": _NOT_A_TIME,
    "Not a valid integer value.": _NOT_A_NUMBER,
    "Not a valid choice.": _OTHER_CHOICE,
    "Invalid Choice: could not coerce.": _OTHER_CHOICE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _OTHER_CHOICE,
    "'%(value)s' is not a valid choice for this field.": _OTHER_CHOICE,
    _TOO_LONG: _l("Gebruik niet meer dan %(max)d tekens."),
}
_YEARS = range(1900, 2200)
# Inputs that hand over nothing where what was typed is half a value: the page says so itself, in these words.
_HALF_TYPED: dict[type[Field], Any] = {DateField: _NOT_A_DAY, TimeField: _NOT_A_TIME, IntegerField: _NOT_A_NUMBER}


_NUMBERS = (DateField, TimeField, IntegerField)
_AS_TYPED = (TextAreaField, PasswordField, HiddenField)
_MOST: dict[type[Field], int] = {TextAreaField: 100_000, HiddenField: 200_000, StringField: 1_000}
_MOST_ELSE = 1_000
_LARGEST = 10**9
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def _reader_of(field: Field) -> Callable[[str], str] | None:
    """Return how what was typed in a field is read before it is looked at; None: as it stands."""
    if isinstance(field, IntegerField):
        return _whole_number
    if isinstance(field, _NUMBERS):
        return latin_number
    if isinstance(field, SelectField):  # white space alone is no choice, also where nothing has to be chosen
        return str.strip
    return _in_a_line if isinstance(field, StringField) and not isinstance(field, _AS_TYPED) else None


def _whole_number(typed: str) -> str:
    """Return a number in our figures; one that is larger than any that is meant is no number. Other text stays."""
    read = latin_number(typed).strip()
    try:
        return read if abs(int(read)) < _LARGEST else "-"
    except ValueError:
        return typed


def _most_of(field: Field) -> int:
    """Return how many characters of a field are looked at, whatever its own rules say; what is longer costs nothing."""
    return next((most for kind, most in _MOST.items() if isinstance(field, kind)), _MOST_ELSE)


def _read(typed: str, reader: Callable[[str], str] | None) -> str:
    return reader(typed) if reader is not None else typed


def _in_a_line(typed: str) -> str:
    """Return a text without the line breaks that an input of one line never sends: names come to stand in mails."""
    return _BREAKS.sub(" ", typed)


class _Messages:
    """Gives WTForms our words for its own messages."""

    def gettext(self, text: str) -> str:
        """Return the words for a message."""
        return str(_TEXTS.get(text, text))

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """Return the words for a message with a number in it; ours are the same for each number."""
        return str(_TEXTS.get(singular) or (singular if count == 1 else plural))


_OUR_MESSAGES = _Messages()


class InputRequired(validators.InputRequired):
    """Asks for something to be filled in; white space alone is nothing."""

    def __call__(self, form: BaseForm, field: Field) -> None:
        """Refuse a field with nothing in it."""
        if isinstance(field, StringField) and not (field.data or "").strip():
            field.raw_data = []
        super().__call__(form, field)


def stripped(value: Any) -> Any:
    """Take the white space off what was typed; a filter for text fields. What nobody sees becomes None."""
    if isinstance(value, str):
        value = value.strip()
        if not tidy(value):
            return None
    return value or None


def choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Make the options of a select or a row of radio buttons from values and their words."""
    return [SelectChoice(value, words) for value, words in pairs]


def named_choices(pairs: Iterable[tuple[Any, str]]) -> list[SelectChoice]:
    """Make options from ids and names, which a browser's translation leaves as they are."""
    return [SelectChoice(str(value), name, {"translate": "no"}) for value, name in pairs]


class CheckboxesField(SelectMultipleField):
    """Choices of which several can be made."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class DayField(DateField):
    """A day within a school's reach: who types 26 for the year has chosen a day of two thousand years ago."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; raises ValueError where it isn't one or lies too far off."""
        super().process_formdata(valuelist)
        if self.data is not None and self.data.year not in _YEARS:
            self.data = None
            raise ValueError(_("Deze dag ligt te ver weg. Kijk het jaar na."))


class Form(FlaskForm):
    """A form whose refusals from services are shown beside the field they are about.

    `messages` gives the words for the codes of `Invalid`; facts fill in `%(name)s`.
    """

    messages: ClassVar[Mapping[str, Any]] = {}
    wait_minutes = 0
    """How long whoever sent too much has to wait, once that was refused."""

    class Meta(FlaskForm.Meta):
        """How fields read, and how they speak: in our words."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Read the figures of any script in what is a number, a day or a time, and one line as one line.

            Of text fields alone it isn't known whether they hold a number: those have `latin_digits` as a filter.
            """
            found = super().wrap_formdata(form, formdata)
            if found is None:
                return None
            readers = {field.name: read for field in form if (read := _reader_of(field)) is not None}
            most = {field.name: _most_of(field) for field in form}
            return MultiDict(
                (
                    name,
                    _read(each[: most.get(name, _MOST_ELSE) + 1], readers.get(name)) if isinstance(each, str) else each,
                )
                for name, each in found.items(multi=True)
            )

        def get_translations(self, _form: Any) -> Any:
            """Return what finds the words for a message of WTForms."""
            return _OUR_MESSAGES

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Any:
            """Draw a field; an input that a browser can hold half a value in carries the words for that."""
            words = next((said for kind, said in _HALF_TYPED.items() if isinstance(field, kind)), None)
            return super().render_field(field, {"data_half": words, **render_kw} if words else render_kw)

    def validate(self, extra_validators: Any = None) -> bool:
        """Say whether all is right; a text that is longer than anything that is kept is too long, whatever it is."""
        sound: bool = super().validate(extra_validators)
        for field in self:
            if isinstance(field.data, str) and len(field.data) > _most_of(field):
                field.errors = [*field.errors, str(_TEXTS[_TOO_LONG]) % {"max": _most_of(field)}]
                sound = False
        return sound

    def message_for(self, refusal: Refusal) -> str:
        """Return the words for a service's refusal."""
        words = self.messages.get(refusal.code) or _ANYWHERE.get(refusal.code) or _("Dit kan niet worden bewaard.")
        return str(words) % refusal.facts if refusal.facts else str(words)

    def refuse(self, refusal: Refusal) -> None:
        """Put a service's refusal beside its field, or over the form where the field isn't in it."""
        message = self.message_for(refusal)
        self.wait_minutes = int(refusal.facts.get("minutes", 0))
        name = refusal.field.rpartition(".")[2] if isinstance(refusal, Invalid) else ""
        field: Field | None = self._fields.get(name)
        if field is None:
            self.form_errors.append(message)
        else:
            field.errors = [*field.errors, message]
