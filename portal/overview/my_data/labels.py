"""What happened, in words that a learner understands: from the names of audit events and pages."""

from flask_babel import LazyString

from portal.core.http.languages import _l

_SEEN: dict[str, LazyString] = {
    "attendance": _l("uw aanwezigheid"),
    "courses": _l("uw groep"),
    "progress": _l("uw niveau en voortgang"),
    "learners.find": _l("uw naam in een lijst"),
    "learners": _l("uw gegevens"),
    "disclosures": _l("een bestand met uw gegevens"),
    "imports": _l("een werkboek met uw gegevens"),
    "consent": _l("uw toestemmingen"),
    "accounts": _l("uw account"),
    "overview.my_levels": _l("uw niveau en voortgang"),
    "overview": _l("uw gegevens"),
}
_DONE: dict[str, LazyString] = {
    "learners.bsn_revealed": _l("bekeek uw BSN"),
    "learners": _l("wijzigde uw gegevens"),
    "attendance": _l("vulde uw aanwezigheid in"),
    "courses": _l("wijzigde uw groep"),
    "progress": _l("schreef over uw voortgang"),
    "consent.given": _l("gaf toestemming"),
    "consent.withdrawn": _l("nam toestemming terug"),
    "consent.ended_by_merging": _l("maakte één dossier van twee: uw nieuwste keuze blijft"),
    "consent": _l("voerde een intrekking uit"),
    "disclosures.file_given": _l("haalde een bestand op met uw gegevens"),
    "disclosures": _l("maakte een bestand met uw gegevens"),
    "imports": _l("las uw gegevens in uit een werkboek"),
    "accounts.whom_chosen": _l("koos om voor u in te loggen"),
    "accounts": _l("wijzigde uw account"),
    "jobs.cancelled": _l("stopte werk waar uw gegevens bij hoorden"),
    "jobs": _l("kon werk waar uw gegevens bij hoorden niet afmaken"),
    "access": _l("wilde iets zien en mocht dat niet"),
}
_AREAS: dict[str, LazyString] = {
    "attendance": _l("presentie"),
    "courses": _l("groepen en rooster"),
    "progress": _l("niveau en voortgang"),
    "learners": _l("cursisten"),
    "disclosures": _l("bestanden"),
    "imports": _l("inlezen"),
    "consent": _l("toestemming"),
    "accounts": _l("inloggen en accounts"),
    "schools": _l("instellingen"),
    "policy": _l("privacyverklaring"),
    "access": _l("geweigerd"),
    "overview": _l("eigen gegevens"),
    "jobs": _l("werk op de achtergrond"),
}
_OTHER_AREA = _l("overig")
_OTHER_SEEN = _l("iets van u")
_OTHER_DONE = _l("deed iets met uw gegevens")


def _nearest(words: dict[str, LazyString], name: str, other: LazyString) -> LazyString:
    found = words.get(name) or words.get(name.partition(".")[0])
    return found if found is not None else other


def seen_words(what: str) -> LazyString:
    """Return what was looked at, from the name of the page (`learners.record`)."""
    return _nearest(_SEEN, what, _OTHER_SEEN)


def area_words(name: str) -> LazyString:
    """Return which part of the work an event or a page belongs to, for the school's own log."""
    return _nearest(_AREAS, name, _OTHER_AREA)


def done_words(event: str) -> LazyString:
    """Return what was done, from the name of the event (`learners.changed`)."""
    return _nearest(_DONE, event, _OTHER_DONE)
