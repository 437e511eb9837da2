"""Sentences about who gets data: what, for what, on which agreement, and in which files."""

from collections.abc import Iterator

from portal.core.http.languages import _
from portal.policy.explanation.labels import Says, listed
from portal.policy.labels import labels_in, length_of
from portal.policy.schema import Policy
from portal.policy.schema.recipients import Recipient


def sharing_sentences(policy: Policy, says: Says) -> Iterator[str]:
    """Yield the rules about sharing, and for each recipient what it gets, for what and in which files."""
    rules = policy.sharing
    if rules.consent_unless_statutory:
        yield _("Er gaat alleen iets naar anderen met toestemming van de cursist of omdat een wet het vraagt.")
    if rules.agreement_needed:
        yield _("Er gaat niets naar iemand met wie geen afspraak is vastgelegd.")
    if rules.outside_eea == "never":
        yield _("Er gaat niets buiten de Europese Economische Ruimte.")
    for recipient in policy.recipients:
        yield from _recipient(policy, recipient, says)


def _recipient(policy: Policy, recipient: Recipient, says: Says) -> Iterator[str]:
    kinds = [category for key in recipient.categories if (category := policy.category(key)) is not None]
    what, why = (says(each.title) for each in kinds), (says(policy.purpose(key).title) for key in recipient.purposes)
    yield _("%(recipient)s krijgt: %(what)s.", recipient=says(recipient.title), what=listed(what))
    yield "  " + _("Waarvoor: %(purposes)s.", purposes="; ".join(why))
    if policy.needs_consent(recipient):
        yield "  " + _("Alleen van cursisten die daar toestemming voor geven.")
    if not policy.is_usable(recipient):
        yield "  " + _("Nu gaat er niets heen: de afspraak of het land is nog niet vastgelegd.")
    for template in policy.templates_for(recipient.key):
        facts = {
            "title": says(template.title),
            "fields": listed(labels_in(template.fields)),
            "length": length_of(template.kept),
        }
        yield "  " + _("Bestand: %(title)s. Erin: %(fields)s. Het blijft %(length)s staan.", **facts)
