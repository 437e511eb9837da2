"""What Dutch offices write above their columns."""

import pytest

from portal.imports.workbooks.vocabulary import nearly, target_of, targets_of

_WRITTEN = {
    "learner.given_name": "Voorna(a)m(en)|Roepnaam|Voorn.|Voornaam*|V.naam|Vrnaam",
    "learner.initials": "Voorl.|Voorletter(s)",
    "learner.name_prefix": "Tussenv.|Voorv.|Tussenvoegsel(s)",
    "learner.family_name": "Achternaam deelnemer|Fam.naam|Achternaam (verplicht)|Achternaam + tussenvoegsel",
    "learner.full_name": "Naam cursist|Naam, voornaam|Naam (voor- en achternaam)|Volledige naam"
    "|Kandidaten|Naam deelnemer(s)|Cursist",
    "learner.birth_date": "Geb.|Geb.dat.|Datum van geboorte|Gebdatum (dd-mm-jjjj)",
    "learner.birth_country": "Geb.land|Land van herkomst",
    "learner.phone": "Tel.|Mobiel nr.|Telefoonnr. 1|06-nummer|Telefoonnummer (mobiel)",
    "learner.phone_other": "Tel thuis|Tel nr 2|Tel. vast",
    "learner.email": "E-mail privé|E-mailadres cursist|Mail",
    "learner.address": "Straat + huisnr.|Adres + nr|Straat/nr|Adres (straat + huisnummer)",
    "learner.house_addition": "Toev.|Huisnr. toev.",
    "learner.postcode_city": "Postcode/plaats|PC + woonplaats|Pc/woonpl.",
    "learner.city": "Woonpl.|Wpl|Woonplaats",
    "learner.number": "Inschr.nr.|Cursist-ID|Reg.nr.|Cursist: Nr",
    "learner.bsn": "Burgerservicenr.|BSN/sofi|BSN-nr.",
    "learner.gender": "M/V|Gesl.",
    "learner.house_number": "Adres: Nr|Huisnr.",
    "level.speaking": "niveau spreken|Spreekniveau|Niv. spreken",
    "trajectory.starts_on": "Traject: Start",
    "trajectory.ends_on": "Traject: Eind",
    "trajectory.client": "Opdr.gever",
    "group.name": "Klas/groep",
}  # fmt: skip


@pytest.mark.parametrize(("target", "labels"), _WRITTEN.items())
def test_what_an_office_writes_is_recognised(target: str, labels: str) -> None:
    assert {label: target_of(label) for label in labels.split("|")} == dict.fromkeys(labels.split("|"), target)


@pytest.mark.parametrize(
    "label",
    ["Opmerkingen", "Docent", "Lokaal", "Telefoon partner", "Naam moeder", "Traject: Nr", "Volgnr", "#", "*", "(m)"],
)
def test_what_is_about_something_else_is_not(label: str) -> None:
    assert target_of(label) is None


@pytest.mark.parametrize(
    ("label", "target"),
    [("Achtrenaam", "learner.family_name"), ("Geboortdatum", "learner.birth_date"), ("Telefoonumer", "learner.phone")],
)
def test_a_label_nearly_known_is_proposed(label: str, target: str) -> None:
    assert target_of(label) is None
    assert nearly(label) == target


def test_a_number_beside_a_street_is_that_of_a_house() -> None:
    labels = ["Nr", "Voornaam", "Achternaam", "Straat", "Nr.", "Toev.", "Postcode"]
    assert targets_of(labels)[0] == "learner.number"
    assert targets_of(labels)[4:6] == ["learner.house_number", "learner.house_addition"]
