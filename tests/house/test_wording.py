"""One thing has one word: another that was used for it doesn't come back."""

import re
from io import BytesIO
from pathlib import Path

from babel.messages.pofile import read_po

from portal.web.navigation import GROUP, ONE_LEARNER, STAFF
from tests.catalogues import source_texts

INSTEAD = {
    "Bewaar": "Opslaan",
    "Bewaar evaluatie": "Evaluatie opslaan",
    "Bewaar notitie": "Notitie opslaan",
    "Bewaar uitslag": "Uitslag opslaan",
    "Bewaren": "Opslaan",
    "Schrijf in": "Inschrijven",
    "Stop": "Beëindigen",
    "Verteld": "Ik heb het verteld",
    "Schoolnummer": "Cursistnummer",
    "Uw schoolnummer": "Uw cursistnummer",
    "Draai terug": "Ongedaan maken",
    "Draai het inlezen terug": "Maak het inlezen ongedaan",
    "E-mailadres of schoolnummer": "E-mailadres of cursistnummer",
}
"""A text that isn't used any more, and the one in its place."""

REGISTERS = ("attendance.open_registers", "hours.group_figures", "hours.learner_attendance")


def test_a_thing_has_one_word() -> None:
    texts = source_texts()
    assert not INSTEAD.keys() & texts
    assert set(INSTEAD.values()) <= texts


def test_storing_is_called_opslaan_and_bewaren_is_keeping() -> None:
    stored = [text for text in source_texts() if re.search(r"\b[Bb]ewaar\b", text)]
    assert [text for text in stored if "op een veilige plek" not in text] == []


def test_taking_back_is_called_ongedaan_maken() -> None:
    assert [text for text in source_texts() if re.search(r"terug(ge)?draai|[Dd]raai(de)? .*terug", text)] == []


def test_restricting_is_called_afschermen_for_learners_too() -> None:
    """What the law calls restriction has the one word that policies use, with its meaning beside it (AVG art. 18)."""
    other = re.compile(r"\b[Ss]til(zet|gezet|sta)|\b(staat|staan|stond|stonden|zet|zette)\b.*\bstil\b|\bstil te zetten")
    assert [text for text in source_texts() if other.search(text)] == []
    for language in ("en", "ar"):
        path = Path("portal/translations") / language / "LC_MESSAGES" / "messages.po"
        said = [str(row.string) for row in read_po(BytesIO(path.read_bytes())) if row.id]
        assert [text for text in said if re.search(r"\bst(and(s|ing)?|ood) still|بيانات(ك)? م(توقف|وقوف)", text)] == []


def test_staff_call_the_register_presentie_on_every_page() -> None:
    labels = {str(place.endpoint): str(place.label) for place in (*STAFF, *GROUP, *ONE_LEARNER)}
    assert {labels[each] for each in REGISTERS} == {"Presentie"}


def test_who_is_addressed_hebt_and_heeft_is_somebody_else() -> None:
    said = [text for text in source_texts() if re.search(r"\bU heeft\b|(?<!school )\b[Hh]eeft u\b", text)]
    assert said == []


def test_a_list_in_a_page_has_the_comma_of_its_language() -> None:
    """Templates join by `listed` or `comma()`: Arabic has a comma of its own."""
    of_dutch_alone = re.compile(r"""join\(", "\)|\}\}, \{\{|%\}, \{\{|~ ", " ~""")
    wrong = [str(path) for path in Path("templates").rglob("*.html") if of_dutch_alone.search(path.read_text())]
    assert wrong == []
