"""Forms of who doesn't sign in: who she is and how she is reached; and what is typed, read as it would be stored."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from wtforms import Field, SelectField, StringField
from wtforms.validators import Length, ValidationError

from portal.core.http.forms import Form, InputRequired, choices, stripped
from portal.core.http.languages import LANGUAGES, _l
from portal.core.http.value_messages import VALUE_MESSAGES
from portal.core.values import Unusable, parse_email, parse_phone


def as_read_by(parse: Callable[[str], Any]) -> Callable[[Form, Field], None]:
    """Return a validator that reads what was typed as it would be stored; empty may stay empty."""

    def check(_form: Form, field: Field) -> None:
        try:
            if stripped(field.data):
                parse(field.data)
        except Unusable as unusable:
            raise ValidationError(str(VALUE_MESSAGES[unusable.code])) from None

    return check


class VisitorForm(Form):
    """Who somebody is, and how she is reached."""

    messages: ClassVar[Mapping[str, Any]] = {
        **VALUE_MESSAGES,
        "one_of_both": _l("Typ een e-mailadres of een telefoonnummer. Anders kunnen wij u niet antwoorden."),
        "parent_must_ask": _l(
            "Bent u nog geen 16 jaar? Dan mogen wij uw gegevens niet gebruiken. Vraag uw vader, moeder of voogd om dit "
            "in te vullen. Er is niets bewaard."
        ),
        "too_many": _l("Er kwamen hier te veel berichten tegelijk. Probeer het over %(minutes)s minuten opnieuw."),
    }
    name = StringField(
        _l("Uw naam"),
        [InputRequired(_l("Typ uw naam.")), Length(max=160)],
        filters=[stripped],
        description=_l("Zo weten wij hoe wij u aanspreken."),
    )
    email = StringField(
        _l("E-mail"),
        [as_read_by(parse_email)],
        filters=[stripped],
        description=_l("Hier krijgt u ons antwoord."),
        render_kw={"type": "email"},
    )
    phone = StringField(
        _l("Telefoon"),
        [as_read_by(parse_phone)],
        filters=[stripped],
        description=_l("Alleen als wij u mogen bellen."),
        render_kw={"type": "tel"},
    )
    language = SelectField(_l("In welke taal wilt u antwoord?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the languages."""
        super().__init__(*args, **kwargs)
        self.language.choices = choices(LANGUAGES.items())
