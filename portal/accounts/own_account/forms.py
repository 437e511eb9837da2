"""Forms of the own account: password, e-mail address, second step."""

from wtforms import BooleanField, EmailField, HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import Length

from portal.accounts.sign_in.forms import NEW_PASSWORD, NewPasswordForm, filled, language_choices
from portal.core.http.forms import Form, InputRequired, stripped
from portal.core.http.languages import _l


class PasswordForm(NewPasswordForm):
    """The present password, and a new one."""

    messages = {**NEW_PASSWORD, "wrong": _l("Dit is niet uw wachtwoord van nu.")}
    old_password = PasswordField(_l("Uw wachtwoord van nu"), filled())


class EmailForm(Form):
    """Another e-mail address."""

    messages = {
        "not_an_email": _l("Dit is geen e-mailadres. Een voorbeeld: naam@voorbeeld.nl"),
        "same_email": _l("Dit is uw adres al."),
    }
    email = EmailField(_l("Nieuw e-mailadres"), [*filled(), Length(max=254)], filters=[stripped])


class LanguageForm(Form):
    """The language of the account."""

    language = RadioField(_l("Taal"), choices=language_choices)


class SetUpForm(Form):
    """The code that an app shows for the key that was offered."""

    messages = {
        "wrong_code": _l("Deze code klopt niet. Kijk of u de goede code in de app hebt. Probeer het nog eens."),
        "expired": _l("Deze pagina stond te lang open. Open haar opnieuw en scan de nieuwe code."),
    }
    offer = HiddenField()
    code = StringField(_l("De code van 6 cijfers uit de app"), [*filled(), Length(max=10)], filters=[stripped])


class DutyForm(Form):
    """The confidentiality duty is accepted; `statement` and `language` say which text was read."""

    accepted = BooleanField(
        _l("Ik heb dit gelezen en ik houd mij eraan"), [InputRequired(_l("Zet hier een vinkje om verder te gaan."))]
    )
    statement = HiddenField()
    language = HiddenField()
    terug = HiddenField()
