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

    messages = {
        "in_force": _l("U zei hier al ja. Neem dat eerst terug. Dan telt uw nee."),
        "decided_by_curator": _l("Uw curator beslist hierover. U kunt hier zelf geen ja zeggen. Nee zeggen mag u wel."),
        "decided_by_administrator": _l(
            "Uw bewindvoerder beslist hierover. U kunt hier zelf geen ja zeggen. Nee zeggen mag u wel."
        ),
        "decided_by_mentor": _l("Uw mentor beslist hierover. U kunt hier zelf geen ja zeggen. Nee zeggen mag u wel."),
    }
