"""Which looks a learner asks about, and why she wants to know who it was."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from wtforms import TextAreaField

from portal.core.http.forms import CheckboxesField, Form, InputRequired, stripped
from portal.core.http.languages import _l
from portal.requests.data_requests.forms import RequestForm


class NamesForm(Form):
    """The looks, and her reason."""

    messages: ClassVar[Mapping[str, Any]] = {
        **RequestForm.messages,
        "required": _l("Schrijf op waarom u dit wilt weten."),
        "unknown_entry": _l("Kies uit de lijst."),
        "named_already": _l("Deze naam leest u al."),
    }
    entries = CheckboxesField(_l("Van welke regels wilt u weten wie het was?"), [InputRequired(_l("Kies een regel."))])
    body = TextAreaField(
        _l("Waarom wilt u dat weten?"),
        [InputRequired(_l("Schrijf op waarom u dit wilt weten."))],
        filters=[stripped],
        description=_l("De school weegt uw reden af tegen de privacy van de medewerker."),
    )

    def offer(self, looks: Sequence[tuple[str, str]]) -> None:
        """Set the looks that can be chosen, each with its words."""
        self.entries.choices = list(looks)
