"""The form for an e-mail address that is entered anew."""

from wtforms import EmailField
from wtforms.validators import Length

from portal.accounts.sign_in.forms import filled
from portal.core.http.forms import Form, stripped
from portal.core.http.languages import _l


class AddressForm(Form):
    """Her address by now."""

    messages = {
        "not_an_email": _l("Dit is geen e-mailadres. Een voorbeeld: naam@voorbeeld.nl"),
        "address_taken": _l("Dit adres is van een ander account. Vraag een ander adres."),
    }
    email = EmailField(_l("E-mailadres"), filters=[stripped], validators=[*filled(), Length(max=254)])
