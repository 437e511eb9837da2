"""What management may submit about its school."""

from wtforms import BooleanField, FileField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core.http.forms import Form, InputRequired, stripped
from portal.core.http.languages import _l
from portal.permissions import OUTSIDE, Role

_ROLE_NAMES = {
    Role.TEACHER: _l("docent"),
    Role.COACH: _l("begeleider"),
    Role.ADMINISTRATION: _l("administratie"),
    Role.PRIVACY_OFFICER: _l("privacyfunctionaris"),
    Role.PRIVACY_STAFF: _l("privacymedewerker"),
    Role.MANAGEMENT: _l("directie"),
}
STAFF_ROLES = [SelectChoice(role.value, _ROLE_NAMES[role]) for role in Role if role not in OUTSIDE]
STRENGTHS = [
    SelectChoice("0.04", _l("bijna grijs")),
    SelectChoice("0.06", _l("rustig")),
    SelectChoice("0.09", _l("gewoon")),
    SelectChoice("0.13", _l("sterk")),
]


class LookForm(Form):
    """The school's name and colour."""

    name = StringField(_l("Naam van de school"), filters=[stripped], validators=[InputRequired(), Length(max=120)])
    hue = IntegerField(
        _l("Kleur"),
        validators=[InputRequired(), NumberRange(0, 360, message=_l("Kies een getal van 0 tot en met 360."))],
    )
    chroma = SelectField(_l("Hoe sterk de kleur is"), choices=STRENGTHS)

    def show_strength(self, chroma: float) -> None:
        """Let the choice that is nearest to a strength be the chosen one."""
        self.chroma.data = min((choice.value for choice in STRENGTHS), key=lambda value: abs(float(value) - chroma))


class LogoForm(Form):
    """A picture of the school."""

    messages = {
        "logo_missing": _l("Kies eerst een bestand."),
        "logo_too_large": _l("Dit bestand is te groot. Kies een PNG van hoogstens %(kilobytes)s kB."),
        "logo_not_png": _l("Dit is geen PNG-bestand. Sla uw logo op als PNG en probeer het opnieuw."),
        "logo_broken": _l("Dit bestand is beschadigd. Sla uw logo opnieuw op als PNG en probeer het opnieuw."),
        "logo_too_wide": _l("Dit logo is te groot. Kies een logo van hoogstens %(pixels)s pixels breed en hoog."),
    }

    logo = FileField(_l("Logo"))


class SignInForm(Form):
    """How strict signing in is for staff."""

    messages = {
        "longer_than_policy": _l("Uw privacyverklaring belooft hoogstens %(most)s minuten."),
        "less_than_policy": _l("Uw privacyverklaring belooft een tweede stap voor meer rollen. Laat die aangevinkt."),
    }

    idle_minutes = IntegerField(
        _l("Na hoeveel minuten niets doen moet een medewerker opnieuw inloggen?"),
        validators=[InputRequired(), NumberRange(5, 720, message=_l("Kies een getal van 5 tot en met 720."))],
    )
    second_factor_roles = SelectMultipleField(
        _l("Wie moet bij het inloggen een code van de telefoon geven?"),
        choices=STAFF_ROLES,
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )


class HelpForm(Form):
    """When the school can be reached."""

    opening_hours = TextAreaField(
        _l("Wanneer is de school open of te bellen?"),
        description=_l("Bijvoorbeeld: maandag tot en met donderdag, 9 tot 16 uur. Cursisten lezen dit bij Hulp."),
        filters=[stripped],
        validators=[Length(max=400)],
        render_kw={"rows": "3"},
    )


class LevelsForm(Form):
    """Which levels the school works with."""

    uses_sublevels = BooleanField(
        _l("Wij werken met tussenniveaus, zoals A1-, A1+, A2- en A2+"),
        description=_l(
            "Een min betekent: bijna op dit niveau. Een plus betekent: iets meer dan dit niveau. In de cijfers van de "
            "school tellen alleen hele niveaus: A2+ telt als A2, en A2- telt nog als A1."
        ),
    )
    shows_group_range = BooleanField(
        _l("Cursisten zien bij hun eigen niveau hoe hun groep het doet"),
        description=_l(
            "Alleen de middelste helft van de groep, zonder namen, en alleen als er van minstens vijf anderen een "
            "niveau is."
        ),
    )


class NotificationsForm(Form):
    """When the mail of the day goes out, and for how long notifications are kept."""

    daily_mail_hour = IntegerField(
        _l("Vanaf welk uur gaat de mail over nieuwe meldingen uit?"),
        description=_l("Hoogstens één mail per dag. Bijvoorbeeld 7: de mail gaat tussen 7 en 10 uur uit."),
        validators=[InputRequired(), NumberRange(0, 21, message=_l("Kies een getal van 0 tot en met 21."))],
    )
    notification_days = IntegerField(
        _l("Na hoeveel dagen verdwijnt een melding?"),
        validators=[InputRequired(), NumberRange(7, 365, message=_l("Kies een getal van 7 tot en met 365."))],
    )


class RetentionForm(Form):
    """How long before it people are shown whose data goes, and how many may go in one night."""

    retention_preview_days = IntegerField(
        _l("Hoeveel dagen van tevoren ziet u wie er gewist worden?"),
        validators=[InputRequired(), NumberRange(1, 90, message=_l("Kies een getal van 1 tot en met 90."))],
    )
    retention_cap_people = IntegerField(
        _l("Hoeveel personen mag het portaal in één nacht wissen?"),
        description=_l("Zijn het er meer? Dan wacht het portaal tot u het bevestigt."),
        validators=[InputRequired(), NumberRange(1, 10_000, message=_l("Kies een getal van 1 tot en met 10000."))],
    )
    retention_cap_percent = IntegerField(
        _l("Of hoeveel procent van alle personen?"),
        description=_l("Het grootste van de twee telt."),
        validators=[InputRequired(), NumberRange(0, 25, message=_l("Kies een getal van 0 tot en met 25."))],
    )


class VisitorsForm(Form):
    """Which forms there are for who doesn't sign in."""

    takes_questions = BooleanField(
        _l("Iedereen kan de school iets vragen"), description=_l("Vragen komen binnen bij Contacten.")
    )
    takes_enquiries = BooleanField(
        _l("Iedereen kan zich aanmelden voor een eerste gesprek"),
        description=_l("Aanmeldingen komen binnen bij Contacten."),
    )
    takes_subscribers = BooleanField(
        _l("Iedereen kan zich inschrijven voor de nieuwsbrief"),
        description=_l("Wie dat doet, krijgt eerst een e-mail met een link. Zonder klik gebeurt er niets."),
    )


class HostForm(Form):
    """An address at which the school answers."""

    messages = {
        "not_a_host": _l("Dit is geen webadres. Schrijf het zo: portaal.uwschool.nl, zonder https en zonder pad."),
        "host_taken": _l("Dit adres is al in gebruik."),
    }

    host = StringField(
        _l("Nieuw adres"), filters=[stripped], validators=[InputRequired(_l("Vul een adres in.")), Length(max=253)]
    )
