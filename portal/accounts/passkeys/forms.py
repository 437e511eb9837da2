"""Forms for passkeys. `answer` holds what a phone or laptop answered, as JSON that the script of the page put there."""

from typing import Any

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import Length

from portal.accounts.sign_in.forms import filled
from portal.core.http.forms import Form, InputRequired, stripped
from portal.core.http.languages import _l

_LONGEST_NAME = 60
_LONGEST_ANSWER = 20_000
_EXPIRED = _l("Dat duurde te lang. Probeer het nog eens.")
NO_ANSWER = _l("Uw telefoon of laptop gaf geen antwoord. Probeer het nog eens.")


def _answered() -> list[Any]:
    return [InputRequired(NO_ANSWER), Length(max=_LONGEST_ANSWER, message=NO_ANSWER)]


class PasskeyForm(Form):
    """What a device answered to a challenge; `is_own_device` keeps a learner signed in for 30 days."""

    messages = {
        "expired": _EXPIRED,
        "not_accepted": _l("Deze passkey werkt hier niet. Probeer het nog eens, of log in met uw wachtwoord."),
    }
    answer = HiddenField(validators=_answered())
    is_own_device = BooleanField()
    terug = HiddenField()


class PasskeyNameForm(Form):
    """The name that the owner of a passkey gives it."""

    name = StringField(
        _l("Naam van de passkey"),
        [*filled(), Length(max=_LONGEST_NAME)],
        filters=[stripped],
        description=_l("Zo weet u later welke het is. Bijvoorbeeld: mijn telefoon."),
    )


class NewPasskeyForm(PasskeyNameForm):
    """A new passkey: its name, and what the device made."""

    messages = {
        "too_many": _l("U hebt al %(most)s passkeys. Verwijder er eerst een die u niet meer gebruikt."),
        "expired": _EXPIRED,
        "known": _l("Deze passkey hebt u al. Hij staat bij uw passkeys."),
        "not_accepted": _l("Dat is niet gelukt. Probeer het nog eens, of neem een ander apparaat."),
    }
    answer = HiddenField(validators=_answered())


class RemovePasskeyForm(Form):
    """A button alone; it may be refused."""

    messages = {
        "last_factor": _l(
            "Uw school vraagt een tweede stap voor uw rol. Deze passkey is uw enige. Maak eerst een andere passkey, "
            "of zet een app met codes aan."
        ),
    }
