"""Which notes read like a diagnosis, in three languages, and which don't."""

import pytest

from portal.core.health_terms import find_health_word


@pytest.mark.parametrize(
    ("note", "word"),
    [
        ("Ik ben ZIEK.", "ZIEK"),
        ("Mijn zoon heeft koorts", "koorts"),
        ("ik heb hoofdpijn", "hoofdpijn"),
        ("naar het Kinderziekenhuis", "Kinderziekenhuis"),
        ("Ik heb een burn-out", "burn-out"),
        ("I am ill today", "ill"),
        ("I have to see a doctor.", "doctor"),
        ("أنا مريضة اليوم", "مريضة"),
        ("عندي موعد في المستشفى", "المستشفى"),
        ("أنا مَرِيض", "مَرِيض"),
        ("عندي ألم", "ألم"),
    ],
)
def test_a_word_about_health_is_found_as_it_was_typed(note: str, word: str) -> None:
    assert find_health_word(note) == word


@pytest.mark.parametrize(
    "note",
    [
        "",
        "Ik kom een half uur later thuis van mijn werk.",
        "Ik heb een afspraak bij de gemeente Utrecht",
        "Mijn kind is vrij van school, bevalt dat?",
        "I will be at work, I'll be back on Monday",
        "عندي موعد في البلدية",
        "المدرسة مغلقة، هذا صحيح",
        "سأذهب بنفسي إلى عملي",
    ],
)
def test_other_words_are_left_alone(note: str) -> None:
    assert find_health_word(note) is None
