"""What is confirmed of an announced version: that one read it, or that it doesn't come."""

from portal.core.http.forms import Form


class ConfirmForm(Form):
    """One button, without anything to fill in."""
