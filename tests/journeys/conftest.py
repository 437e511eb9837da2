"""A real server on a database of its own, and a real browser: for what only a browser can show."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import Engine
from werkzeug.serving import WSGIRequestHandler, make_server

from portal.config import settings
from portal.core.crypto import key_store
from portal.core.db import session as core_database
from portal.core.db.engine import make_engine
from portal.core.db.session import session
from portal.core.jobs import execution
from tests.conftest import use
from tests.database import TestDatabase, cloned
from tests.page_client import PageClient
from tests.signing_in import SignIn

CHROMIUM = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
"""Without the windows that nobody sees: they take as much of a processor as the pages."""
_PATIENCE = 30_000
"""Milliseconds that a page may take where every processor is busy with other tests."""
_ADDRESSES = ("DATABASE_URL", "PORTAL_KEYS_URL", "PORTAL_KEYS_COPY_URL", "REDIS_URL")


class _Quiet(WSGIRequestHandler):
    def log(self, *_said: Any) -> None:
        """Write nothing: a test's output is its own."""


@dataclass
class Live:
    """A server that answers at every school's host; `delays` holds back the next answers to a POST, in seconds."""

    app: Flask
    engine: Engine
    addresses: dict[str, str]
    owner_url: str = ""
    port: int = 0
    delays: list[float] = field(default_factory=list)
    posts: int = 0

    def url(self, path: str, slug: str = "lest-best") -> str:
        """Return the address of a path at a school."""
        return f"http://{slug}.localhost:{self.port}{path}"

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Any:
        """Answer as the app does; late where a delay was asked."""
        answer = self.app(environ, start)
        try:
            body = list(answer)
        finally:
            answer.close()
        if environ["REQUEST_METHOD"] == "POST":
            self.posts += 1
            if self.delays:
                time.sleep(self.delays.pop(0))
        return body


@pytest.fixture(scope="session")
def running(worker_database: TestDatabase) -> Iterator[Live]:
    """Start the server once for this worker, on a clone of the template; the worker's own is there to go back to."""
    from portal.app import create_app

    kept = _addresses()
    with cloned() as made:
        use(made)
        engine = make_engine(made.application_url)
        bound = session.get_bind() if core_database.is_bound() else None
        core_database.bind(engine)
        settings().demo = True  # its page of mails is seen too
        app = create_app()
        live = Live(app, engine, _addresses(), made.owner_url)
        server = make_server("127.0.0.1", 0, live, threaded=True, request_handler=_Quiet)
        live.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        _point_at(kept)
        session.remove()
        session.configure(bind=bound)
        yield live
        server.shutdown()
        thread.join()
        server.server_close()
        engine.dispose()


def _addresses() -> dict[str, str]:
    return {name: os.environ[name] for name in _ADDRESSES}


def _point_at(addresses: dict[str, str]) -> None:
    os.environ.update(addresses)
    settings.cache_clear()
    key_store.forget()


@pytest.fixture
def live(running: Live) -> Iterator[Live]:
    """The server, with this test's own session bound to its database."""
    kept = _addresses()
    bound = session.get_bind() if core_database.is_bound() else None
    session.remove()
    session.configure(bind=running.engine, join_transaction_mode="conditional_savepoint")
    _point_at(running.addresses)
    settings().demo = True
    running.delays.clear()
    running.posts = 0
    job_context, execution.job_context = execution.job_context, running.app.app_context
    yield running
    execution.job_context = job_context
    session.remove()
    session.configure(bind=bound)
    _point_at(kept)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for this worker."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def client(live: Live) -> PageClient:
    """A browser without a screen at Lest Best, on the server's database."""
    return PageClient(live.app, "lest-best.localhost")


@pytest.fixture
def sign_in() -> SignIn:
    """Sign a client in with a role, on the server's database."""
    return SignIn()


@pytest.fixture
def open_as(chromium: Browser, live: Live) -> Iterator[Callable[..., Page]]:
    """Return a page of a new browser in which whoever signed in with `client` is signed in: `open_as(client)`."""
    contexts: list[BrowserContext] = []

    def opened(client: PageClient, **options: Any) -> Page:
        context = chromium.new_context(locale="nl-NL", extra_http_headers={"Accept-Language": "nl"}, **options)
        contexts.append(context)
        cookie = client.browser.get_cookie("__Host-inzage", domain=client.host)
        assert cookie is not None
        url = f"https://{client.host}/"
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url, "secure": True}])
        page = context.new_page()
        page.set_default_timeout(_PATIENCE)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def browse(chromium: Browser, live: Live) -> Iterator[Callable[..., Page]]:
    """Return a page of a new browser in which nobody is signed in; `scripted=False` turns JavaScript off."""
    contexts: list[BrowserContext] = []

    def opened(*, scripted: bool = True, **options: Any) -> Page:
        context = chromium.new_context(locale="nl-NL", java_script_enabled=scripted, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(_PATIENCE)
        return page

    yield opened
    for context in contexts:
        context.close()
