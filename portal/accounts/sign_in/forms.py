"""Forms for signing in: with a password, a code, a link, or for the first time."""

from typing import Any

from wtforms import BooleanField, HiddenField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from portal.accounts.passwords.services import LEAST, LEAST_STAFF
from portal.core.http.forms import Form, InputRequired, stripped
from portal.core.http.languages import LANGUAGES, _, _l

NEW_PASSWORD: dict[str, Any] = {
    "too_short": _l("Dit wachtwoord is te kort. Kies er een van %(least)s tekens of meer."),
    "too_long": _l("Dit wachtwoord is te lang. Kies er een van ten hoogste %(most)s tekens."),
    "leaked": _l("Dit wachtwoord staat op een lijst van gelekte wachtwoorden. Kies een ander."),
    "easily_guessed": _l(
        "Dit wachtwoord is makkelijk te raden. Kies bijvoorbeeld drie of vier woorden die niet bij elkaar horen."
    ),
    "different": _l("De twee wachtwoorden zijn niet gelijk. Vul ze nog eens in."),
}


def filled() -> list[Any]:
    """Return the validators of a field that can't stay empty."""
    return [InputRequired(_l("Vul dit in."))]


def language_choices() -> list[SelectChoice]:
    """Return the languages by their own names."""
    return [SelectChoice(code, name) for code, name in LANGUAGES.items()]


def password_hint(*, is_staff: bool) -> str:
    """Return what a new password must be like, in words."""
    return _(
        "%(least)s tekens of meer. Drie of vier woorden achter elkaar is goed. Hoofdletters en cijfers hoeven niet.",
        least=LEAST_STAFF if is_staff else LEAST,
    )


class SignInForm(Form):
    """Name and password; `is_own_device` keeps a learner signed in for 30 days."""

    name = StringField(_l("E-mailadres of cursistnummer"), [*filled(), Length(max=254)], filters=[stripped])
    password = PasswordField(_l("Wachtwoord"), filled())
    is_own_device = BooleanField(_l("Dit is mijn eigen telefoon of computer"))
    terug = HiddenField()


class CodeForm(Form):
    """The code of the second step, or a recovery code."""

    messages = {"wrong_code": _l("Deze code klopt niet. Wacht op de volgende code in uw app en vul die in.")}
    code = StringField(_l("Code"), [*filled(), Length(max=20)], filters=[stripped])


class AnewForm(Form):
    """The password once more, with a code where there is a second step; of who has no app a recovery code."""

    messages = {"wrong": _l("Dit klopt niet. Probeer het nog eens.")}
    password = PasswordField(_l("Wachtwoord"), filled())
    code = StringField(_l("Code uit uw app"), [Length(max=20)], filters=[stripped])
    recovery_code = StringField(_l("Een van uw reservecodes"), [Length(max=20)], filters=[stripped])
    terug = HiddenField()


class ForgottenForm(Form):
    """Under which name to send a link."""

    name = StringField(_l("E-mailadres of cursistnummer"), [*filled(), Length(max=254)], filters=[stripped])


class NewPasswordForm(Form):
    """A new password, twice."""

    messages = NEW_PASSWORD
    password = PasswordField(_l("Nieuw wachtwoord"), filled())
    repeated_password = PasswordField(_l("Nog een keer hetzelfde wachtwoord"), filled())

    def validate(self, extra_validators: Any = None) -> bool:
        """Hold that both are the same; the rules for a password belong to the service."""
        sound: bool = super().validate(extra_validators)
        if sound and self.password.data != self.repeated_password.data:
            self.repeated_password.errors = [*self.repeated_password.errors, str(NEW_PASSWORD["different"])]
            return False
        return sound


class ResetForm(NewPasswordForm):
    """A new password by a link."""


class InvitedForm(NewPasswordForm):
    """Password and language of who is invited."""

    language = RadioField(_l("In welke taal leest u deze website?"), choices=language_choices)


class FirstTimeForm(InvitedForm):
    """A number and a printed code, and with them password and language."""

    messages = {
        **NEW_PASSWORD,
        "wrong_code": _l(
            "Dit nummer en deze code horen niet bij elkaar. Of de code is al gebruikt. Vraag de school om een nieuwe."
        ),
    }

    number = StringField(_l("Uw cursistnummer"), [*filled(), Length(max=20)], filters=[stripped])
    code = StringField(_l("De code op uw brief"), [*filled(), Length(max=30)], filters=[stripped])


class ConfirmForm(Form):
    """A button alone."""
