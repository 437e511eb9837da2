"""A browser without a screen: every page is held to the rules for HTML, titles, labels, ids and headers."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.core.db.scope import begin, commit, current_school_id
from portal.core.db.session import session
from portal.core.http.pages import HEADERS

_NS = "{http://www.w3.org/1999/xhtml}"
_INLINE = {"style", "onclick", "onchange", "onsubmit", "onload", "oninput"}
_UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
_CONTROLS = {f"{_NS}{name}" for name in ("input", "select", "textarea")}
_JUDGED = {"required", "pattern", "min", "max", "minlength", "step"}
_ROW = re.compile(r"[a-z][0-9a-f]{9}")
_JUDGED_KINDS = {"email", "url", "number", "date", "time", "month", "week", "datetime-local"}


_TEXT = re.compile(r"(?<=>)\s*[^<>&\s][^<>&]*(?=<)|(?<=name=\"csrf_token\")[^>]*")
_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{9}")
_found_right: set[int] = set()
"""The outlines of pages that were found right in this process: read again, they would be."""

NOUNS = {path.stem[1:] for path in (Path(__file__).resolve().parent.parent / "templates").rglob("_*.html")}


@contextmanager
def _giving_way() -> Iterator[None]:
    """Commit the test's transaction for a request, which has its own, and begin the next one in the same school."""
    if not session().in_transaction():
        yield
        return
    try:
        school_id: UUID | None = current_school_id()
    except LookupError:
        school_id = None
    commit()
    try:
        yield
    finally:
        begin(school_id)


class Browser(FlaskClient):
    """Flask's client, whose requests are transactions of their own, also within a test's."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request."""
        with _giving_way():
            return super().open(*args, **kwargs)


class PageClient:
    """Gets and posts at one school's host; carries cookies; sends the CSRF token of the page last seen."""

    def __init__(self, app: Flask, host: str) -> None:
        self.app = app
        self.host = host
        self.base = f"https://{host}"
        self.browser = app.test_client()
        self.token = ""

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        """Get a page and check it; `htmx=True` asks for the partial."""
        response = self.browser.get(path, base_url=self.base, headers=self._headers(kwargs), **kwargs)
        check(response)
        self._keep_token(response)
        return response

    def post(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Post a form with its CSRF token; `htmx=True` posts as htmx does."""
        headers = self._headers(kwargs)
        if not self.token:
            self._fetch_token()
        filled = {"csrf_token": self.token, **(data or {})}
        response = self.browser.post(path, base_url=self.base, data=filled, headers=headers, **kwargs)
        check(response)
        return response

    def _fetch_token(self) -> None:
        with self.app.test_request_context(base_url=self.base):
            from flask import session as flask_session
            from flask_wtf.csrf import generate_csrf

            self.token = generate_csrf()
            raw = flask_session["csrf_token"]
        with self.browser.session_transaction(base_url=self.base) as cookie:
            cookie["csrf_token"] = raw

    def _headers(self, kwargs: dict[str, Any]) -> dict[str, str]:
        headers: dict[str, str] = dict(kwargs.pop("headers", {}) or {})
        if kwargs.pop("htmx", False):
            headers.update({"HX-Request": "true", "HX-Request-Type": "partial"})
        language = kwargs.pop("language", None)
        if language:
            headers["Accept-Language"] = language
        headers.setdefault("Accept-Language", "nl")
        return headers

    def _keep_token(self, response: TestResponse) -> None:
        if response.mimetype != "text/html":
            return
        marker = 'name="csrf_token"'
        text = response.get_data(as_text=True)
        at = text.find(marker)
        if at >= 0:
            value = text.find('value="', at)
            self.token = text[value + 7 : text.find('"', value + 7)]


def check(response: TestResponse) -> None:
    """Raise AssertionError where an answer breaks a rule of the house."""
    for name in HEADERS:
        assert name in response.headers, f"{name} is missing"
    if response.mimetype != "text/html" or not response.data or 300 <= response.status_code < 400:
        return
    text = response.get_data(as_text=True)
    outline = _outline(text)
    if outline in _found_right:
        return
    whole = text.lstrip().lower().startswith("<!doctype")
    parser = html5lib.HTMLParser(strict=False)
    tree = parser.parse(text) if whole else parser.parseFragment(text, container=_container(text))
    errors = [(place, kind) for place, kind, _facts in parser.errors if kind not in _IGNORED]
    assert not errors, f"HTML is not valid at {errors[:3]}: {_lines_near(text, errors[0][0])}"
    _check_elements(tree, whole)
    if not whole:
        _check_part(tree)
    _found_right.add(outline)


def _outline(text: str) -> int:
    """Two pages have one outline that differ in plain words and rows' keys alone, the same key in the same places."""
    keys: dict[str, str] = {}
    return hash(_KEY.sub(lambda at: keys.setdefault(at[0], f"key {len(keys)}"), _TEXT.sub("text", text)))


def hidden_in(response: TestResponse, action: str | None = None) -> dict[str, str]:
    """What a page's form to this address carries unseen, as a browser sends it; None: the form to the page itself."""
    tree = html5lib.parse(response.get_data(as_text=True))
    form = next(each for each in tree.iter(f"{_NS}form") if each.get("action") == action)
    hidden = [each for each in form.iter(f"{_NS}input") if each.get("type") == "hidden"]
    return {each.get("name"): each.get("value", "") for each in hidden if each.get("name") != "csrf_token"}


_IGNORED = {"expected-doctype-but-got-start-tag", "expected-doctype-but-got-chars"}


def forms_in(tree: Any) -> list[tuple[Any, list[Any]]]:
    """Each form of a page with its inputs, those that stand outside it and name it included."""
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    forms = [element for element in elements if element.tag == f"{_NS}form"]
    inputs = [element for element in elements if element.tag in _CONTROLS]
    inside = {id(child): form for form in forms for child in form.iter()}
    named = {form.get("id"): form for form in forms if form.get("id")}
    owners = [(named.get(each.get("form")) if each.get("form") else inside.get(id(each)), each) for each in inputs]
    return [(form, [each for owner, each in owners if owner is form]) for form in forms]


def _judged_by_browser(tree: Any) -> list[str]:
    """Forms that the browser would refuse in its own language and its own bubble, before our messages can."""
    return [
        f"{form.get('action')}: {each.get('name')}"
        for form, inputs in forms_in(tree)
        if form.get("novalidate") is None
        for each in inputs
        if _JUDGED & set(each.keys()) or each.get("type") in _JUDGED_KINDS
    ]


def _container(text: str) -> str:
    start = text.lstrip()[:4].lower()
    if start.startswith("<tr"):
        return "tbody"
    if start.startswith(("<td", "<th")):
        return "tr"
    return "div"


def _lines_near(text: str, place: tuple[int, int]) -> str:
    lines = text.splitlines()
    return "\n".join(lines[max(0, place[0] - 2) : place[0] + 1])


def _check_elements(tree: Any, whole: bool) -> None:
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    ids = Counter(element.get("id") for element in elements if element.get("id"))
    assert not [name for name, times in ids.items() if times > 1], f"ids twice: {ids.most_common(3)}"
    judged = _judged_by_browser(tree)
    assert not judged, f"write novalidate on the form, the portal has its own messages: {judged[:3]}"
    labelled = {element.get("for") for element in elements if element.tag == f"{_NS}label"}
    inside = {id(child) for element in elements if element.tag == f"{_NS}label" for child in element.iter()}
    for element in elements:
        bad = _INLINE & set(element.keys())
        assert not bad, f"inline {bad} on {element.tag}"
        if element.tag in _CONTROLS and element.get("type") not in _UNLABELLED:
            named = element.get("aria-label") or element.get("aria-labelledby")
            assert named or element.get("id") in labelled or id(element) in inside, f"no label: {element.attrib}"
        if element.tag in {f"{_NS}script", f"{_NS}link"}:
            address = element.get("src") or element.get("href") or ""
            assert not urlsplit(address).netloc, f"from elsewhere: {address}"
        assert element.tag != f"{_NS}script" or element.get("src"), "an inline script"
    if whole:
        _check_whole(elements)


def _check_part(tree: Any) -> None:
    """A part is one element that htmx can find again: by the noun of its file, or by its own key where it is a row."""
    outer = [element for element in tree if isinstance(element.tag, str)]
    inner = [element for element in outer if element.get("hx-swap-oob") is None]
    assert len(inner) == 1, f"{len(inner)} elements side by side in a part"
    nameless = [element.tag for element in outer if not _is_named(element.get("id") or "")]
    assert not nameless, f"name the outer element of a part after its file: {nameless}"


def _is_named(name: str) -> bool:
    return bool(_ROW.fullmatch(name)) or name in NOUNS


def _check_whole(elements: list[Any]) -> None:
    titles = [element for element in elements if element.tag == f"{_NS}title"]
    assert titles, "no title"
    assert (titles[0].text or "").strip(), "an empty title"
    root = elements[0]
    assert root.get("lang"), "no language"
    assert root.get("dir") in {"ltr", "rtl"}, "no direction"
    headings = [element for element in elements if element.tag == f"{_NS}h1"]
    assert len(headings) == 1, f"{len(headings)} h1 on the page"
