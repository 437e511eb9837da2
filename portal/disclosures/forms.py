"""What a person may ask of files: a period, a form, a client; and an address for a recipient."""

from datetime import date, timedelta

from wtforms import RadioField, SelectField, StringField
from wtforms.validators import Email, Optional

from portal.core.clock import today
from portal.core.http.forms import DayField, Form, InputRequired, stripped
from portal.core.http.languages import _l

FORMAT_LABELS = {
    "xlsx": _l("Werkboek (Excel, .xlsx)"),
    "csv": _l("Tekst met puntkomma's (.csv)"),
    "pdf": _l("Papier (.pdf)"),
}
REASON_LABELS = {
    "no_consent": _l("gaf geen toestemming"),
    "objected": _l("maakte bezwaar"),
    "no_lessons": _l("had in deze periode geen les die meetelt"),
    "no_rows": _l("heeft niets in deze periode"),
    "not_by_law": _l("heeft geen traject waarvan de overheid dit krijgt, zoals bij asiel"),
    "not_under_act": _l("volgt geen traject onder de Wet inburgering"),
    "not_reporting": _l("heeft geen traject dat aan de overheid wordt gemeld"),
}
STATE_LABELS = {
    "waiting": (_l("wordt gemaakt"), "wait"),
    "ready": (_l("klaar om op te halen"), "accent"),
    "disclosed": (_l("opgehaald"), "good"),
    "void": (_l("vervallen: iemand trok toestemming in"), ""),
    "gone": (_l("gewist na de termijn"), ""),
    "failed": (_l("mislukt"), "bad"),
    "cancelled": (_l("gestopt"), ""),
}


def _end_of_last_month() -> date:
    return today().replace(day=1) - timedelta(days=1)


def _start_of_last_month() -> date:
    return _end_of_last_month().replace(day=1)


class AskFileForm(Form):
    """For which period (last month, unless another is chosen), which client and in which form."""

    starts_on = DayField(_l("Van"), default=_start_of_last_month, validators=[InputRequired(_l("Kies de eerste dag."))])
    ends_on = DayField(
        _l("Tot en met"), default=_end_of_last_month, validators=[InputRequired(_l("Kies de laatste dag."))]
    )
    client_id = SelectField(_l("Opdrachtgever"), validators=[Optional()])
    form = RadioField(_l("Soort bestand"), validators=[InputRequired(_l("Kies een soort bestand."))])

    messages = {
        "ends_before_start": _l("De laatste dag ligt voor de eerste. Kies een latere dag."),
        "period_too_long": _l("Kies een periode van hoogstens %(most)s dagen."),
        "period_ahead": _l("Deze periode is nog niet begonnen. Kies een eerdere dag."),
        "form_not_offered": _l("Dit soort bestand kan hier niet. Kies een ander soort."),
        "client_needed": _l("Kies voor welke opdrachtgever dit is."),
        "no_agreement": _l("Met deze ontvanger is geen afspraak vastgelegd. Er mag niets naartoe."),
        "not_a_date": _l("Kies een dag."),
    }


class FetchForm(Form):
    """Fetching a file, or marking that a recipient was told: nothing to fill in."""


class AddressForm(Form):
    """Where a recipient hears of withdrawals."""

    email = StringField(
        _l("E-mailadres"),
        filters=[stripped],
        validators=[Optional(), Email(_l("Dit is geen e-mailadres. Kijk het na."))],
    )

    messages = {"unknown_recipient": _l("Deze ontvanger staat niet in het beleid.")}
