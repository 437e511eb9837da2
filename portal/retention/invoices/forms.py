"""The form that says up to which day the bookkeeping has the invoices."""

from portal.core.http.forms import DayField, Form, InputRequired
from portal.core.http.languages import _l


class HandOverForm(Form):
    """Up to which day."""

    messages = {"day_to_come": _l("Kies vandaag of een dag daarvoor.")}

    until = DayField(
        _l("Facturen tot en met"),
        description=_l("De boekhouding heeft alle facturen tot en met deze dag, met naam."),
        validators=[InputRequired(_l("Kies een dag."))],
    )
