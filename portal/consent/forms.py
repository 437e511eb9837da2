"""The form under each switch: nothing to fill in but the decision itself."""

from portal.core.forms import Form


class DecideForm(Form):
    """Giving or withdrawing one consent; the purpose is in the address."""
