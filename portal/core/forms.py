"""The base of every form: CSRF, texts in the reader's language, and a refusal beside its field."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.fields.choices import SelectChoice

from portal.core.errors import Invalid, Refusal
from portal.core.i18n import _, _l

_ANYWHERE: dict[str, Any] = {
    "required": _l("Vul dit in."),
    "not_in_policy": _l("Uw school bewaart dit gegeven niet. Laat het veld leeg."),
    "another_text": _l("Deze tekst is intussen veranderd. Er is niets bewaard. Lees wat er nu staat, en kies dan."),
    "stale": _l("Iemand anders heeft dit intussen gewijzigd. Bekijk het en probeer het nog eens."),
}


def stripped(value: Any) -> Any:
    """Take the white space off what was typed; a filter for text fields. Empty becomes None."""
    if isinstance(value, str):
        value = value.strip()
    return value or None


def choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Make the options of a select or a row of radio buttons from values and their words."""
    return [SelectChoice(value, words) for value, words in pairs]


class Form(FlaskForm):
    """A form whose refusals from services are shown beside the field they are about.

    `messages` gives the words for the codes of `Invalid`; facts fill in `%(name)s`.
    """

    messages: ClassVar[Mapping[str, Any]] = {}

    def refuse(self, refusal: Refusal) -> None:
        """Put a service's refusal beside its field, or over the form where the field isn't in it."""
        words = self.messages.get(refusal.code) or _ANYWHERE.get(refusal.code) or _("Dit kan niet worden bewaard.")
        message = str(words) % refusal.facts if refusal.facts else str(words)
        name = refusal.field.rpartition(".")[2] if isinstance(refusal, Invalid) else ""
        field: Field | None = self._fields.get(name)
        if field is None:
            self.form_errors.append(message)
        else:
            field.errors = [*field.errors, message]
