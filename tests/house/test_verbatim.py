"""What a browser's translation would spoil is marked: no name, number, address or code stands in a text that it may
change. Every page that a role may open is read."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.models import Course, LearnerGroup
from portal.imports.models import ImportRun
from portal.learners.record.models import Learner
from portal.organisations.models import ContactPerson, Organisation
from portal.permissions import RESERVED, Role
from tests.factories.whole_school import Whole, make_whole, pages_of
from tests.page_client import PageClient
from tests.seed import SCHOOLS
from tests.signing_in import SignIn

HERE = SCHOOLS[0]
EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Mark-up where a page can hold none: escaped, in a title, in an attribute.
_MARKED_UP = re.compile(r"&lt;bdi|<title[^>]*>[^<]*<bdi|=\"[^\">]*<bdi")
# Never shown, or never changed.
UNSEEN = {"script", "style", "textarea"}
SPOILT: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Learner, ("given_name", "family_name", "number", "email", "phone")),
    (Account, ("name", "email")),
    (LearnerGroup, ("name",)),
    (Course, ("name",)),
    (Organisation, ("name",)),
    (ContactPerson, ("name", "email", "phone")),
    (ImportRun, ("file_name",)),
)
"""What is looked for: the names and numbers of everybody and everything in the school."""


class Reader(HTMLParser):
    """Gathers the texts of a page that a translation may change."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, bool]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note whether what stands in this element stays as it is."""
        if tag in EMPTY:
            return
        said = dict(attrs).get("translate")
        stays = said == "no" or (said != "yes" and bool(self.open) and self.open[-1][1])
        self.open.append((tag, stays or tag in UNSEEN))

    def handle_endtag(self, tag: str) -> None:
        """Leave the element."""
        while any(name == tag for name, _ in self.open) and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Keep a text that may be changed."""
        if data.strip() and not (self.open and self.open[-1][1]):
            self.texts.append(" ".join(data.split()))


def changeable(html: str) -> list[str]:
    """Return the texts of a page that a translation may change."""
    reader = Reader()
    reader.feed(html)
    return reader.texts


def names_here() -> set[str]:
    """Return the names and numbers of the school in scope that are long enough to be nothing else."""
    found = {
        " ".join(str(value).split())
        for model, columns in SPOILT
        for row in session.scalars(select(model))
        for value in (getattr(row, column) for column in columns)
        if value
    }
    return {each for each in found if len(each) > 2}


def spoilt(html: str, names: set[str]) -> Iterator[str]:
    """Yield the texts of a page in which a name stands unprotected."""
    for text in changeable(html):
        if any(name in text for name in names):
            yield text


@pytest.fixture
def whole(database: Any) -> Whole:
    with in_school(HERE.id):
        return make_whole()


def test_a_name_in_a_text_is_found() -> None:
    assert list(spoilt("<p>Dag <b>Amina Haddad</b></p>", {"Amina Haddad"})) == ["Amina Haddad"]
    assert not list(spoilt('<p>Dag <b translate="no">van <i>Amina Haddad</i></b></p>', {"Amina Haddad"}))


@pytest.mark.sample(0.5)
@pytest.mark.parametrize("role", [None, *(role for role in Role if role not in RESERVED)])
def test_no_page_lets_a_name_be_translated(app: Flask, whole: Whole, sign_in: SignIn, role: Role | None) -> None:
    client = PageClient(app, HERE.host)
    if role is Role.REPRESENTATIVE:
        sign_in(client, role.value, account=whole.parent)
    elif role is Role.TEACHER:
        sign_in(client, role.value, account=whole.teacher)
    elif role is not None:
        sign_in(client, role.value, learner=whole.scene.amina if role is Role.LEARNER else None)
    with in_school(HERE.id):
        pages = list(pages_of(app, whole, role))
        names = names_here()
    answers = [(endpoint, client.get(path)) for endpoint, path in pages]
    read = [(endpoint, answer.text) for endpoint, answer in answers if answer.mimetype == "text/html"]
    assert not [endpoint for endpoint, html in read if _MARKED_UP.search(html)], "a mark-up is shown as a text"
    found = sorted({f"{endpoint}: {text}" for endpoint, html in read for text in spoilt(html, names)})
    assert not found, "\n".join(found)
    assert 0 < len(read) <= len(pages)
