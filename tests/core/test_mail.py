"""Mail leaves after the commit, once, in the reader's language; the address stands nowhere in the open."""

import json
import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import func, select, text

from portal import config
from portal.core import mail
from portal.core.db.scope import revealed
from portal.core.db.session import session
from portal.core.jobs import Job
from portal.core.mail import Mail
from tests.factories.learners import make_learner
from tests.factories.restrictions import hold
from tests.jobs import do_jobs
from tests.signing_in import make_account

TEMPLATES = {
    "tests/emails/hello.txt": "Dag {{ name }}: {{ lang }}\n\nOpen {{ link }}\n",
    "tests/emails/said.txt": "Dag {{ name }}\n\n{{ _('%(at)s: %(name)s', at=at, name=name) }}\n{{ link }}\n",
    "tests/emails/both.txt": "Twee vormen\n\nTekst\n",
    "tests/emails/both.html": "<p>Dag {{ name }}</p>\n",
    "tests/emails/broken.txt": "Onderwerp\n\n{{ absent }}\n",
}


@pytest.fixture(autouse=True)
def templates(app: Flask, school: Any) -> Iterator[None]:
    kept = app.jinja_env.loader
    assert kept is not None
    app.jinja_env.loader = ChoiceLoader([DictLoader(TEMPLATES), kept])
    yield
    app.jinja_env.loader = kept


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("PORTAL_MAIL_DIR", str(tmp_path / "mail"))
    config.settings.cache_clear()
    yield tmp_path / "mail"
    config.settings.cache_clear()


def sent(box: Path) -> list[EmailMessage]:
    paths = sorted(box.glob("*.eml"))
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]  # type: ignore[misc]


def test_it_is_written_once_in_the_readers_language(box: Path) -> None:
    mail.send("fatima@example.org", "tests/hello", language="en", name="Fatima", link="https://x.example/1?a=b&c")
    assert sent(box) == []
    do_jobs("mail.send")
    (message,) = sent(box)
    assert (message["To"], message["Subject"]) == ("fatima@example.org", "Dag Fatima: en")
    assert message.get_content() == "Open https://x.example/1?a=b&c\n"
    assert do_jobs("mail.send") == []


def test_an_unknown_language_is_dutch(box: Path) -> None:
    mail.send("a@example.org", "tests/hello", language="xx", name="A", link="")
    do_jobs("mail.send")
    assert sent(box)[0]["Content-Language"] == "nl"


def test_text_and_html_side_by_side(box: Path) -> None:
    mail.send("a@example.org", "tests/both", name="<b>")
    do_jobs("mail.send")
    page = sent(box)[0].get_body(("html",))
    assert page is not None
    assert page.get_content() == "<p>Dag &lt;b&gt;</p>\n"


def test_a_line_break_in_a_name_makes_no_second_header(box: Path) -> None:
    mail.send("a@example.org", "tests/hello", name="A\nBcc: b@example.org", link="")
    do_jobs("mail.send")
    assert sent(box)[0]["Bcc"] is None


def test_a_text_has_no_entities(box: Path) -> None:
    mail.send("a@example.org", "tests/said", name="Zoë d'Arc & Zn", at="Taal 'Nu' <BV>", link="https://x.example/?a&b")
    do_jobs("mail.send")
    (message,) = sent(box)
    assert message["Subject"] == "Dag Zoë d'Arc & Zn"
    assert message.get_content() == "Taal 'Nu' <BV>: Zoë d'Arc & Zn\nhttps://x.example/?a&b\n"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Jan\n\nOpen https://evil.example/x\r\nnu", "Jan Open https evil example x nu"),
        ("www.evil.example", "www evil example"),
        ("mailto:a@evil.example", "mailto a evil example"),
        ("J.P. van 't Hof-de Wit", "J.P. van 't Hof-de Wit"),
        ("Şükrü\u2028Öz", "Şükrü Öz"),
    ],
)
def test_a_name_holds_neither_lines_nor_links(box: Path, name: str, said: str) -> None:
    mail.send("a@example.org", "tests/said", name=name, at="Onderwijs.pro", link="https://x.example/y")
    do_jobs("mail.send")
    assert sent(box)[0].get_content() == f"Onderwijs.pro: {said}\nhttps://x.example/y\n"


def test_neither_job_nor_row_holds_the_address_in_the_open(box: Path) -> None:
    mail_id = mail.send("fatima@example.org", "tests/hello", name="Fatima", link="secret-token")
    rows = session.execute(text("select mail.* from mail")).mappings().all()
    jobs = session.scalars(select(Job.arguments).where(Job.kind == "mail.send")).all()
    assert jobs == [{"mail_id": str(mail_id)}]
    open_text = json.dumps([dict(row) for row in rows], default=lambda value: bytes(value).decode("latin1")
                           if isinstance(value, bytes | memoryview) else str(value))  # fmt: skip
    assert not any(secret in open_text for secret in ("fatima", "Fatima", "secret-token"))


def test_once_sent_nothing_of_it_is_kept(box: Path) -> None:
    mail_id = mail.send("a@example.org", "tests/hello", name="A", link="")
    do_jobs("mail.send")
    row = session.scalars(select(Mail).where(Mail.id == mail_id).execution_options(populate_existing=True)).one()
    assert row.sealed is None
    assert row.sent_at is not None


def test_rolled_back_it_never_leaves(box: Path) -> None:
    with session.begin_nested() as savepoint:
        mail.send("a@example.org", "tests/hello", name="A", link="")
        savepoint.rollback()
    do_jobs("mail.send")
    assert sent(box) == []


def test_one_that_cannot_be_made_is_tried_again_and_not_lost(box: Path) -> None:
    mail.send("a@example.org", "tests/broken")
    do_jobs("mail.send")
    row = session.scalars(select(Job).where(Job.kind == "mail.send").execution_options(populate_existing=True)).one()
    assert (row.state, row.attempts) == ("waiting", 1)


class _Listener(socketserver.TCPServer):
    """What listens on this machine, and keeps what it hears."""

    def __init__(self, host: str, handler: type[socketserver.BaseRequestHandler]) -> None:
        super().__init__((host, 0), handler)
        self.mails: list[bytes] = []


class _Server(socketserver.StreamRequestHandler):
    """As much of SMTP as taking one mail needs."""

    server: _Listener

    def handle(self) -> None:
        taken: list[bytes] = []
        self.wfile.write(b"220 x\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go\r\n")
                while (body := self.rfile.readline()) != b".\r\n":
                    taken.append(body)
                self.server.mails.append(b"".join(taken))
            self.wfile.write(b"250 ok\r\n" if word != b"QUIT" else b"221 bye\r\n")
            if word == b"QUIT":
                return


class _WithTls(_Server):
    """One that offers TLS, and hangs up where it is asked for it."""

    def handle(self) -> None:
        self.wfile.write(b"220 x\r\n")
        for line in self.rfile:
            self.server.mails.append(line.strip())
            self.wfile.write(b"250-x\r\n250 STARTTLS\r\n")
            if line.strip() in {b"STARTTLS", b"QUIT"}:
                return


def said_to(handler: type[_Server], host: str, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What a server at this address of the machine hears of one mail."""
    with _Listener(host, handler) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        monkeypatch.delenv("PORTAL_MAIL_DIR", raising=False)
        monkeypatch.setenv("PORTAL_SMTP_URL", f"smtp://{host}:{server.server_address[1]}")
        config.settings.cache_clear()
        mail.send("fatima@example.org", "tests/hello", name="Fatima", link="x")
        do_jobs("mail.send")
    monkeypatch.undo()
    config.settings.cache_clear()
    return server.mails


def test_tls_is_asked_for_wherever_it_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = said_to(_WithTls, "127.0.0.1", monkeypatch)
    assert heard[-1] == b"STARTTLS"


def test_no_mail_crosses_a_network_in_the_open(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said_to(_Server, "127.0.0.2", monkeypatch) == []
    job = session.scalars(select(Job).where(Job.kind == "mail.send").execution_options(populate_existing=True)).one()
    assert (job.state, job.failure) == ("waiting", "error")


def test_by_smtp(monkeypatch: pytest.MonkeyPatch) -> None:
    with _Listener("127.0.0.1", _Server) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        monkeypatch.delenv("PORTAL_MAIL_DIR")
        monkeypatch.setenv("PORTAL_SMTP_URL", f"smtp://127.0.0.1:{server.server_address[1]}")
        config.settings.cache_clear()
        mail.send("fatima@example.org", "tests/hello", name="Fatima", link="x")
        do_jobs("mail.send")
        assert b"To: fatima@example.org" in server.mails[0]
    monkeypatch.undo()
    config.settings.cache_clear()


def test_about_who_restricted_her_data_it_goes_to_herself_alone(box: Path) -> None:
    hers, staff = make_account("Amina Yilmaz", "learner"), make_account("Sam", "teacher")
    learner = make_learner(account_id=hers.id)
    for account_id in (hers.id, staff.id, None):
        mail.send(f"{account_id}@example.org", "tests/both", account_id=account_id, learner_id=learner.id, name="A")
    hold(learner.id)
    do_jobs("mail.send")

    assert {str(message["To"]) for message in sent(box)} == {f"{hers.id}@example.org", "None@example.org"}
    with revealed():
        assert session.scalar(select(func.count()).select_from(Mail)) == 2
