"""How a learner is found and put in order."""

from portal.learners.search.keys import found_by


def test_an_email_address_can_be_found_by_a_part() -> None:
    found = found_by({"given_name": "Jan", "email": "Jan.Smit@example.org"})
    assert "jan.smit@example.org" in str(found["search_text"])


def test_names_sort_the_dutch_way() -> None:
    people = [("Fatima", "van der", "Berg"), ("Ali", None, "Berg-Smit"), ("Bas", None, "Berg"), ("Eva", "de", "Aa")]
    names = sorted(
        str(found_by({"given_name": given, "name_prefix": prefix, "family_name": family})["sort_name"])
        for given, prefix, family in people
    )
    assert names == ["aa  eva de", "berg  bas", "berg  fatima van der", "berg smit  ali"]
