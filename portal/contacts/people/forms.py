"""What is known of somebody who is no learner, and why she is erased."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from portal.contacts.people.services import ASKED, NOT_NEEDED
from portal.core.http.forms import Form, InputRequired, choices, named_choices, stripped
from portal.core.http.languages import LANGUAGES, _l
from portal.core.http.value_messages import VALUE_MESSAGES
from portal.core.http.visitors import as_read_by
from portal.core.values import parse_email, parse_kvk, parse_phone
from portal.organisations.labels import ORIGINS, RELATIONS
from portal.organisations.models import ContactOrigin, Relation
from portal.organisations.queries import names_of_organisations
from portal.organisations.services import ContactFacts


class ContactPersonForm(Form):
    """Somebody who is no learner."""

    messages: ClassVar[Mapping[str, Any]] = VALUE_MESSAGES
    name = StringField(_l("Naam"), validators=[InputRequired(_l("Vul dit in.")), Length(max=160)])
    relation = SelectField(_l("Wat is deze persoon voor de school?"))
    organisation_id = SelectField(_l("Organisatie"))
    company_name = StringField(
        _l("Bedrijf"), validators=[Length(max=160)], description=_l("Alleen als het bedrijf niet in de lijst staat.")
    )
    kvk_number = StringField(
        _l("KvK-nummer"),
        description=_l("Acht cijfers"),
        validators=[as_read_by(parse_kvk)],
        render_kw={"inputmode": "numeric"},
    )
    email = StringField(
        _l("E-mail"), validators=[as_read_by(parse_email)], render_kw={"type": "email", "autocomplete": "off"}
    )
    phone = StringField(
        _l("Telefoon"), validators=[as_read_by(parse_phone)], render_kw={"type": "tel", "autocomplete": "off"}
    )
    street = StringField(_l("Straat en huisnummer"), validators=[Length(max=160)])
    postcode = StringField(_l("Postcode"), validators=[Length(max=12)])
    city = StringField(_l("Plaats"), validators=[Length(max=80)])
    language = SelectField(_l("Taal"))
    origin = SelectField(_l("Van wie weet de school dit?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.relation.choices = choices(RELATIONS.items())
        named = named_choices((str(key), name) for key, name in names_of_organisations().items())
        self.organisation_id.choices = [SelectChoice("", _l("geen")), *named]
        self.language.choices = choices([("", _l("niet bekend")), *LANGUAGES.items()])
        self.origin.choices = choices(ORIGINS.items())

    def facts(self) -> ContactFacts:
        """Return what was typed as services take it."""
        names = ("email", "phone", "company_name", "kvk_number", "street", "postcode", "city", "language")
        return ContactFacts(
            name=str(self.name.data),
            relation=Relation(self.relation.data),
            organisation_id=UUID(self.organisation_id.data) if self.organisation_id.data else None,
            origin=ContactOrigin(self.origin.data),
            **{name: stripped(self[name].data) for name in names},
        )


class EraseForm(Form):
    """Erasing somebody, for a reason."""

    messages: ClassVar[Mapping[str, Any]] = {
        **VALUE_MESSAGES,
        "still_asks": _l(
            "Deze persoon wacht nog op antwoord op een verzoek of een klacht. Handel dat eerst af. "
            "Is het een verzoek om te wissen? Geef daar antwoord op: dan wordt alles gewist."
        ),
        "held": _l(
            "Het wissen van deze gegevens is uitgesteld. Wacht tot dat is afgelopen, of laat het eerst beëindigen."
        ),
    }
    why = RadioField(
        _l("Waarom wist u deze persoon?"),
        choices=choices(
            [(ASKED, _l("Deze persoon vroeg erom.")), (NOT_NEEDED, _l("Wij hebben de gegevens niet meer nodig."))]
        ),
        validators=[InputRequired(_l("Kies een reden."))],
    )
