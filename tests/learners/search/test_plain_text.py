"""Text as it is compared."""

from portal.learners.search.plain_text import fold


def test_a_name_is_found_without_accents_capitals_and_apostrophes() -> None:
    assert fold("Şükrü  D’Ángelo-Łuk") == "sukru dangelo luk"


def test_letters_of_another_script_stay() -> None:
    assert fold("أمينة") == "أمينة".replace("أ", "ا")


def test_signs_that_nobody_sees_are_looked_past() -> None:
    assert fold("Fati\u00adma\u2069") == fold("fatima")
    assert fold("می\u200cخواهم") == fold("میخواهم")
