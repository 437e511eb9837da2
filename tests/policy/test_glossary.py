"""A hard word is explained one tap away: once on a page, in the reader's language, not for staff."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from markupsafe import Markup

from portal.policy.glossary import TERMS, new_terms
from tests.page_client import PageClient


@pytest.fixture
def page(app: Flask) -> Iterator[None]:
    """A page under way."""
    with app.test_request_context("/"):
        yield


@pytest.mark.usefixtures("page")
def test_a_term_is_explained_below_the_part_that_holds_it_first() -> None:
    assert [term.key for term in new_terms(Markup("<p>Uw <b>Opdrachtgever</b> betaalt.</p>"))] == ["client"]
    assert new_terms(Markup("De opdrachtgevers.")) == []


@pytest.mark.usefixtures("page")
def test_a_part_of_a_word_or_of_an_address_is_no_term() -> None:
    part = Markup('<a href="/bsn" id="iban">een begeleidersgesprek, ongeoorloofd</a>')
    assert [term.key for term in new_terms(part)] == ["unauthorised"]


@pytest.mark.parametrize(("code", "text"), [("en", "Your client pays."), ("ar", "تدفع الجهة الممولة")])
def test_a_term_is_found_in_the_language_of_the_page(app: Flask, code: str, text: str) -> None:
    with app.test_request_context("/", headers={"Accept-Language": code}):
        assert [term.key for term in new_terms(Markup("<p>{}</p>").format(text))] == ["client"]


@pytest.mark.parametrize("code", ["nl", "en", "ar"])
def test_no_two_terms_share_a_form(app: Flask, code: str) -> None:
    with app.test_request_context("/", headers={"Accept-Language": code}):
        forms = [form.lower() for term in TERMS for form in str(term.forms).split("|")]
    assert len(forms) == len(set(forms))
    assert not [form for form in forms if not re.fullmatch(r"[\w' \-]+", form)]


@pytest.mark.parametrize(("code", "meaning"), [("nl", "Wie de cursus betaalt"), ("ar", "من يدفع ثمن الدورة")])
def test_the_statement_has_a_button_for_each_hard_word_and_its_meaning(
    client: PageClient, code: str, meaning: str
) -> None:
    html = client.get("/privacy", language=code).text

    assert html.count('popovertarget="term-client"') == html.count('popover class="meaning" id="term-client"') == 1
    assert meaning in html
