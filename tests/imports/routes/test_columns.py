"""The page of columns asks only about what a person must look at; what is recognised is folded away, with a count."""

from typing import Any

import pytest
from html5lib import parse

from portal.schools.queries import SchoolView
from tests.factories.imports import chosen, handed_in, make_office, sheet_bytes
from tests.page_client import PageClient
from tests.signing_in import SignIn

HEADER = ["Nummer", "Voornaam", "Achternaam", "Geboortedatum", "Reist met", "Leeg"]
ROW = ["501", "Amina", "Berg", "1-9-1990", "trein", None]


def asked_and_folded(page: str) -> tuple[set[str], dict[str, set[str]]]:
    """Return the choices that stand open, and those folded away by the words on the fold."""
    tree: Any = parse(page, namespaceHTMLElements=False)
    folds = {
        " ".join("".join(each.find("summary").itertext()).split()): {found.get("name") for found in each.iter("select")}
        for each in tree.iter("details")
        if each.find(".//select") is not None
    }
    every = {each.get("name") for each in tree.iter("select")} - {"act"}
    return every - {name for names in folds.values() for name in names}, folds


@pytest.fixture
def at_office(client: PageClient, sign_in: SignIn, school: SchoolView) -> PageClient:
    sign_in(client, "administration")
    return client


def test_only_what_isnt_known_stands_open(at_office: PageClient) -> None:
    run = handed_in(sheet_bytes(HEADER, ROW), make_office())
    asked, folded = asked_and_folded(at_office.get(f"/inlezen/{run.id}").get_data(as_text=True))
    assert asked == {"s0c4"}
    assert folded == {
        "4 kolommen herkend": {"s0c0", "s0c1", "s0c2", "s0c3"},
        "1 kolom wordt niet overgenomen": {"s0c5"},
    }


def test_a_column_whose_cells_dont_fit_its_name_is_asked_about(at_office: PageClient) -> None:
    rows = ([str(number), "A", "B", "Utrecht", None, None] for number in range(501, 505))
    run = handed_in(sheet_bytes(HEADER, *rows), make_office())
    page = at_office.get(f"/inlezen/{run.id}").get_data(as_text=True)
    assert asked_and_folded(page)[0] == {"s0c3"}
    assert "Dit past niet bij de naam van de kolom." in page


def test_one_cell_that_doesnt_fit_is_for_the_preview(at_office: PageClient) -> None:
    rows = (["501", "A", "B", "1-9-1990", None, None], ["502", "A", "C", "ergens", None, None])
    run = handed_in(sheet_bytes(HEADER, *rows), make_office())
    page = at_office.get(f"/inlezen/{run.id}").get_data(as_text=True)
    assert asked_and_folded(page)[0] == set()
    assert "Alle kolommen zijn bekend" in page


def test_what_was_chosen_before_isnt_asked_again(at_office: PageClient) -> None:
    office = make_office()
    chosen(handed_in(sheet_bytes(HEADER, ROW), office), office)
    again = handed_in(sheet_bytes(HEADER, ROW), office)
    asked, folded = asked_and_folded(at_office.get(f"/inlezen/{again.id}").get_data(as_text=True))
    assert asked == set()
    assert set(folded) == {"4 kolommen herkend", "2 kolommen worden niet overgenomen"}


def test_a_choice_that_is_refused_stands_open_with_its_message(at_office: PageClient) -> None:
    run = handed_in(sheet_bytes(HEADER, ROW), make_office())
    targets = {f"s0c{position}": target for position, target in run.sheets[0]["targets"].items()}
    answer = at_office.post(f"/inlezen/{run.id}/kolommen", targets | {"s0c1": "learner.family_name"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert asked_and_folded(page)[0] >= {"s0c1"}
    assert "Dit staat bij nog een kolom" in page


def test_the_steps_come_along_when_the_page_fetches_itself_anew(at_office: PageClient) -> None:
    run = handed_in(sheet_bytes(HEADER, ROW), make_office())
    part = at_office.get(f"/inlezen/{run.id}", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert 'id="steps" hx-swap-oob="true"' in part
    assert 'Bijvoorbeeld: <bdi translate="no">501<' in part
