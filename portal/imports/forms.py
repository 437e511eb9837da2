"""What somebody submits while bringing in a workbook, what fields are called there, and the words for every refusal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from flask_babel import LazyString
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length

from portal.core.http.forms import Form, choices
from portal.core.http.languages import _, _l
from portal.imports.mappings.columns import SheetColumns, column_field, is_kept
from portal.imports.results.choices import DIFFERS
from portal.imports.results.labels import RESULT_LABELS, RESULT_REASONS, result_text
from portal.imports.workbooks.targets import LEARNER_TARGETS, TARGETS
from portal.learners.corrections.kinds import find_field
from portal.learners.trajectories.labels import ACTS
from portal.learners.trajectories.models import Act
from portal.policy.schema import Policy

_OWN_LABELS: dict[str, LazyString] = {
    "learner.full_name": _l("Hele naam in één kolom"),
    "learner.initials": _l("Voorletters"),
    "learner.house_addition": _l("Toevoeging bij het huisnummer"),
    "learner.address": _l("Straat en huisnummer in één kolom"),
    "learner.postcode_city": _l("Postcode en woonplaats in één kolom"),
    "group.name": _l("Groep"),
    "group.course": _l("Cursus van de groep"),
    "enrolment.starts_on": _l("In de groep vanaf"),
    "enrolment.ends_on": _l("In de groep tot en met"),
    "trajectory.client": _l("Opdrachtgever"),
    "trajectory.client_id": _l("Opdrachtgever"),
    "trajectory.client_manager": _l("Klantmanager"),
    "trajectory.client_manager_id": _l("Klantmanager"),
    "trajectory.starts_on": _l("Traject begint op"),
    "trajectory.ends_on": _l("Traject eindigt op"),
    "trajectory.hours_before": _l("Uren tot nu toe"),
    "trajectory.minutes_before": _l("Uren tot nu toe"),
    "level.reading": _l("Niveau lezen"),
    "level.listening": _l("Niveau luisteren"),
    "level.writing": _l("Niveau schrijven"),
    "level.speaking": _l("Niveau spreken"),
    "level.conversation": _l("Niveau gesprekken"),
    "level.found_on": _l("Datum van de niveaus"),
    "exam.knm": _l("Uitslag KNM"),
    "exam.ona": _l("Uitslag ONA"),
    "exam.reading": _l("Uitslag examen lezen"),
    "exam.listening": _l("Uitslag examen luisteren"),
    "exam.writing": _l("Uitslag examen schrijven"),
    "exam.speaking": _l("Uitslag examen spreken"),
    "exam.taken_on": _l("Datum van het examen"),
    **RESULT_LABELS,
}
REASONS: dict[str, LazyString] = {
    "became_date": _l("Hier staat een datum: %(value)s. Maak de cel op als tekst en typ opnieuw wat er hoort."),
    "became_number": _l("Dit getal is afgekort: %(value)s. Maak de cel op als tekst en typ het opnieuw."),
    "bsn_short": _l("Dit BSN heeft maar %(count)s cijfers. Vielen er nullen vooraan weg? Zet ze erbij."),
    "bsn_invalid": _l("Dit BSN klopt niet. Kijk het na op een brief van de overheid."),
    "bsn_of_other": _l("Dit BSN hoort bij een andere cursist van uw school."),
    "bsn_of_other_row": _l("Dit BSN staat ook in rij %(row)s, bij iemand anders."),
    "choice_unknown": _l("Dit woord kent het portaal hier niet: %(value)s."),
    "conflicts_with_row": _l("Rij %(row)s gaat over dezelfde persoon, maar zegt iets anders."),
    "date_impossible": _l("Deze datum bestaat niet."),
    "date_in_future": _l("Deze datum moet vandaag of eerder zijn."),
    "date_unreadable": _l("Schrijf deze datum als dag-maand-jaar, bijvoorbeeld 1-9-2019."),
    "duplicate_row": _l("Deze rij staat er al: het is dezelfde als rij %(row)s."),
    "email_invalid": _l("Dit is geen e-mailadres."),
    "ends_before_start": _l("Het einde is eerder dan het begin."),
    "exam_needs_date": _l("Zet erbij op welke dag het examen was."),
    "exam_unreadable": _l("Schrijf geslaagd of gezakt, met de datum."),
    "formula_error": _l("In deze cel staat een fout: %(value)s."),
    "hours_unreadable": _l("Schrijf de uren als een getal, bijvoorbeeld 12,5."),
    "iban_invalid": _l("Dit rekeningnummer (IBAN) klopt niet."),
    "kvk_invalid": _l("Een KvK-nummer heeft acht cijfers."),
    "letters_lost": _l(
        "Hier zijn letters verloren gegaan: %(value)s. Typ het zoals het hoort, of sla de lijst opnieuw op als .xlsx."
    ),
    "looks_like_title": _l("Dit lijkt op een titel en niet op een cursist. Zet de groep in een kolom Groep."),
    "level_unknown": _l("Dit niveau kent het portaal niet: %(value)s."),
    "manager_needs_client": _l("Zet ook de opdrachtgever in het bestand, bij deze klantmanager."),
    "other_origin": _l("Dit mag de school alleen bewaren als het komt van: %(origins)s."),
    "of_a_child": _l("Dit bewaart de school alleen van een kind jonger dan 18 jaar. Vul eerst de geboortedatum in."),
    "needs_consent": _l("Dit mag de school pas bewaren als de cursist toestemming gaf: %(purpose)s."),
    "needs_decision": _l("Dit lijkt op %(who)s. Kies of het dezelfde persoon is."),
    "needs_decision_sound": _l("Deze naam klinkt als die van %(who)s. Kies of het dezelfde persoon is."),
    "needs_decision_bsn": _l("Dit BSN is van %(who)s, maar de naam is anders. Kies of het dezelfde persoon is."),
    "needs_decision_number": _l("Dit nummer is van %(who)s, maar de naam is anders. Kies of het dezelfde persoon is."),
    "needs_ground": _l("Dit mag de school alleen bewaren met een reden. Vul die in bij de kolommen."),
    "needs_parent": _l("Dit mag de school pas bewaren als een ouder toestemming gaf: %(purpose)s."),
    "needs_reporting_trajectory": _l("Een BSN mag alleen bij een traject dat de school aan de overheid meldt."),
    "no_given_name": _l("Vul de voornaam of de voorletters in. Heeft iemand maar één naam? Zet dan een streepje (-)."),
    "no_name": _l("Vul de achternaam in. Heeft iemand maar één naam? Zet dan een streepje (-)."),
    "not_a_name": _l("Dit is geen naam: een getal, of met een teken dat in geen naam staat."),
    "not_in_policy": _l("Uw school bewaart dit niet. Het hoort bij: %(category)s."),
    "number_of_other": _l("Nummer %(number)s hoort bij een andere cursist van uw school."),
    "only_figures": _l("Hier staat alleen een getal: %(value)s. Misschien wijst een formule naar een lege cel."),
    "phone_invalid": _l("Dit is geen telefoonnummer."),
    "postcode_invalid": _l("Een postcode is vier cijfers en twee letters."),
    "restricted": _l("Deze persoon is afgeschermd. Vraag de privacymedewerker."),
    "same_name_as_row": _l("In rij %(row)s staat dezelfde naam. Is het iemand anders? Zet bij beide de geboortedatum."),
    "several_groups": _l("Hier staan meer groepen bij elkaar. Zet elke groep op een eigen rij, met dezelfde naam."),
    "too_long": _l("Dit is te lang. Er passen %(most)s tekens in."),
    "unknown_learner": _l("Deze cursist kent de school niet, en haar naam staat niet op dit blad."),
    **RESULT_REASONS,
}
FILE_REASONS: dict[str, LazyString] = {
    "damaged": _l("Dit bestand is kapot. Open het, sla het opnieuw op en probeer het nog eens."),
    "apple": _l(
        "Dit bestand is van Apple. Open het in Numbers, kies Archief, Exporteer naar, Excel, en lees dat bestand in."
    ),
    "binary_excel": _l(
        "Dit is een binair Excel-bestand (.xlsb). Open het in Excel, kies Opslaan als, Excel-werkmap (.xlsx), en lees"
        " dat bestand in."
    ),
    "empty": _l("Dit bestand is leeg."),
    "excel_2003": _l(
        "Dit is een XML-bestand van Excel. Open het in Excel, kies Opslaan als, Excel-werkmap (.xlsx), en lees dat"
        " bestand in."
    ),
    "flat_open_document": _l(
        "Dit is een plat ODF-bestand (.fods). Open het in LibreOffice, kies Opslaan als, ODF-werkblad (.ods), en lees"
        " dat bestand in."
    ),
    "error": _l("Het lezen is niet gelukt. Probeer het nog eens."),
    "macros": _l("In dit bestand zitten macro's. Sla het op als gewoon werkblad (.xlsx) en probeer het nog eens."),
    "no_header": _l(
        "Het portaal vindt geen rij met namen van kolommen, zoals Nummer, Achternaam en Geboortedatum."
        " Zet die in de eerste twintig rijen."
    ),
    "no_result_header": _l(
        "Het portaal vindt geen rij met namen van kolommen, zoals Nummer, Naam, Lezen en Datum."
        " Zet die in de eerste twintig rijen."
    ),
    "people_in_columns": _l(
        "De cursisten staan naast elkaar, elk in een kolom. Zet elke cursist op een eigen rij, met de namen van de"
        " kolommen erboven. In Excel: kopieer de lijst, kies Plakken speciaal en dan Transponeren."
    ),
    "no_rows": _l("Er staan wel namen van kolommen in, maar geen rijen met cursisten. Vul die eronder in."),
    "not_a_workbook": _l("Dit is geen werkblad. Kies een bestand van Excel of LibreOffice, of een .csv."),
    "old_excel": _l("Dit is een oud Excel-bestand (.xls). Sla het op als .xlsx en probeer het nog eens."),
    "password": _l("Op dit bestand zit een wachtwoord. Haal het eraf en probeer het nog eens."),
    "too_large": _l("Dit bestand is te groot. Het mag %(most)s MB zijn."),
    "too_many_rows": _l("Er staan te veel rijen in. Het mogen er %(most)s zijn: maak er meer bestanden van."),
    "too_wide": _l("Er staan te veel kolommen of lege cellen in. Kopieer alleen de lijst naar een nieuw werkblad."),
    "zip_bomb": _l("Dit bestand wordt bij het openen veel te groot. Kopieer de lijst naar een nieuw werkblad."),
    "file_gone": _l("Het bestand is niet meer bewaard. Kies het opnieuw."),
}
STATE_LABELS: dict[str, tuple[LazyString, str]] = {
    "reading": (_l("wordt gelezen"), "wait"),
    "mapping": (_l("kies de kolommen"), "wait"),
    "checking": (_l("wordt bekeken"), "wait"),
    "ready": (_l("klaar om te bewaren"), "accent"),
    "storing": (_l("wordt bewaard"), "wait"),
    "stored": (_l("bewaard"), "good"),
    "undoing": (_l("wordt ongedaan gemaakt"), "wait"),
    "undone": (_l("ongedaan gemaakt"), ""),
    "refused": (_l("geweigerd"), "bad"),
    "discarded": (_l("weggegooid"), ""),
}
NOTES: dict[str, LazyString] = {
    "hours_counted_here": _l("De uren zijn niet overgenomen: het portaal telt ze zelf al."),
    "letters_mended": _l("Verkeerde letters zijn hersteld: %(value)s."),
    "municipality_asked": _l("Opdrachtgever en doelgroep blijven zoals ze zijn: de gemeente vroeg hoe het gaat."),
    "not_taken": _l("Niet overgenomen: %(value)s."),
    "number_dropped": _l("Nummer %(value)s is van iemand anders. Deze cursist krijgt een nieuw nummer."),
    "restricted": _l("Deze persoon is afgeschermd. Vraag de privacymedewerker."),
}
SKIPPED: dict[str, LazyString] = {
    "above": _l("Dit staat boven de lijst."),
    "group_title": _l("De naam van een groep: voor de rijen eronder."),
    "header_again": _l("Namen van kolommen."),
    "heading": _l("Een kop over meer kolommen."),
    "no_learners": _l("Dit blad wordt niet ingelezen."),
    "numbers": _l("Alleen getallen, zonder naam of nummer van een cursist."),
    "outside": _l("Onder de gekozen kolommen staat niets."),
    "remark": _l("Een opmerking onder de lijst."),
    "title": _l("Een titel boven een lijst."),
    "total": _l("Een totaal."),
}
KIND_OF_FILE: dict[str, LazyString] = {
    "picture": _l("een plaatje"),
    "pdf": _l("een pdf"),
    "text document": _l("een tekstdocument"),
    "archive": _l("een zipbestand"),
    "web page": _l("een webpagina"),
    "presentation": _l("een presentatie"),
    "other program": _l("een bestand van een ander programma"),
    "numbers": _l("een bestand van Numbers"),
    "pages": _l("een bestand van Pages"),
    "keynote": _l("een presentatie van Keynote"),
}

WAY_ON: dict[str, LazyString] = {
    "text document": _l("Kopieer de tabel naar een leeg werkblad, sla dat op als .xlsx en lees het in."),
    "pdf": _l("Vraag om het werkblad waarvan deze pdf is gemaakt."),
    "picture": _l("Vraag om het werkblad waarvan dit plaatje is gemaakt."),
    "web page": _l("Open het in Excel, kies Opslaan als, Excel-werkmap (.xlsx), en lees dat bestand in."),
    "archive": _l("Pak het uit en lees het werkblad in dat erin zit."),
    "presentation": _l("Kopieer de tabel naar een leeg werkblad, sla dat op als .xlsx en lees het in."),
    "other program": _l("Kies in dat programma Exporteren, Excel of csv, en lees dat bestand in."),
}


def target_label(key: str) -> LazyString:
    """Return what a target, or a field in a change, is called. Raises LookupError for one that nobody declared."""
    own, field = _OWN_LABELS.get(key), find_field(key)
    if own is not None:
        return own
    if field is None:
        raise LookupError(f"nothing is called {key}")
    return field.label


def reason(code: str, facts: Mapping[str, Any]) -> str:
    """Return the words for a refused row."""
    words = REASONS.get(f"{code}_{facts.get('why')}") or REASONS.get(code)
    if code == DIFFERS:
        facts = {name: result_text(value) for name, value in facts.items()}
    return str(words) % facts if words is not None else _("Dit kan niet worden bewaard.")


def note_text(code: str, facts: Mapping[str, Any]) -> str:
    """Return the words for what of a row was read in another way than it stands."""
    return str(NOTES[code]) % facts


def file_reason(code: str, facts: Mapping[str, Any]) -> str:
    """Return the words for a refused file."""
    words = str(FILE_REASONS.get(code) or FILE_REASONS["error"]) % facts
    kind = str(facts.get("kind"))
    if kind not in KIND_OF_FILE:
        return words
    told = [words, _("Dit is %(kind)s.", kind=KIND_OF_FILE[kind]), str(WAY_ON.get(kind, ""))]
    return " ".join(part for part in told if part)


_ACTS = choices([("", _l("geen: vrijwillig"))] + [(act.value, ACTS[act]) for act in Act if act is not Act.VOLUNTARY])


class UploadForm(Form):
    """A workbook."""

    workbook = FileField(_l("Bestand"), validators=[FileRequired(_l("Kies een bestand."))])


class StepForm(Form):
    """A button that does something: nothing is filled in."""


class DecisionForm(Form):
    """Whom a row is about."""

    row = StringField()
    decision = SelectField(_l("Wie is dit?"), validate_choice=False)


class ValuesForm(Form):
    """Whose values count where a learner changed hers herself: the learner's ("learner") or the file's ("file")."""

    whose = StringField()


class ForAllForm(Form):
    """What goes for all rows that don't say it themselves: the act, or who pays."""

    messages: ClassVar[Mapping[str, Any]] = {"choice_unknown": _l("Kies iets uit de lijst.")}

    act = SelectField(_l("Deze wet geldt voor alle rijen zonder wet"), choices=_ACTS, validate_choice=False)
    client = SelectField(
        _l("Deze opdrachtgever geldt voor alle rijen zonder opdrachtgever"), choices=[], validate_choice=False
    )

    def offer(self, clients: Iterable[tuple[str, str]]) -> None:
        """Offer these clients: id and name."""
        self.client.choices = choices([("", _l("kies een opdrachtgever")), *clients])


class ColumnsForm(Form):
    """Where the columns go; `columns_form` adds a choice for each column."""

    messages: ClassVar[Mapping[str, Any]] = {
        "not_in_policy": _l("Uw school bewaart dit niet. Het hoort bij: %(category)s."),
        "chosen_twice": _l("Dit staat bij nog een kolom. Kies het één keer."),
        "unknown_target": _l("Kies iets uit de lijst."),
        "nobody_named": _l("Kies een kolom met het nummer, het BSN of de naam van de cursist."),
        "no_sheet": _l("Kies minstens één blad."),
        "choice_unknown": _l("Kies iets uit de lijst."),
    }

    act = SelectField(
        _l("Welke wet, als het bestand die niet noemt?"),
        choices=_ACTS,
        validate_choice=False,
    )


def columns_form(sheets: Sequence[SheetColumns], policy: Policy) -> Any:
    """Return the form class with a choice for each column of each sheet, and a ground for what needs one."""
    fields = column_fields(sheets, LEARNER_TARGETS, policy)
    for key in grounds_asked(sheets, policy):
        label = _l("Waarom mag de school dit bewaren? %(field)s", field=target_label(key))
        fields[_ground(key)] = StringField(label, validators=[Length(max=300)])
    return type("ColumnsOfFile", (ColumnsForm,), fields)


def column_fields(sheets: Sequence[SheetColumns], targets: Iterable[str], policy: Policy) -> dict[str, Any]:
    """Return by name a choice for each column of each sheet among these targets, as far as the school keeps them."""
    kept = [(key, target_label(key)) for key in targets if is_kept(key, policy)]
    offered = choices([("", _l("niet overnemen")), *kept])
    fields: dict[str, Any] = {}
    for index, sheet in enumerate(sheets):
        if sheet.follows is not None:
            continue
        fields[f"s{index}used"] = BooleanField(_l("Dit blad inlezen"), default=sheet.is_used)
        for position, label in enumerate(sheet.labels):
            if label:
                fields[column_field(index, position)] = SelectField(
                    label, choices=offered, default=sheet.targets.get(position, ""), validate_choice=False
                )
    return fields


def grounds_asked(sheets: Iterable[SheetColumns], policy: Policy) -> list[str]:
    """Return the targets among the columns that the school may keep only with a ground (OP-04)."""
    chosen = dict.fromkeys(key for sheet in sheets for key in sheet.targets.values())
    return [key for key in chosen if any(policy.needs_ground(field) for field in TARGETS[key].fields)]


def _is_used(form: Any, index: int, sheets: Sequence[SheetColumns]) -> bool:
    """Say whether a sheet is ticked; of a single one nothing is asked."""
    asked = sum(sheet.follows is None for sheet in sheets)
    return sheets[index].follows is None and (asked == 1 or bool(form[f"s{index}used"].data))


def _ground(key: str) -> str:
    return "ground_" + key.replace(".", "_")


def chosen_columns(form: Any, sheets: Sequence[SheetColumns], policy: Policy) -> dict[str, Any]:
    """Return what the form says, as `choose_columns` takes it."""
    grounds = {key: form[_ground(key)].data or "" for key in grounds_asked(sheets, policy)}
    return {**chosen_targets(form, sheets), "options": {"act": form.act.data or None, "grounds": grounds}}


def chosen_targets(form: Any, sheets: Sequence[SheetColumns]) -> dict[str, Any]:
    """Return where the form lets the columns of each sheet go, and which sheets are read."""
    chosen = [
        {
            position: form[column_field(index, position)].data or ""
            for position, label in enumerate(sheet.labels)
            if label and sheet.follows is None
        }
        for index, sheet in enumerate(sheets)
    ]
    return {"choices": chosen, "used": [_is_used(form, index, sheets) for index in range(len(sheets))]}
