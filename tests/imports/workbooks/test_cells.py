"""One cell to the values in it, with what isn't taken over."""

from datetime import date
from typing import Any

import pytest

from portal.imports.workbooks.cells import read_cell
from portal.imports.workbooks.dates import Unusable
from portal.imports.workbooks.targets import TARGETS

TODAY = date(2026, 11, 28)


def read(key: str, cell: Any) -> tuple[dict[str, object], list[str]]:
    left: list[tuple[str, str]] = []
    values = read_cell(TARGETS[f"learner.{key}"], cell, today=TODAY, left=left)
    return {name.partition(".")[2]: value for name, value in values.items()}, [text for _code, text in left]


@pytest.mark.parametrize(
    ("cell", "phones", "left"),
    [
        ("06-12345601 / 06-12345602", ("+31612345601", "+31612345602"), []),
        ("0612345603 of 0101234567", ("+31612345603", "+31101234567"), []),
        ("+31612345605;+31612345606", ("+31612345605", "+31612345606"), []),
        ("06 12345604 (man)", ("+31612345604",), ["(man)"]),
        ("0612345601, 0612345602, 0612345603", ("+31612345601", "+31612345602"), ["+31612345603"]),
        ("06-12345601 06-12345602", ("+31612345601", "+31612345602"), []),
        ("06-12345601\n06-12345602", ("+31612345601", "+31612345602"), []),
        ("06-12345601 en 06-12345601", ("+31612345601",), []),
        ("geen", (), ["geen"]),
        ("vraag na", (), ["vraag na"]),
    ],
)
def test_phones(cell: str, phones: tuple[str, ...], left: list[str]) -> None:
    values, rest = read("phone", cell)
    assert (tuple(values.values()), rest) == (phones, left)
    assert list(values) == ["phone", "phone_other"][: len(phones)]


@pytest.mark.parametrize(
    ("cell", "email", "left"),
    [
        ("b@example.org of c@example.org", "b@example.org", ["c@example.org"]),
        ("b@example.org; c@example.org", "b@example.org", ["c@example.org"]),
        ("privé: b@example.org", "b@example.org", ["privé:"]),
        ("volgt", None, ["volgt"]),
    ],
)
def test_emails(cell: str, email: str | None, left: list[str]) -> None:
    values, rest = read("email", cell)
    assert (values.get("email"), rest) == (email, left)


@pytest.mark.parametrize(
    ("key", "cell", "code"),
    [
        ("house_number", date(2026, 2, 12), "became_date"),
        ("house_number", "12-feb", "became_date"),
        ("number", "1,00E+03", "became_number"),
        ("number", "1.23457E+11", "became_number"),
        ("city", 0.0, "only_figures"),
        ("birth_country", "0", "only_figures"),
        ("city", "#REF!", "formula_error"),
        ("city", "#WAARDE!", "formula_error"),
        ("phone", "Err:502", "formula_error"),
        ("number", "########", "formula_error"),
        ("bsn", 5244171.0, "bsn_short"),
        ("bsn", "1234567", "bsn_invalid"),
        ("family_name", "Y?ld?z", "letters_lost"),
        ("email", "b(at)example.org", "email_invalid"),
        ("phone", "0612", "phone_invalid"),
    ],
)
def test_what_something_else_was_made_of_is_refused(key: str, cell: Any, code: str) -> None:
    with pytest.raises(Unusable) as refused:
        read(key, cell)
    assert refused.value.code == code


def test_titles_and_brackets_are_no_part_of_a_name() -> None:
    assert read("full_name", "Yıldız, Şükrü (v)") == ({"full_name": "Yıldız, Şükrü"}, ["(v)"])
    assert read("full_name", "Mevr. A. Jansen") == ({"full_name": "A. Jansen"}, ["Mevr."])
    assert read("family_name", "Berg (van der)") == ({"family_name": "Berg (van der)"}, [])


def test_a_dash_says_that_there_is_no_such_name() -> None:
    assert read("family_name", "-") == ({"family_name": "-"}, [])
    assert read("city", "-") == ({}, [])
