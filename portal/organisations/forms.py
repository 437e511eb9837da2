"""Forms for an organisation and for somebody who works there."""

from collections.abc import Mapping
from typing import Any, ClassVar

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from portal.core.http.forms import Form, InputRequired, stripped
from portal.core.http.languages import _l
from portal.core.http.value_messages import VALUE_MESSAGES
from portal.core.http.visitors import as_read_by
from portal.core.values import parse_kvk
from portal.organisations.labels import ORGANISATION_KINDS
from portal.organisations.models import OrganisationKind


class BareForm(Form):
    """Nothing but the protection against forged posts."""

    messages: ClassVar[Mapping[str, Any]] = {
        **VALUE_MESSAGES,
        "name_taken": _l("Er is al een organisatie met deze naam."),
        "organisation_in_use": _l("Deze organisatie hoort bij een traject of een bestand, en kan daarom niet weg."),
        "organisation_has_people": _l(
            "Bij deze organisatie staan nog contactpersonen. Zet ze bij een andere organisatie, of wis ze eerst."
        ),
    }


class OrganisationForm(BareForm):
    """An organisation."""

    name = StringField(_l("Naam"), validators=[InputRequired(_l("Vul dit in.")), Length(max=160)])
    kind = SelectField(_l("Wat is het?"))
    kvk_number = StringField(
        _l("KvK-nummer"),
        description=_l("Acht cijfers"),
        validators=[as_read_by(parse_kvk)],
        render_kw={"inputmode": "numeric"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [SelectChoice(kind.value, words) for kind, words in ORGANISATION_KINDS.items()]

    def values(self) -> dict[str, Any]:
        """Return the values as services take them."""
        return {
            "name": self.name.data,
            "kind": OrganisationKind(self.kind.data),
            "kvk_number": stripped(self.kvk_number.data),
        }
