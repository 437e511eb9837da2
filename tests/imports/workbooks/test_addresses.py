"""An address that stands together is taken apart, and nothing of it gets lost."""

import pytest

from portal.imports.workbooks.addresses import settle_address


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("Kade 12-2, 3011 AB Rotterdam", ("Kade", "12-2", "3011 AB", "Rotterdam")),
        ("Kade 3 hs 3011AB Rotterdam", ("Kade", "3 hs", "3011 AB", "Rotterdam")),
        ("2e Oude Kade 4 A bis 3011 AB", ("2e Oude Kade", "4 A bis", "3011 AB", None)),
        ("Postbus 12, 3000 AA Rotterdam", ("Postbus", "12", "3000 AA", "Rotterdam")),
        ("Plein 1940 12", ("Plein 1940", "12", None, None)),
        ("Laan 4, Utrecht", ("Laan", "4", None, "Utrecht")),
        ("Jan van Galenstraat 15 II", ("Jan van Galenstraat", "15 II", None, None)),
        ("Dorpsstraat 3/4", ("Dorpsstraat", "3/4", None, None)),
        ("Kerkstraat 12-A-3, 3511 ab 's-Gravenhage", ("Kerkstraat", "12-A-3", "3511 AB", "'s-Gravenhage")),
        ("Bij de kerk", ("Bij de kerk", None, None, None)),
    ],
)
def test_in_one_cell(address: str, parts: tuple[str | None, ...]) -> None:
    values: dict[str, object] = {"learner.address": address}
    settle_address(values)
    keys = ("street", "house_number", "postcode", "city")
    assert tuple(values.get(f"learner.{key}") for key in keys) == parts


@pytest.mark.parametrize(
    ("number", "addition", "together"), [("12", "bis", "12 bis"), ("12", "A", "12A"), ("12A", "A", "12A")]
)
def test_what_is_added_to_a_number(number: str, addition: str, together: str) -> None:
    values: dict[str, object] = {"learner.house_number": number, "learner.house_addition": addition}
    settle_address(values)
    assert values == {"learner.house_number": together}


def test_a_column_of_its_own_counts_more() -> None:
    values: dict[str, object] = {"learner.address": "Kade 1, 3011 AB Gouda", "learner.city": "Rotterdam"}
    settle_address(values)
    assert values["learner.city"] == "Rotterdam"
