"""How a learner is found and put in order."""

from portal.learners.search.keys import fold, found_by


def test_a_name_is_found_without_accents_capitals_and_apostrophes() -> None:
    assert fold("Şükrü  D’Ángelo-Łuk") == "sukru dangelo luk"


def test_letters_of_another_script_stay() -> None:
    assert fold("أمينة") == "أمينة".replace("أ", "ا")


def test_an_email_address_can_be_found_by_a_part() -> None:
    assert "jan.smit@example.org" in found_by({"given_name": "Jan", "email": "Jan.Smit@example.org"})["search_text"]


def test_names_sort_the_dutch_way() -> None:
    people = [("Fatima", "van der", "Berg"), ("Ali", None, "Berg-Smit"), ("Bas", None, "Berg"), ("Eva", "de", "Aa")]
    names = sorted(
        found_by({"given_name": given, "name_prefix": prefix, "family_name": family})["sort_name"]
        for given, prefix, family in people
    )
    assert names == ["aa  eva de", "berg  bas", "berg  fatima van der", "berg smit  ali"]
