"""What is asked of who announces a version, and what is confirmed of one: that one read it, or that it doesn't come."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_wtf.file import FileField
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from portal.core.errors import Invalid
from portal.core.http.forms import DayField, Form, InputRequired
from portal.core.http.languages import _l

_MOST_SUMMARY = 1000
_LARGEST = 200_000
"""How many bytes a file may have: some ten times the largest that ships."""


class ConfirmForm(Form):
    """One button, without anything to fill in."""


class NewVersionForm(Form):
    """A policy file, chosen or pasted, the day on which it comes into force, and what people are told of it."""

    messages: ClassVar[Mapping[str, Any]] = {
        "no_text": _l("Kies een bestand, of plak de tekst."),
        "too_large": _l("Dit bestand is te groot. Kies een kleiner bestand."),
        "no_utf8": _l("Dit bestand is geen gewone tekst. Sla het op als tekst en kies het opnieuw."),
        "policy_version_taken": _l("Versie %(version)s is er al. Geef de nieuwe versie een andere naam."),
        "day_not_ahead": _l("Kies een dag na vandaag."),
        "policy_not_yet_in_force": _l("In het bestand staat dat het pas geldt vanaf %(in_force_on)s. Kies die dag."),
        "announced_already": _l("Versie %(version)s is al aangekondigd. Trek die eerst in."),
        "policy": _l("Uw school heeft nog geen versie die geldt."),
        "other_in_force": _l("Er geldt intussen een andere versie. Kijk opnieuw na wat er verandert."),
    }
    file = FileField(_l("Bestand"))
    text = TextAreaField(_l("Of plak de tekst"), validators=[Optional(), Length(max=_LARGEST)])
    in_force_on = DayField(_l("Gaat gelden op"), validators=[InputRequired(_l("Vul een dag in."))])
    is_important = BooleanField(_l("Iedereen moet dit horen, ook als de wijziging klein is"))
    summary = StringField(_l("In één zin, voor cursisten"), validators=[Optional(), Length(max=_MOST_SUMMARY)])

    def announcement(self) -> dict[str, Any]:
        """Return what is said beside the file, as the service takes it."""
        return {
            "in_force_on": self.in_force_on.data,
            "important": self.is_important.data,
            "summary": self.summary.data or None,
        }

    def read_text(self) -> str:
        """Return the text of the file, or what was pasted, and keep it as pasted; raises Invalid beside the field."""
        if self.file.data:
            content = self.file.data.stream.read(_LARGEST + 1)
            if len(content) > _LARGEST:
                raise Invalid("file", "too_large")
            try:
                self.text.data = content.decode("utf-8")
            except UnicodeDecodeError:
                raise Invalid("file", "no_utf8") from None
        text = (self.text.data or "").replace("\r\n", "\n").strip()
        if not text:
            raise Invalid("file", "no_text")
        return text


class AnnounceForm(NewVersionForm):
    """The same, looked at: which version was in force then, and that what changes was read."""

    follows = StringField()
    has_looked = BooleanField(
        _l("Ik heb nagekeken wat er verandert"), validators=[InputRequired(_l("Kijk eerst na wat er verandert."))]
    )
