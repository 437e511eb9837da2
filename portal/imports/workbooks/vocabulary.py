"""What schools write above their columns, in Dutch and English, and which field it means."""

import re
import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches

from portal.imports.workbooks.targets import TARGETS

# Written as people do; compared without accents, spaces, dots, dashes and capitals. A slash parts spellings.
_WORDS: dict[str, str] = {
    "learner.number": "nr/no/nummer/number/id/cursistnummer/cursist nr/cursistnr/cursist id/deelnemernummer"
    "/deelnemer nr"
    "/deelnemernr/leerlingnummer/leerling nr/studentnummer/student nr/student no/student number/student id"
    "/klantnummer"
    "/klantnr/inschrijfnummer/participant no/participant number/learner number/learner no/registratienummer"
    "/relatienummer"
    "/kenmerk/dossiernummer"
    "/cursistennummer/persoonsnummer/relatienr/leerlingennummer/nt2 nummer"
    "/deelnemersnummer/studentennummer",
    "learner.given_name": "voornaam/voornamen/roepnaam/first name/given name/given names/firstname/forename"
    "/first names"
    "/doopnaam/vnaam/vrnaam/officiele voornamen/calling name"
    "/alle voornamen/voornaam of voorletters",
    "learner.initials": "voorletters/voorletter/initialen/initials/vl",
    "learner.name_prefix": "tussenvoegsel/tussenv/tussenvoegsels/tv/tvg/voorvoegsel/voorvoegsels/vv/infix/prefix"
    "/name prefix/tussen/surname prefix",
    "learner.family_name": "achternaam/familienaam/geslachtsnaam/surname/last name/lastname/family name/achternamen"
    "/anaam/naam achternaam/eigen naam"
    "/achternaam tussenvoegsel/achternaam en tussenvoegsel/tussenvoegsel achternaam/geboortenaam"
    "/tussenvoegsel en achternaam",
    "learner.full_name": "naam/name/volledige naam/naam cursist/cursist/cursistnaam/deelnemer/naam deelnemer"
    "/full name"
    "/student/student name/leerling/naam leerling/learner/participant/participant name/learner name/naam student"
    "/achternaam voornaam/voornaam achternaam/voor en achternaam/naam kandidaat/kandidaat/kandidaten"
    "/naam voornaam/voornaam en achternaam/achternaam en voornaam/namen/volledige namen/cursisten"
    "/hele naam in één kolom/hele naam",
    "learner.gender": "geslacht/m v/m v x/man vrouw/gender/sex/sekse/v m",
    "learner.birth_date": "geboortedatum/geb datum/gebdatum/geboren/geboren op/geb dat/date of birth/birth date"
    "/birthdate/dob/birthday/geboorte datum/gbd/gebdat/born"
    "/geb/datum geboorte/geboortedag/geb d",
    "learner.birth_place": "geboorteplaats/geb plaats/plaats van geboorte/place of birth/birthplace/birth place",
    "learner.birth_country": "geboorteland/geb land/land van herkomst/herkomstland/land van geboorte/country of birth"
    "/birth country/country of origin/herkomst/origin"
    "/land geboorte/land herkomst",
    "learner.nationality": "nationaliteit/nationality/nationaliteiten",
    "learner.bsn": "bsn/burgerservicenummer/burger service nummer/sofinummer/sofi nummer/sofi/bsn nummer/bsn nr"
    "/citizen service number"
    "/bsn sofi/bsn of sofinummer/burger servicenummer",
    "learner.phone": "telefoon/telefoonnummer/tel/telnr/tel nr/tel nummer/telefoonnr/mobiel/mobiele telefoon"
    "/gsm/mobile"
    "/phone/phone number/telephone/mobiel nummer/mobielnummer/06 nummer/06/mobile phone/cell/telefoon 1/tel 1/phone 1"
    "/mobile number/06nr/mob"
    "/telefoon mobiel/telefoonnummer 1/telefoon nummer 1/mobiele nummer/mobiel 06/mobiel 1/telefoon privé",
    "learner.phone_other": "telefoon 2/tel 2/andere telefoon/vaste telefoon/telefoon vast/telefoon thuis/phone 2"
    "/other phone/home phone/tweede telefoonnummer/telefoonnummer 2/mobiel 2/vast nummer/noodnummer"
    "/telefoon overig/extra telefoon/telefoonnummer vast/telefoonnummer thuis/ander nummer"
    "/tweede telefoon",
    "learner.email": "e mail/email/mail/e mailadres/emailadres/mailadres/email address/mail adres/email adres",
    "learner.address": "adres/address/straat en huisnummer/straat huisnummer/straat en nr/street address/straat nr"
    "/woonadres/straat huisnr/street and number"
    "/adres en nr/adres en nummer/adres en huisnummer/adresgegevens/woonadres en nummer/volledig adres"
    "/straat en huisnummer in één kolom",
    "learner.street": "straat/straatnaam/street/adres straat/street name",
    "learner.house_number": "huisnummer/huisnr/huis nr/nr toev/house number/house no/adres nr"
    "/adres nummer/adres huisnummer/hnr/huisnummer en toevoeging/nr huis"
    "/huisnummer en toev/nummer en toevoeging/huisnummer plus toevoeging",
    "learner.house_addition": "toevoeging/toev/huisnummertoevoeging/toevoeging huisnummer/huisletter"
    "/house number addition/addition/letter/nr toevoeging"
    "/toevoeging bij het huisnummer",
    "learner.postcode": "postcode/pc/zip/postal code/zip code/post code/postcode nl",
    "learner.postcode_city": "postcode en plaats/postcode plaats/postcode woonplaats/pc plaats"
    "/postcode en woonplaats"
    "/pc en woonplaats/pc woonplaats/pc en plaats/postcode stad/postcode en stad"
    "/postcode en woonplaats in één kolom",
    "learner.city": "woonplaats/plaats/stad/city/town/plaatsnaam/adres plaats/place of residence/residence",
    "learner.country": "land/country/woonland",
    "learner.preferred_language": "voorkeurstaal/taal portaal/preferred language/correspondentietaal/contacttaal"
    "/taal voor berichten",
    "learner.languages": "moedertaal/moedertalen/thuistaal/talen/taal/mother tongue/native language/languages"
    "/first language/eerste taal/spreekt/talenkennis",
    "learner.education_level": "opleiding/opleidingsniveau/vooropleiding/hoogste opleiding/education/education level"
    "/level of education/schoolopleiding/aantal jaren onderwijs/schooling",
    "learner.diplomas": "diploma/diplomas/diploma s/certificaten/certificates/behaalde diplomas",
    "learner.competences": "competenties/competences/vaardigheden/skills",
    "learner.work_experience": "werkervaring/beroep/work experience/occupation/profession/werk/werkverleden/job",
    "learner.employer": "werkgever/employer/huidige werkgever",
    "learner.marital_status": "burgerlijke staat/marital status/burgerlijke stand/gehuwd",
    "learner.care_duties": "zorgtaken/care duties/kinderen/zorg"
    "/zorg voor anderen",
    "learner.circumstances": "omstandigheden/persoonlijke omstandigheden/bijzonderheden/circumstances"
    "/omstandigheden bij het leren",
    "learner.conditions": "randvoorwaarden/voorwaarden/kinderopvang/conditions"
    "/nodig om mee te doen",
    "learner.residence_status": "verblijfsstatus/verblijfstatus/status verblijf/verblijfstitel/residence status"
    "/verblijfsvergunning/residence permit",
    "learner.arrived_on": "datum aankomst/aankomst nederland/aankomstdatum/in nederland sinds/date of arrival"
    "/arrival date/arrived/datum aankomst nederland/datum in nederland"
    "/aangekomen in nederland",
    "learner.document_kind": "soort document/documentsoort/id soort/soort id/legitimatie/document type"
    "/soort identiteitsbewijs",
    "learner.document_number": "documentnummer/document nr/id nummer/paspoortnummer/document number/passport number"
    "/legitimatienummer"
    "/nummer identiteitsbewijs/identiteitsbewijs nummer",
    "learner.document_valid_until": "document geldig tot/id geldig tot/geldig tot/valid until/legitimatie geldig tot"
    "/identiteitsbewijs geldig tot",
    "learner.company_name": "bedrijf/bedrijfsnaam/company/company name",
    "learner.kvk_number": "kvk/kvk nummer/kvk nr/kamer van koophandel",
    "learner.iban": "iban/rekeningnummer/bankrekening/rekening/bank account/bankrekeningnummer"
    "/iban nummer",
    "group.name": "groep/groepsnaam/klas/klasnaam/group/class/groep klas/lesgroep/groupname/class name/naam groep"
    "/traject groep/cursusgroep"
    "/klas groep/groep cursist/groepscode/klascode/lesgroep naam",
    "group.course": "cursus/course/cursusnaam/naam cursus/opleiding cursus/soort cursus"
    "/cursus van de groep/cursus groep",
    "enrolment.starts_on": "startdatum/start/begindatum/start cursus/startdatum cursus/start groep/startdatum groep"
    "/datum start/start date/starting date/begin/instroomdatum/instroom/begonnen op/eerste les/startdatum les"
    "/ingestroomd"
    "/course start/start of course/lesstart/start lessen/datum inschrijving/inschrijfdatum/enrolment date/begin date"
    "/in de groep vanaf",
    "enrolment.ends_on": "einddatum/eind/einde/einde cursus/einddatum cursus/end date/uitstroomdatum/uitstroom"
    "/datum einde/laatste les/gestopt op/einddatum groep/course end/end/datum uitschrijving/uitschrijfdatum"
    "/in de groep tot en met/in de groep tot",
    "trajectory.act": "wet/wetgeving/act/inburgeringswet/wi/wet inburgering/law/wetskader/stelsel",
    "trajectory.route": "route/leerroute/learning route/leer route/trajectroute/soort traject/traject soort/route pip"
    "/traject route",
    "trajectory.target_group": "doelgroep/target group/groep inburgeraar/soort inburgeraar",
    "trajectory.funding": "financiering/betaling/funding/wie betaalt/bekostiging/betaalwijze/paid by/betaald door",
    "trajectory.reports_to_government": "meldplicht/meldplicht duo/melden duo/duo/rapportage overheid"
    "/rapporteren aan duo"
    "/report to duo/reports to government/inburgeringsplichtig"
    "/wij melden dit traject met het bsn aan de overheid",
    "trajectory.client": "opdrachtgever/gemeente/client/verwijzer/aanmelder/municipality/contractpartner"
    "/aangemeld door"
    "/referrer/klant/verwijzende instantie/opdrachtgever naam/naam opdrachtgever",
    "trajectory.client_manager": "klantmanager/contactpersoon/casemanager/client manager/regisseur/klant manager"
    "/contactpersoon gemeente/inburgeringsregisseur/case manager/consulent/naam klantmanager/contact gemeente"
    "/klantmanager gemeente",
    "trajectory.starts_on": "startdatum traject/start traject/traject start/trajectory start/begin traject"
    "/traject startdatum/traject begin/begindatum traject/trajectory starts/trajectory start date/start inburgering"
    "/traject begint op",
    "trajectory.ends_on": "einddatum traject/einde traject/traject eind/traject einde/trajectory end/eind traject"
    "/traject einddatum/trajectory end date"
    "/traject eindigt op",
    "trajectory.agreement_on": "datum overeenkomst/datum contract/contractdatum/agreement date/overeenkomst getekend"
    "/datum afspraken",
    "trajectory.contract_number": "contractnummer/contract nr/contract number/contract no/contractnr"
    "/ordernummer/beschikking",
    "trajectory.agreement": "afspraken/trajectafspraken/agreements"
    "/wat is afgesproken",
    "trajectory.hours_bought": "ingekochte uren/uren ingekocht/contracturen/contract uren/uren contract/hours bought"
    "/afgesproken uren/aantal uren contract/uren afgenomen/trajecturen/omvang uren",
    "trajectory.hours_before": "uren/uren gevolgd/gevolgde uren/uren tot nu toe/uren tot nu/hours/hours so far"
    "/hours attended"
    "/aanwezige uren/uren aanwezig/lesuren gevolgd/gevolgde lesuren/aantal uren/attended hours/uren totaal"
    "/totaal uren"
    "/genoten uren/contacturen/hours to date/uren tm nu/uren t m nu"
    "/aantal gevolgde uren/aantal uren gevolgd/uren aanwezig geweest/aanwezigheidsuren/aantal aanwezige uren",
    "level.found_on": "datum niveau/niveau datum/toetsdatum/datum toets/level date/date of level/niveau per"
    "/peildatum"
    "/datum van de niveaus/datum niveaus",
    "exam.taken_on": "examendatum/datum examen/exam date/examen datum/date of exam",
    "exam.knm": "knm/examen knm/uitslag knm/knm examen/knm uitslag/knm result/exam knm/knm behaald/resultaat knm",
    "exam.ona": "ona/examen ona/uitslag ona/ona examen/ona uitslag/ona result/exam ona/ona behaald/resultaat ona",
}  # fmt: skip
_SKILL_WORDS = {
    "reading": "leesniveau/niveau leesvaardigheid/lezen/reading/leesvaardigheid/read",
    "listening": "luisterniveau/luisteren/listening/luistervaardigheid/listen",
    "writing": "schrijfniveau/schrijven/writing/schrijfvaardigheid/write",
    "speaking": "spreekniveau/spreken/speaking/spreekvaardigheid/speak",
    "conversation": "gespreksniveau/gesprekken/gesprek/gesprekken voeren/conversation/gespreksvaardigheid",
}
_LEVEL_WORDS = ("niveau", "level", "taalniveau", "niveaus", "levels", "erk", "intakeniveau", "huidig niveau", "cefr")
_EXAM_WORDS = (
    "uitslag examen",
    "examen",
    "exam",
    "examens",
    "uitslag",
    "resultaat",
    "examenresultaat",
    "result",
    "exams",
    "results",
)
_FILLERS = frozenset(
    {"van", "de", "het", "een", "der", "uw", "je", "zijn", "haar", "cursist", "cursisten", "deelnemer", "deelnemers",
     "leerling", "leerlingen", "student", "studenten", "kandidaat", "inburgeraar", "klant", "prive", "privé", "of",
     "the", "participant", "learner", "pupil", "verplicht", "evt", "eventueel", "svp", "dd", "mm", "jjjj", "ddmmjjjj",
     "yyyy", "volgens", "conform", "gba", "brp"}
)  # fmt: skip
# What an office shortens, alone or at the end of a word; both sides of a comparison are written out.
_SHORT = {
    "geb": "geboorte", "gesl": "geslacht", "postc": "postcode", "pc": "postcode", "woonpl": "woonplaats",
    "wpl": "woonplaats", "niv": "niveau", "toev": "toevoeging", "voorv": "voorvoegsel", "voorl": "voorletters",
    "inschr": "inschrijf", "reg": "registratie", "rek": "rekening", "opl": "opleiding", "burg": "burgerlijke",
    "fam": "familie", "tel": "telefoon", "dat": "datum", "nr": "nummer", "mob": "mobiel", "aanw": "aanwezig",
    "nat": "nationaliteit", "opdr": "opdracht", "adr": "adres", "huisn": "huisnummer", "pl": "plaats", "v": "van",
    "tussenv": "tussenvoegsel", "tussenvoegs": "tussenvoegsel", "achtern": "achternaam", "voorn": "voornaam",
    "telefoonn": "telefoonnummer", "cursistn": "cursistnummer", "contactp": "contactpersoon", "gem": "gemeente",
}  # fmt: skip
_OF_NAMES = frozenset({"naam", "namen", "name", "names"})
_BARE = frozenset({"nr", "no", "nummer", "number", "num", "nrs"})
_STREETS = frozenset({"learner.street", "learner.address"})
_PEOPLE = ("cursist", "deelnemer", "leerling", "student", "learner", "participant", "kandidaat", "persoon", "gegevens")
_OTHERS = re.compile(r"traject|contract|groep|klas|cursus|les|contact|document|paspoort|legitim|opdracht|factuur|bank")
_LEAST_LETTERS = 5
_CLOSE = 0.86
_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]")


def plain(label: str) -> str:
    """Return a label without accents, capitals, spaces and signs."""
    decomposed = unicodedata.normalize("NFKD", label).lower()
    return "".join(letter for letter in decomposed if letter.isalnum())


def _known() -> dict[str, str]:
    known = {plain(word): key for key, words in _WORDS.items() for word in words.split("/")}
    for skill, words in _SKILL_WORDS.items():
        for word in map(plain, words.split("/")):
            known[word] = f"level.{skill}"
            for context in map(plain, _LEVEL_WORDS):
                known[context + word] = known[word + context] = f"level.{skill}"
            for context in map(plain, _EXAM_WORDS):
                if f"exam.{skill}" in TARGETS:
                    known[context + word] = known[word + context] = f"exam.{skill}"
    return known


KNOWN: dict[str, str] = _known()
_LONG_WORDS = [word for word in KNOWN if len(word) >= _LEAST_LETTERS]


def target_of(label: str) -> str | None:
    """Return the key of the field that a label means; of "Adres: Nr" the whole first, then what stands last."""
    without = _BRACKETS.sub(" ", label)
    above, colon, last = without.rpartition(":")
    context = plain(above.rpartition(":")[2])
    tries = [_and(label), label, _and(without), without, *_spellings(label)]
    if colon and context in _OF_NAMES:
        tries = [last]
    elif colon:
        tries += [above.rpartition(":")[2] + last, last]
    for text in tries:
        found = KNOWN.get(plain(text)) or KNOWN.get(plain(_without_fillers(text))) or _IN_FULL.get(in_full(text))
        if found is not None:
            return _under(context, found, last) if colon else found
    return None


def targets_of(labels: Sequence[str]) -> list[str | None]:
    """Return the field of each label, seen beside each other: "Nr" after "Straat" is the number of a house."""
    found: list[str | None] = []
    for position, label in enumerate(labels):
        target = target_of(label)
        if target == "learner.number" and plain(label) in _BARE and position and found[position - 1] in _STREETS:
            target = "learner.house_number"
        found.append(target)
    return found


def nearly(label: str) -> str | None:
    """Return the field whose word differs from a label by a letter or two; None where none does."""
    word = plain(_without_fillers(_BRACKETS.sub(" ", label)))
    if len(word) < _LEAST_LETTERS:
        return None
    close = get_close_matches(word, _LONG_WORDS, n=1, cutoff=_CLOSE)
    same_figures = [known for known in close if re.findall(r"\d", known) == re.findall(r"\d", word)]
    return KNOWN[same_figures[0]] if same_figures else None


def in_full(label: str) -> str:
    """Return the plain form of a label with what an office shortens written out: "Geb.dat." is "geboortedatum"."""
    return "".join(_written_out(word) for word in re.findall(r"[^\W\d_]+|\d+", _without_fillers(label)))


def _written_out(word: str) -> str:
    word = plain(word)
    if word in _SHORT:
        return _SHORT[word]
    for end in ("nr", "dat", "niv", "pl"):
        if word.endswith(end) and len(word) > len(end) + 2:
            start = word.removesuffix(end)
            return _SHORT.get(start, start) + _SHORT[end]
    return word


def _and(label: str) -> str:
    """Return a label with "en" for the signs that mean it: "Adres + nr"."""
    return re.sub(r"\s*[+&]\s*", " en ", label)


def _under(context: str, target: str, last: str) -> str | None:
    """Return the field that a bare "Nr" means under a heading over several columns: of a house, a learner, or none."""
    if target != "learner.number" or plain(last) not in _BARE or not context:
        return target
    if any(word in context for word in ("adres", "straat", "address", "woon")):
        return "learner.house_number"
    is_learners = any(word in context for word in _PEOPLE) or KNOWN.get(context) in {"learner.full_name", target}
    return target if is_learners or not _OTHERS.search(context) else None


def _spellings(label: str) -> list[str]:
    """Return a label with the letters that brackets leave open: "Voorna(a)m(en)" is "Voornaam" and "Voornamen"."""
    texts = [""]
    for part in re.split(r"(?<=\w)(\([^)\s]{1,4}\))", label)[:7]:
        is_open = part.startswith("(") and part.endswith(")") and len(part) > 2
        texts = [text + more for text in texts for more in ((part[1:-1], "") if is_open else (part,))]
    return texts if len(texts) > 1 else []


def _without_fillers(label: str) -> str:
    """Return a label without the words that say only whose it is, or how to fill it in."""
    words = re.split(r"[^\w'’]+", _BRACKETS.sub(" ", label).lower())
    return " ".join(word for word in words if word and word not in _FILLERS)


_IN_FULL: dict[str, str] = dict(KNOWN)
for _words in _WORDS.values():
    for _word in _words.split("/"):
        _IN_FULL.setdefault(in_full(_word), KNOWN[plain(_word)])
del _IN_FULL[""]  # "Cursist" says only whose it is, as a sign such as "#" does
