"""A request reads its body before it has a connection, commits before its answer leaves, and leaves nothing behind."""

import io
from contextvars import ContextVar
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from portal.core.db.session import session
from portal.core.http.access import current_actor, public
from portal.web import lifecycle
from portal.web.lifecycle import GetChanges
from tests.factories.learners import make_learner
from tests.page_client import PageClient
from tests.signing_in import SignIn

LEFT: ContextVar[str | None] = ContextVar("left", default=None)


class Body(io.BytesIO):
    """A body that says whether a transaction waited while it was read."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.waited: list[bool] = []

    def read(self, size: int | None = -1, /) -> bytes:
        self.waited.append(session().in_transaction())
        return super().read(size)

    def readinto(self, buffer: Any, /) -> int:
        self.waited.append(session().in_transaction())
        return super().readinto(buffer)


@pytest.fixture
def view(app: Flask, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the page that says that she is signed out does instead, as `run`."""
    what: dict[str, Any] = {"run": lambda: None}

    @public
    def signed_out() -> Any:
        what["run"]()
        return "x", 200, {"Content-Type": "text/plain"}

    monkeypatch.setitem(app.view_functions, "accounts.signed_out", signed_out)
    return what


def test_no_body_is_read_while_a_transaction_waits(client: PageClient) -> None:
    client.get("/aanmelden")
    form = f"csrf_token={client.token}&taal=en".encode()
    body = Body(form)
    answer = client.browser.post(
        "/taal",
        base_url=client.base,
        input_stream=body,
        content_length=len(form),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 303
    assert body.waited
    assert not any(body.waited)


def test_a_body_that_is_too_large_is_refused_within_the_bars(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "teacher")
    answer = client.post("/taal", {"taal": "en"}, environ_overrides={"CONTENT_LENGTH": str(65 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "/vandaag" in answer.text


def test_a_form_without_its_token_is_refused_in_words(client: PageClient) -> None:
    answer = client.browser.post("/taal", base_url=client.base, data={"taal": "en"})
    assert answer.status_code == 422
    assert answer.headers.getlist("Set-Cookie") == [] or "__Host-taal" not in str(answer.headers)


def test_nothing_that_a_request_set_is_there_for_the_next(client: PageClient, view: dict[str, Any]) -> None:
    seen: list[Any] = []

    def run() -> None:
        seen.append((LEFT.get(), current_actor()))
        LEFT.set("something")

    view["run"] = run
    for _ in range(2):
        client.get("/uitgelogd")
    assert seen == [(None, None), (None, None)]
    assert LEFT.get() is None
    assert not session().in_transaction()


def test_a_get_that_would_change_something_is_a_fault(client: PageClient, view: dict[str, Any]) -> None:
    caught: list[Exception] = []

    def run() -> None:
        try:
            make_learner()
            session.flush()
        except GetChanges as error:
            caught.append(error)
            raise

    view["run"] = run
    assert client.get("/uitgelogd").status_code == 500
    assert len(caught) == 1


def test_a_commit_that_fails_is_a_fault_and_says_so(client: PageClient, view: dict[str, Any]) -> None:
    def run() -> None:
        with pytest.raises(Exception, match="division"), session.begin_nested():
            session.execute(text("select 1 / 0"))
        session.execute(text("create temporary table twice (n integer unique deferrable initially deferred)"))
        session.execute(text("insert into twice values (1), (1)"))
        session.execute(text("set constraints all immediate"))

    view["run"] = run
    answer = client.get("/uitgelogd")
    assert answer.status_code == 500
    assert "Nummer van deze fout" in answer.text


def test_with_the_database_away_it_is_said_that_it_is_our_fault(
    app: Flask, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_host: str) -> None:
        raise OperationalError("select", {}, Exception("away"))

    monkeypatch.setattr(lifecycle, "begin_by_host", away)
    answer = app.test_client().get("/vandaag", base_url="https://lest-best.localhost")
    assert answer.status_code == 500
    assert "Nummer van deze fout" in answer.text
