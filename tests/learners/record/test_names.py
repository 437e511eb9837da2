"""Names the Dutch way."""

import pytest

from portal.learners.record.names import split_family_name, split_full_name


@pytest.mark.parametrize(
    ("text", "prefix", "family"),
    [
        ("Berg", None, "Berg"),
        ("Berg, van der", "van der", "Berg"),
        ("van der Berg", "van der", "Berg"),
        ("Van der Berg", "van der", "Berg"),
        ("Berg (van der)", "van der", "Berg"),
        ("Berg,van den", "van den", "Berg"),
        ("in ’t Veld", "in 't", "Veld"),
        ("'t Hart", "'t", "Hart"),
        ("de Vries-van Dijk", "de", "Vries-van Dijk"),
        ("El Idrissi", None, "El Idrissi"),
        ("El Idrissi, ", None, "El Idrissi"),
        ("Do", None, "Do"),
        ("Do Thi", None, "Do Thi"),
        ("dos Santos", "dos", "Santos"),
        ("van", None, "van"),
        ("d'Souza", None, "d'Souza"),
    ],
)
def test_what_stands_before_a_surname(text: str, prefix: str | None, family: str) -> None:
    assert split_family_name(text) == (prefix, family)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Berg, Fatima van der", ("Fatima", "van der", "Berg")),
        ("van der Berg, Fatima", ("Fatima", "van der", "Berg")),
        ("Jan de Vries", ("Jan", "de", "Vries")),
        ("Jan Peter van den Heuvel", ("Jan Peter", "van den", "Heuvel")),
        ("Anna in 't Veld", ("Anna", "in 't", "Veld")),
        ("Yusuf Ali", ("Yusuf", None, "Ali")),
        ("Fatima El Amrani", ("Fatima", None, "El Amrani")),
        ("Maria dos Santos", ("Maria", "dos", "Santos")),
        ("Öz, Ali", ("Ali", None, "Öz")),
        ("van der Berg", ("", "van der", "Berg")),
        ("Pelé", ("", None, "Pelé")),
    ],
)
def test_a_whole_name_in_one_column(text: str, parts: tuple[str, str | None, str]) -> None:
    assert split_full_name(text) == parts
