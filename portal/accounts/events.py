"""What accounts writes in the audit: events and views, with their labels."""

from portal.core.audit.declarations import Area, Event, View
from portal.core.audit.models import Chain
from portal.core.http.languages import _l

AREA = Area(
    "accounts",
    _l("inloggen en accounts"),
    events=(
        Event("accounts.added", _l("toegevoegd")),
        Event("accounts.address_entered", _l("e-mailadres ingevuld na terugzetten")),
        Event("accounts.calendar_feed_ended", _l("agenda-adres uitgezet"), chain=Chain.ACTIVITY),
        Event("accounts.calendar_feed_made", _l("agenda-adres gemaakt"), chain=Chain.ACTIVITY),
        Event("accounts.confidentiality_accepted", _l("geheimhouding aanvaard")),
        Event("accounts.council_recorded", _l("antwoord van de ondernemingsraad vastgelegd")),
        Event("accounts.email_changed", _l("e-mailadres gewijzigd")),
        Event("accounts.ended", _l("beëindigd")),
        Event("accounts.help_offered", _l("hulppagina gewijzigd")),
        Event("accounts.invitation_accepted", _l("uitnodiging gebruikt")),
        Event("accounts.invited", _l("uitgenodigd")),
        Event("accounts.language_chosen", _l("gekozen"), chain=Chain.ACTIVITY),
        Event("accounts.list_taken", _l("lijst opgehaald")),
        Event("accounts.new_email_asked", _l("nieuw e-mailadres gevraagd")),
        Event("accounts.passkey_added", _l("passkey toegevoegd")),
        Event("accounts.passkey_removed", _l("passkey verwijderd")),
        Event("accounts.passkey_renamed", _l("passkey een andere naam gegeven"), chain=Chain.ACTIVITY),
        Event("accounts.passkey_stopped", _l("passkey gestopt: misschien nagemaakt")),
        Event("accounts.password_set", _l("wachtwoord gekozen")),
        Event("accounts.recovery_code_used", _l("reservecode gebruikt"), chain=Chain.ACTIVITY),
        Event("accounts.recovery_codes_made", _l("reservecodes gemaakt")),
        Event("accounts.reopened", _l("weer geopend")),
        Event("accounts.reset_asked", _l("nieuw wachtwoord gevraagd"), chain=Chain.ACTIVITY),
        Event("accounts.reset_sent", _l("link voor nieuw wachtwoord verstuurd"), chain=Chain.ACTIVITY),
        Event("accounts.role_ended", _l("rol beëindigd")),
        Event("accounts.roles_changed", _l("rollen gewijzigd")),
        Event("accounts.second_factor_set", _l("tweede stap aangezet")),
        Event("accounts.second_factor_taken_away", _l("tweede stap uitgezet")),
        Event("accounts.sessions_ended", _l("overal uitgelogd"), chain=Chain.ACTIVITY),
        Event("accounts.signed_in", _l("ingelogd"), chain=Chain.ACTIVITY),
        Event("accounts.signed_in_anew", _l("opnieuw ingelogd"), chain=Chain.ACTIVITY),
        Event("accounts.signed_out", _l("uitgelogd"), chain=Chain.ACTIVITY),
        Event("accounts.view_kept", _l("vaste weergave bewaard"), chain=Chain.ACTIVITY),
    ),
    views=(View("accounts.member", _l("uw gegevens als medewerker"), shows=("account", "contact")),),
)
