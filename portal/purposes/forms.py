"""The form under each switch: nothing to fill in but the decision itself."""

from wtforms import HiddenField

from portal.core.http.forms import Form
from portal.core.http.languages import _l


class DecideForm(Form):
    """Giving or withdrawing one consent; the purpose is in the address.

    `version` (of the statement) and `language` are what the page showed beside the button.
    """

    version = HiddenField()
    language = HiddenField()

    messages = {"in_force": _l("U zei hier al ja. Neem dat eerst terug. Dan telt uw nee.")}
