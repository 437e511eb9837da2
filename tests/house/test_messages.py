"""What is said once after a change travels in the session's cookie, which can be read: it names nobody."""

import ast
from collections.abc import Iterator
from pathlib import Path

from flask.sessions import SecureCookieSessionInterface

from tests.house.test_addresses import HERE
from tests.page_client import PageClient
from tests.signing_in import SignIn

ROOT = Path(__file__).resolve().parents[2] / "portal"
# What may fill in such a text: numbers, that of a request among them, and what the portal itself calls something.
FILLED_IN = {"num", "field", "request_number"}


def filled_in(code: str) -> Iterator[str]:
    """Yield what fills in the texts that are said after a change."""
    for call in ast.walk(ast.parse(code)):
        if not isinstance(call, ast.Call):
            continue
        is_flash = isinstance(call.func, ast.Name) and call.func.id == "flash"
        said = call.args[:1] if is_flash else [each.value for each in call.keywords if each.arg == "said"]
        for text in said:
            for inner in ast.walk(text):
                if isinstance(inner, ast.Call):
                    yield from (each.arg or "**" for each in inner.keywords)


def test_no_text_that_is_said_after_a_change_is_filled_in_with_a_name() -> None:
    assert list(filled_in('flash(_("%(name)s", name=x), "good")')) == ["name"]
    codes = {path: path.read_text() for path in ROOT.rglob("*.py") if "demo" not in path.parts}
    assert sum(code.count("flash(") for code in codes.values()) > 30
    odd = [f"{path.relative_to(ROOT)}: {name}" for path, code in codes.items() for name in filled_in(code)]
    assert [each for each in odd if each.rpartition(" ")[2] not in FILLED_IN] == []


def test_the_cookie_after_adding_somebody_names_nobody(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "administration")
    new = {"given_name": "Quirina", "family_name": "Kwik", "birth_date": "4-5-1990", "source": "learner", "channel": ""}
    assert client.host == HERE.host
    client.get("/cursisten/nieuw")
    assert client.post("/cursisten/nieuw", new).status_code == 303
    cookie = client.browser.get_cookie("__Host-inzage", domain=client.host)
    assert cookie is not None
    reader = SecureCookieSessionInterface().get_signing_serializer(client.app)
    assert reader is not None
    held = reader.loads(cookie.value)
    assert held["_flashes"]
    assert "Quirina" not in str(held)
