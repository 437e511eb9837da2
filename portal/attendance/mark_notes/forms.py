"""What may be submitted as a note at a mark, and the messages for what is refused."""

from collections.abc import Sequence
from typing import ClassVar

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length, Optional, StopValidation

from portal.attendance.mark_notes.models import LONGEST
from portal.core.http.forms import stripped
from portal.core.http.languages import _, _l
from portal.learners.names_in_texts.forms import FreeTextForm


class MarkNoteForm(FreeTextForm):
    """The note, whether the learner sees it, and which one stood there (`seen`)."""

    free_texts: ClassVar[Sequence[str]] = ("body", "hidden_because")

    seen = HiddenField()
    body = TextAreaField(_l("Notitie"), filters=[stripped], validators=[Optional(), Length(max=LONGEST)])
    is_hidden = BooleanField(_l("De cursist ziet deze notitie niet"))
    hidden_because = StringField(_l("Waarom niet?"), filters=[stripped], validators=[Length(max=200)])

    messages = {
        "too_long": _l("Gebruik niet meer dan %(most)s tekens."),
        "not_in_policy": _l("Uw school houdt geen notities voor een cursist verborgen. Laat haar deze notitie zien."),
    }

    def validate_hidden_because(self, field: StringField) -> None:
        """Ask why, where the learner is not to see it."""
        if self.is_hidden.data and self.body.data and not field.data:
            raise StopValidation(_("Schrijf waarom de cursist dit niet mag zien."))
