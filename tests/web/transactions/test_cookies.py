"""The cookie is read once for a minute, and never believed where it was altered or made with another key."""

import pytest
from flask import Flask, flash, session
from werkzeug.test import EnvironBuilder

from portal.web.transactions import Sessions


@pytest.fixture
def plain() -> Flask:
    app = Flask("plain")
    app.secret_key = "a key of this test alone"
    app.session_interface = Sessions()
    app.add_url_rule("/put/<word>", view_func=put, endpoint="put")
    app.add_url_rule("/say", view_func=say, endpoint="say")
    app.add_url_rule("/get", view_func=get, endpoint="get")
    return app


def put(word: str) -> str:
    session["word"] = word
    return ""


def say() -> str:
    flash("Bewaard")
    return str(len(session["_flashes"]))


def get() -> str:
    return str(session.get("word", "nothing"))


def asked(app: Flask, cookie: str) -> str:
    builder = EnvironBuilder(path="/get", headers={"Cookie": f"session={cookie}"})
    return app.test_client(use_cookies=False).open(builder).get_data(as_text=True)


def test_what_was_put_is_read_again_and_again(plain: Flask) -> None:
    client = plain.test_client()
    client.get("/put/amina")
    assert [client.get("/get").get_data(as_text=True) for _ in range(3)] == ["amina"] * 3
    client.get("/put/oleh")
    assert client.get("/get").get_data(as_text=True) == "oleh"


def test_an_altered_cookie_is_not_believed(plain: Flask) -> None:
    client = plain.test_client()
    client.get("/put/amina")
    cookie = client.get_cookie("session")
    assert cookie is not None
    assert asked(plain, cookie.value) == "amina"
    assert asked(plain, cookie.value[:-3] + "aaa") == "nothing"
    assert asked(plain, "x" + cookie.value) == "nothing"


def test_what_one_request_changes_is_not_in_anothers(plain: Flask) -> None:
    client = plain.test_client()
    client.get("/put/amina")
    before = client.get_cookie("session")
    client.get("/put/oleh")
    assert before is not None
    assert asked(plain, before.value) == "amina"


def test_what_is_said_once_is_not_said_again_by_the_same_cookie(plain: Flask) -> None:
    client = plain.test_client()
    client.get("/say")
    before = client.get_cookie("session")
    assert before is not None
    for _ in range(3):
        builder = EnvironBuilder(path="/say", headers={"Cookie": f"session={before.value}"})
        assert plain.test_client(use_cookies=False).open(builder).get_data(as_text=True) == "2"


def test_an_answer_that_read_it_says_so(plain: Flask) -> None:
    client = plain.test_client()
    client.get("/put/amina")
    assert client.get("/get").headers["Vary"] == "Cookie"
