"""The portal as `portal serve` runs it: a real process on a database of its own, on which nobody's slowness weighs."""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from portal.core.db.engine import make_engine
from portal.core.db.session import session
from portal.core.http.body_limits import MEBIBYTE
from tests.conftest import use
from tests.database import TestDatabase, cloned
from tests.page_client import PageClient
from tests.signing_in import SignIn
from tests.web.served import BODY_SECONDS, SOON, Served, free_port, rest_of, serving

MANY = 16
HOST = "lest-best.localhost"
PAGE = "/aanmelden"


@dataclass
class Portal:
    """The served portal, the cookie of somebody of the administration, and where temporary files would lie."""

    served: Served
    database: TestDatabase
    cookie: dict[str, str]
    temporary: Path


def sign_in_at(made: TestDatabase, app: Flask) -> dict[str, str]:
    """Return the cookie of a session that stands in this database."""
    engine, bound = make_engine(made.application_url), session.session_factory.kw.get("bind")
    session.remove()
    session.configure(bind=engine)
    try:
        client = PageClient(app, HOST)
        SignIn()(client, "administration")
        cookie = client.browser.get_cookie("__Host-inzage", domain=HOST)
        assert cookie is not None
        return {"Cookie": f"__Host-inzage={cookie.value}"}
    finally:
        session.remove()
        session.configure(bind=bound)
        engine.dispose()


@pytest.fixture(scope="module")
def portal(app: Flask, worker_database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One process of four threads, with short deadlines."""
    folder, port = tmp_path_factory.mktemp("portal"), free_port()
    temporary = folder / "temporary"
    temporary.mkdir()
    with cloned() as made:
        use(made)
        cookie = sign_in_at(made, app)
        command = [str(Path(sys.executable).with_name("portal")), "serve", "--port", str(port), "--processes", "1"]
        try:
            with serving(folder, command, port, ready=PAGE, host=HOST, TMPDIR=str(temporary)) as served:
                yield Portal(served, made, cookie, temporary)
        finally:
            use(worker_database)


def idle_in_transaction(made: TestDatabase) -> int:
    """Return how many connections of the database wait within a transaction."""
    engine = create_engine(made.owner_url)
    with engine.connect() as connection:
        asked = "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in tr%'"
        count = int(connection.scalar(text(asked)) or 0)
    engine.dispose()
    return count


def test_sixteen_bodies_that_never_end_stop_nobody_and_hold_no_transaction(portal: Portal) -> None:
    form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000"
    opened = [portal.served.send(f"POST {PAGE} HTTP/1.1\r\n{form}", b"email=") for _ in range(MANY)]
    assert portal.served.seconds_for(PAGE) < SOON
    assert idle_in_transaction(portal.database) == 0
    time.sleep(BODY_SECONDS)
    assert {rest_of(each).split()[1] for each in opened} == {b"408"}


def test_sixteen_heads_that_never_end_stop_nobody(portal: Portal) -> None:
    opened = [portal.served.connect() for _ in range(MANY)]
    for each in opened:
        each.sendall(b"GET /privacy HTTP/1.1\r\nHost:")
    assert portal.served.seconds_for(PAGE) < SOON
    assert [rest_of(each) for each in opened] == [b""] * MANY


def test_a_form_that_is_too_large_gets_the_schools_own_page(portal: Portal) -> None:
    status, body = portal.served.ask(PAGE, "POST", bytes(2 * MEBIBYTE))
    assert status == 413
    assert "Dit bestand is te groot" in body.decode()
    assert "Lest Best" in body.decode()


def test_an_upload_by_nobody_is_refused_without_its_body(portal: Portal) -> None:
    assert portal.served.ask("/inlezen", "POST", bytes(5 * MEBIBYTE))[0] == 303


def test_an_upload_is_taken_in_by_who_may_and_lies_nowhere_unencrypted(portal: Portal) -> None:
    head = "\r\n".join([
        "POST /inlezen HTTP/1.1",
        f"Cookie: {portal.cookie['Cookie']}",
        "Content-Type: multipart/form-data; boundary=x",
        f"Content-Length: {6 * MEBIBYTE}",
        "Connection: close",
    ])  # fmt: skip
    begin = b'--x\r\nContent-Disposition: form-data; name="workbook"; filename="a.xlsx"\r\n\r\n'
    made = portal.served.send(head, begin + bytes(5 * MEBIBYTE))
    time.sleep(0.3)
    assert list(portal.temporary.iterdir()) == []
    made.sendall(bytes(MEBIBYTE - len(begin) - 7) + b"\r\n--x--")
    answer = rest_of(made)
    assert answer.split()[1] == b"422"  # no token, so nothing is stored; but taken in it was
    assert list(portal.temporary.iterdir()) == []


def test_a_page_names_no_address_in_the_log(portal: Portal) -> None:
    portal.served.ask("/cursisten/01890000-0000-7000-8000-000000000000?zoek=Amina", headers=portal.cookie)
    written = portal.served.log_with("/cursisten/<uuid:learner_id>")
    assert '"/cursisten/<uuid:learner_id>"' in written
    assert "01890000" not in written
    assert "Amina" not in written
