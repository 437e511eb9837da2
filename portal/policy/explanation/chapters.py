"""What the portal does by a policy, in sentences: who sees what and until when, who gets it, what people may ask."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.core.http.languages import LANGUAGES, _, written
from portal.permissions import Role
from portal.policy.explanation.kept_data import category_sentences, consent_sentences, not_kept_sentences
from portal.policy.explanation.labels import LOOKS, REQUESTS, TOLD, RoleNames, Says, listed
from portal.policy.explanation.open_points import list_open_points
from portal.policy.explanation.recipients import sharing_sentences
from portal.policy.labels import FINDINGS, MASKS, labels_in, length_of
from portal.policy.schema import Policy, Text


@dataclass(frozen=True)
class Chapter:
    """A heading and the sentences below it."""

    heading: str
    sentences: tuple[str, ...]


def explain(policy: Policy, *, language: str, roles: RoleNames) -> list[Chapter]:
    """Return what the portal does by a policy, in the language in hand, the policy's own texts in `language`."""

    def says(text: Text) -> str:
        return str(policy.text(text, language))

    chapters = {
        _("Dit beleid"): _policy(policy),
        _("Wat de school bewaart"): (
            line for each in policy.categories for line in category_sentences(policy, each, says, roles)
        ),
        _("Wat de school niet bewaart"): not_kept_sentences(policy, language),
        _("Toestemming"): (
            line for purpose in policy.consent_purposes() for line in consent_sentences(policy, purpose, says)
        ),
        _("Wie gegevens krijgt"): sharing_sentences(policy, says),
        _("Wat een cursist kan vragen en wijzigen"): _requests(policy),
        _("Medewerkers"): _staff(policy, says, roles),
        _("Wat nog open is"): list_open_points(policy, says),
    }
    return [Chapter(heading, tuple(sentences) or (_("Niets."),)) for heading, sentences in chapters.items()]


def _policy(policy: Policy) -> Iterator[str]:
    facts = {"school": policy.controller.name, "version": policy.version}
    if policy.in_force_on is not None:
        day = written("date", policy.in_force_on)
        yield _("%(school)s, versie %(version)s, geldig vanaf %(day)s.", day=day, **facts)
    else:
        yield _("%(school)s, versie %(version)s, zonder datum.", **facts)
    if policy.updated_on is not None:
        yield _("Voor het laatst gewijzigd op %(day)s.", day=written("date", policy.updated_on))
    languages = ", ".join(LANGUAGES.get(code, code) for code in policy.languages)
    yield _("De verklaring is er in: %(languages)s.", languages=languages)
    yield str(TOLD[policy.changes.told])


def _requests(policy: Policy) -> Iterator[str]:
    for kind in dict.fromkeys([*(right.key for right in policy.rights), "complaint"]):
        deadline = policy.deadline(kind)
        facts = {"request": REQUESTS[kind], "length": length_of(deadline.within)}
        if deadline.extension is None:
            yield _("%(request)s: antwoord binnen %(length)s.", **facts)
        else:
            more = length_of(deadline.extension)
            yield _("%(request)s: antwoord binnen %(length)s, hoogstens %(more)s langer.", **facts, more=more)
    for masks in policy.masks:
        yield _(
            "Op een kopie van een identiteitsbewijs wordt zwart: %(parts)s.",
            parts=listed(MASKS[key] for key in masks.parts),
        )
    if any(policy.feature(feature) for feature in FINDINGS):
        yield _(
            "Zegt zij dat een presentie, niveau, resultaat of notitie niet klopt, dan staat dat er meteen bij. De "
            "school antwoordt binnen %(term)s. Daarna wacht het als wijziging.",
            term=length_of(policy.checked.answer_within),
        )
    checked = listed(labels_in(policy.checked.fields)) or _("niets")
    yield _("Een cursist wijzigt haar gegevens zelf. Alleen dit kijkt de school eerst na: %(fields)s.", fields=checked)


def _staff(policy: Policy, says: Says, roles: RoleNames) -> Iterator[str]:
    yield _("Een klacht gaat naar: %(role)s.", role=roles[Role(policy.complaints.role)])
    yield _("Na %(minutes)s minuten stilte logt een medewerker opnieuw in.", minutes=policy.security.idle_minutes)
    yield _("Wie iets zag, wijzigde of doorgaf, staat %(length)s in het logboek.", length=length_of(policy.audit.term))
    yield str(LOOKS[policy.audit.looks])
    yield _(
        "Sporen van inloggen en van eigen gebruik blijven %(length)s, ook in het logboek.",
        length=length_of(policy.activity_term),
    )
    if policy.security.second_factor:
        held = listed(roles[Role(key)] for key in policy.security.second_factor)
        yield _("Een tweede stap bij het inloggen moet voor: %(roles)s.", roles=held)
    if policy.staff is not None:
        held = listed(says(each.title) for each in policy.staff.data)
        yield _("Van een medewerker zelf bewaart de school: %(what)s.", what=held)
        yield _("Zo lang na het einde van het werk: %(length)s.", length=length_of(policy.staff.term))
    for use in policy.contacts:
        yield _("%(what)s: %(term)s", what=says(use.title), term=says(policy.term(use.term).title))
    yield _(
        "Een bewijs van wissen, zonder naam, blijft %(length)s. Zo lang blijft ook een verzoek van iemand die de "
        "school niet kent.",
        length=length_of(policy.accountability_term),
    )
    yield _("Voordat een medewerker gegevens ziet, belooft zij: %(promise)s", promise=says(policy.confidentiality.text))
