"""Forms for who works at the school."""

from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from portal.accounts.labels import ROLE_MEANINGS, ROLES
from portal.accounts.queries import STAFF_ROLES
from portal.accounts.sign_in.forms import filled
from portal.core.http.forms import CheckboxesField, Form, stripped
from portal.core.http.languages import _l

_ROLE_MESSAGES: dict[str, Any] = {
    "own_role": _l("U kunt uzelf geen rol erbij geven. Vraag het iemand anders van de directie."),
    "last_manager": _l("Dit is de laatste met de rol directie. Geef die rol eerst aan iemand anders."),
}


def _role_choices() -> list[SelectChoice]:
    return [SelectChoice(role.value, f"{str(ROLES[role]).capitalize()}: {ROLE_MEANINGS[role]}") for role in STAFF_ROLES]


class RolesForm(Form):
    """The roles of a member."""

    messages = {**_ROLE_MESSAGES, "required": _l("Kies ten minste één rol.")}
    roles = CheckboxesField(_l("Rollen"), choices=_role_choices)


class ReturnForm(RolesForm):
    """The roles in which somebody who worked here before comes back; none is chosen beforehand."""

    messages = {
        **RolesForm.messages,
        "address_taken": _l("%(email)s is nu van een ander account. Nodig deze persoon uit met een ander adres."),
    }


class HelpForm(Form):
    """What a member can be asked about, on the page *Hulp*."""

    messages = {"phone_invalid": _l("Dit is geen telefoonnummer. Een voorbeeld: 030 123 45 67.")}
    helps_with = StringField(
        _l("Waarmee helpt deze persoon cursisten?"),
        description=_l("Bijvoorbeeld: vragen over betalen. Leeg: deze persoon staat niet op de pagina Hulp."),
        filters=[stripped],
        validators=[Length(max=120)],
    )
    help_phone = StringField(_l("Telefoonnummer voor cursisten"), filters=[stripped], validators=[Length(max=40)])


class InviteForm(RolesForm):
    """People to invite, one a line, and their roles."""

    messages = {
        **RolesForm.messages,
        "line_without_address": _l(
            "Op regel %(line)s staat geen e-mailadres, of meer dan één. Een voorbeeld: Anna Bakker, anna@voorbeeld.nl"
        ),
        "line_too_long": _l("De naam op regel %(line)s is te lang."),
        "twice": _l("Het adres op regel %(line)s staat er twee keer in."),
        "too_many": _l("Nodig ten hoogste %(most)s mensen tegelijk uit."),
        "known": _l("%(email)s heeft al een account. Haal dit adres uit de lijst."),
    }
    people = TextAreaField(_l("Wie wilt u uitnodigen?"), [*filled(), Length(max=40000)])
