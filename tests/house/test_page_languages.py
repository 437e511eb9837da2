"""A page in another language says nothing of the portal's own in Dutch, and names a law in Dutch, marked as such."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import html5lib
import pytest
from babel.messages.pofile import read_po
from flask import Flask

from portal.core.db.scope import in_school
from portal.learners.record.fields import LEARNER_FIELDS
from portal.learners.record.models import MaritalStatus
from portal.permissions import Role
from tests.catalogues import singular
from tests.factories.whole_school import make_whole, pages_of
from tests.page_client import PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn

TRANSLATIONS = Path(__file__).resolve().parents[2] / "portal" / "translations"
LAW = re.compile(r"\b(Wet (inburgering|financiering)|Algemene wet|AVG|UAVG)\b")
LOANWORDS = {"cookies"}
WORKBOOK, CERTIFICATE = "/inlezen/", "/wisbewijs/"
LETTERS = {"requests.letter", "requests.complaint_letter"}  # in the language of who reads them
"""The first show the heads of a sheet as somebody brought it, the other is in the language of whom it is about."""


def dutch_messages(language: str) -> set[str]:
    """Return the Dutch texts that are written otherwise in this language."""
    catalogue = read_po(BytesIO((TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").read_bytes()), language)
    other = {singular(each.id) for each in catalogue if each.id and each.string != each.id}
    same = {text for each in catalogue for text in ([each.string] if isinstance(each.string, str) else each.string)}
    return {text.lower() for text in other} - {text.lower() for text in same} - LOANWORDS


def texts_of(element: Any, language: str) -> Iterator[tuple[str, str]]:
    """Yield each text below an element with the language that it is marked as; nothing that is a name."""
    language = element.get("lang", language)
    if element.get("translate") == "no" or element.tag in ("script", "style", "select", "textarea"):
        return
    if element.text:
        yield element.text, language
    for child in element:
        if isinstance(child.tag, str):
            yield from texts_of(child, language)
        if child.tail:
            yield child.tail, language


def body_of(page: str) -> Any:
    """Return the body of a page."""
    return html5lib.parse(page, namespaceHTMLElements=False).find("body")


ROLES = [None, Role.LEARNER, Role.TEACHER, Role.ADMINISTRATION, Role.PRIVACY_OFFICER]


@pytest.mark.sample(0.3)
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("role", ROLES)
def test_no_label_and_no_law_is_left_in_dutch(
    app: Flask, database: Any, sign_in: SignIn, role: Role | None, language: str
) -> None:
    here = SCHOOLS[0]
    client = PageClient(app, here.host)
    with in_school(here.id):
        whole = make_whole()
    if role is not None:
        account = whole.teacher if role is Role.TEACHER else None
        sign_in(client, role.value, account=account, learner=whole.scene.amina if role is Role.LEARNER else None)
    with in_school(here.id):
        pages = [each for each in pages_of(app, whole, role, most=1) if each[0] not in LETTERS]
        paths = [path for _, path in pages if not path.startswith((WORKBOOK, CERTIFICATE))]
    known, left = dutch_messages(language), set()
    for path in paths:
        for text, marked in texts_of(body_of(client.get(path, language=language).text), language):
            parts = {part.strip().lower() for part in re.split(r"[·,;:()\n]", text)}
            if marked != "nl" and (parts & known or LAW.search(text)):
                left.add(f"{path}: {text.strip()}")
    assert len(paths) > 5
    assert not left, "\n".join(sorted(left))


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("en", {"residence permit for asylum", "passport", "secondary school", "Syria"}),
        ("ar", {"تصريح إقامة للجوء", "جواز سفر", "المدرسة الثانوية", "سوريا"}),
    ],
)
def test_what_schools_usually_write_is_told_in_the_language_of_the_page(
    app: Flask, language: str, wanted: set[str]
) -> None:
    written = {
        "marital_status": MaritalStatus.WIDOWED, "residence_status": "Verblijfsvergunning asiel",
        "document_kind": "paspoort", "education_level": "middelbare school", "birth_country": "Syrië",
    }  # fmt: skip
    fields = {field.column: field for field in LEARNER_FIELDS}
    with app.test_request_context("/", headers={"Accept-Language": language}):
        told = {fields[name].show(value) for name, value in written.items()}
        assert fields["residence_status"].show("iets anders") == "iets anders"
    assert wanted <= told


def test_the_statement_names_a_law_in_dutch_and_says_what_it_is_about(client: PageClient) -> None:
    page = client.get("/privacy", language="en").text
    assert '<bdi lang="nl" translate="no">Wet inburgering</bdi>: the act on civic integration' in page
