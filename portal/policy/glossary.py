"""Words that learners meet and may not know, each with its meaning, which a page offers below the part that holds one.

A text of a page or of a policy keeps the word that the law or the school uses; what it means is one tap away.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from flask import g
from flask_babel import LazyString
from markupsafe import Markup

from portal.core.http.access import current_actor
from portal.core.http.languages import _l, language


@dataclass(frozen=True)
class Term:
    """A word in each form that texts of the reader's language write it in, and what it means."""

    key: str
    forms: LazyString
    meaning: LazyString


TERMS = (
    Term("bsn", _l("BSN|BSN's|burgerservicenummer"), _l("Het nummer waarmee de overheid iemand kent.")),
    Term("iban", _l("IBAN"), _l("Het nummer van een bankrekening.")),
    Term("duo", _l("DUO"), _l("De dienst van de overheid voor examens, diploma's en leningen.")),
    Term("dpia", _l("DPIA"), _l("Een onderzoek naar wat er mis kan gaan met gegevens van mensen.")),
    Term("kvk", _l("KvK-nummer"), _l("Het nummer van een bedrijf in de lijst van de overheid.")),
    Term("ip", _l("IP-adres|IP-adressen"), _l("Het nummer van een apparaat op internet.")),
    Term(
        "passkey",
        _l("passkey|passkeys"),
        _l("Een sleutel op uw telefoon of laptop. U gebruikt hem in plaats van een wachtwoord."),
    ),
    Term("cookie", _l("cookie|cookies"), _l("Een klein bestand dat een website op een apparaat bewaart.")),
    Term(
        "encrypted",
        _l("versleuteld|versleutelde"),
        _l("Bewaard in geheime tekens. Alleen wie de sleutel heeft, kan het lezen."),
    ),
    Term(
        "curator",
        _l("curator|curators"),
        _l("Iemand die van de rechter over alles beslist voor een ander."),
    ),
    Term(
        "administrator",
        _l("bewindvoerder|bewindvoerders"),
        _l("Iemand die van de rechter beslist over het geld van een ander."),
    ),
    Term("extract", _l("uittreksel"), _l("Een papier waarop staat wat er in een register staat.")),
    Term(
        "client",
        _l("opdrachtgever|opdrachtgevers"),
        _l("Wie de cursus betaalt, zoals de gemeente of de werkgever."),
    ),
    Term("client_manager", _l("klantmanager|klantmanagers"), _l("Wie bij de gemeente helpt met de inburgering.")),
    Term("target_group", _l("doelgroep|doelgroepen"), _l("Een groep mensen volgens de wet, zoals asiel of gezin.")),
    Term("name_prefix", _l("tussenvoegsel"), _l("Het kleine woord voor de achternaam, zoals de of van.")),
    Term("excused", _l("afgemeld|afgemelde"), _l("Van tevoren is gezegd: ik kom niet.")),
    Term("authorised", _l("geoorloofd"), _l("Met een reden die volgens de regels goed is.")),
    Term("unauthorised", _l("ongeoorloofd"), _l("Zonder een reden die volgens de regels goed is.")),
    Term("coach", _l("begeleider|begeleiding"), _l("Een begeleider helpt de cursist op school, naast de docent.")),
    Term(
        "privacy_officer",
        _l("privacyfunctionaris|functionaris gegevensbescherming"),
        _l("Wie erop let dat de school goed met gegevens omgaat."),
    ),
    Term(
        "representative",
        _l("vertegenwoordiger|vertegenwoordigers|gemachtigde|gemachtigden"),
        _l("Wie iets voor een ander mag doen."),
    ),
    Term(
        "trajectory", _l("traject|trajecten"), _l("Alles wat een cursist doet om te leren: lessen, toetsen en examens.")
    ),
    Term(
        "integration",
        _l("inburgering|inburgert|inburgeringstrajecten"),
        _l("Nederlands leren, en leren hoe Nederland werkt."),
    ),
    Term(
        "processing_agreement",
        _l("verwerkersovereenkomst|verwerkersovereenkomsten"),
        _l("Een afspraak op papier: een bedrijf gebruikt gegevens alleen voor de school."),
    ),
    Term("evaluation", _l("evaluatie|evaluaties|eindevaluatie"), _l("Een tekst van de docent over hoe het gaat.")),
    Term("competences", _l("competenties"), _l("Wat iemand goed kan.")),
    Term(
        "restricted",
        _l("afschermen|afgeschermd|afgeschermde|afscherming"),
        _l("De school bewaart de gegevens, maar gebruikt ze niet."),
    ),
    Term("contested", _l("betwist"), _l("De cursist zegt dat het niet klopt.")),
    Term("auditor", _l("auditor"), _l("Wie van buiten kijkt of de school goed werkt.")),
    Term("knm", _l("KNM"), _l("Een deel van het examen: hoe Nederland werkt.")),
    Term("ona", _l("ONA"), _l("Een deel van het examen: werk zoeken in Nederland.")),
    Term(
        "invoice",
        _l("factuur|facturen|factuurdatum|factuurnummer|factuurregel|factuurregels"),
        _l("Een brief waarin staat wat iemand moet betalen."),
    ),
    Term("collection", _l("incassobureau"), _l("Een bedrijf dat geld ophaalt dat nog niet betaald is.")),
    Term("quality_mark", _l("keurmerk"), _l("Een teken dat een school goed werkt.")),
    Term("marital_status", _l("burgerlijke staat"), _l("Of iemand getrouwd is of niet.")),
    Term(
        "economic_area",
        _l("Europese Economische Ruimte"),
        _l("De landen van de Europese Unie, en Noorwegen, IJsland en Liechtenstein."),
    ),
)
"""The forms of one term have `|` between them; another language may write a term of several forms in more of them. One
form is also a text of its own elsewhere, so each language writes it in one."""

TAG = re.compile(r"<[^>]*>")


@lru_cache
def _forms(_code: str) -> tuple[tuple[str, re.Pattern[str], Term], ...]:
    """Return each form of each term: in small letters of the page's language, what finds it as a whole word, the term.

    Arabic writes "and", "so", "with", "for" and "as" as one letter before the word.
    """
    forms = [(form.lower(), term) for term in TERMS for form in str(term.forms).split("|")]
    return tuple((form, re.compile(rf"(?<![\w\-])[وفبلك]?{re.escape(form)}(?![\w\-])"), term) for form, term in forms)


def new_terms(part: Markup) -> list[Term]:
    """Return the terms in a part of a page that no part before it held, and keep them as met; none for staff."""
    actor = current_actor()
    if actor is not None and actor.is_staff:
        return []
    text = TAG.sub("", part).lower()
    met: dict[str, Term] = g.setdefault("met_terms", {})
    found = {
        term.key: term
        for form, whole_word, term in _forms(language())
        if term.key not in met and form in text and whole_word.search(text)
    }
    met.update(found)
    return list(found.values())
