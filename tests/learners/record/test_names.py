"""Names the Dutch way."""

import pytest

from portal.learners.record.names import split_family_name, split_full_name, split_name_fields, without_title


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


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Berg, van der, Fatima", ("Fatima", "van der", "Berg")),
        ("Berg, Fatima, van der", ("Fatima", "van der", "Berg")),
        ("Ahmad, al-, Hodan", ("Hodan", None, "al-Ahmad")),
        ("Ahmad, Hodan al-", ("Hodan", None, "al-Ahmad")),
        ("al-, Hodan", ("", None, "al-Hodan")),
        ("Ben, Ali", ("Ali", None, "Ben")),
        ("Omar al Ahmad", ("Omar", None, "al Ahmad")),
        ("Hart, 't, Jan", ("Jan", "'t", "Hart")),
        ("Suharto -", ("Suharto", None, "-")),
    ],
)
def test_no_part_of_a_name_is_lost_or_moved(text: str, parts: tuple[str, str | None, str]) -> None:
    assert split_full_name(text) == parts


@pytest.mark.parametrize(
    ("fields", "parts"),
    [
        (("Anna", None, "van der Berg"), ("Anna", "van der", "Berg")),
        (("Anna", None, "Berg, van der"), ("Anna", "van der", "Berg")),
        (("Anna van der", None, "Berg"), ("Anna", "van der", "Berg")),
        (("Anna", "Van der", "Berg"), ("Anna", "van der", "Berg")),
        (("Anna", "van der", "Van der Berg"), ("Anna", "van der", "Berg")),
        (("Anna", "de", "van der Berg"), ("Anna", "de", "van der Berg")),
        (("Hodan", None, "Ahmad, al-"), ("Hodan", None, "al-Ahmad")),
        (("Omar", None, "El Amrani"), ("Omar", None, "El Amrani")),
        (("Do", None, "Do"), ("Do", None, "Do")),
    ],
)
def test_three_fields_by_one_rule(fields: tuple[str, str | None, str], parts: tuple[str, str | None, str]) -> None:
    assert split_name_fields(*fields) == parts


def test_a_title_is_no_part_of_a_name() -> None:
    assert without_title("Yıldız, Şükrü (v)") == ("Yıldız, Şükrü", "(v)")
    assert without_title("Dhr. de Vries") == ("de Vries", "Dhr.")
    assert without_title("Ms Ali") == ("Ms Ali", "")
    assert without_title("Jansen (geb. de Wit)") == ("Jansen", "(geb. de Wit)")
