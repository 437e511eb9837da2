"""What is filled in about a message of a contact, and what is done with a question."""

from collections.abc import Mapping
from typing import Any, ClassVar

from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import Length, ValidationError

from portal.contacts.labels import KINDS
from portal.contacts.messages.labels import WAYS
from portal.contacts.messages.models import MessageWay
from portal.contacts.messages.services import MOST_TEXT
from portal.core.http.forms import DayField, Form, InputRequired, choices, stripped
from portal.core.http.languages import _l
from portal.core.http.value_messages import VALUE_MESSAGES


class MessageForm(Form):
    """Something that a contact wrote or said."""

    messages: ClassVar[Mapping[str, Any]] = VALUE_MESSAGES
    kind = SelectField(_l("Soort"))
    way = SelectField(_l("Hoe kwam het binnen?"))
    received_on = DayField(_l("Ontvangen op"), [InputRequired(_l("Kies een dag."))])
    body = TextAreaField(
        _l("Inhoud"),
        [InputRequired(_l("Typ wat deze persoon schreef of zei.")), Length(max=MOST_TEXT)],
        filters=[stripped],
        render_kw={"rows": "4"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(KINDS.items())
        self.way.choices = choices((way, words) for way, words in WAYS.items() if way is not MessageWay.WEBSITE)


class CloseForm(Form):
    """The answer to a question, and whether it is archived."""

    messages: ClassVar[Mapping[str, Any]] = {
        **VALUE_MESSAGES,
        "closed": _l("Deze vraag is al afgehandeld."),
        "why_archived": _l("Typ waarom deze vraag in het archief moet."),
    }
    reply = TextAreaField(
        _l("Uw antwoord"),
        [Length(max=MOST_TEXT)],
        filters=[stripped],
        description=_l("U mailt dit antwoord met deze knop. Hebt u al gebeld of gemaild? Laat dit dan leeg."),
        render_kw={"rows": "5"},
    )
    is_archived = BooleanField(
        _l("Deze vraag gaat in het archief"),
        description=_l("Alleen als dat echt nodig is, bijvoorbeeld door een wet of een afspraak."),
    )
    archive_reason = TextAreaField(
        _l("Waarom moet dit in het archief?"), [Length(max=500)], filters=[stripped], render_kw={"rows": "2"}
    )

    def validate_archive_reason(self, field: TextAreaField) -> None:
        """Ask why, where it is archived."""
        if self.is_archived.data and not field.data:
            raise ValidationError(str(self.messages["why_archived"]))
