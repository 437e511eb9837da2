"""Links and printed codes: one use, until their hour, at their own school; what they let one do and what not."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts.invitations.links import make_code, make_link
from portal.accounts.models import Account, LinkKind, SignInLink
from portal.accounts.sessions.services import start_session
from portal.core.audit import AuditEvent
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.jobs import Job
from portal.core.mail import Mail
from tests.factories.accounts import PASSWORD, code_of, give_second_factor, make_account
from tests.jobs import do_jobs
from tests.page_client import PageClient
from tests.seed import SCHOOLS

HERE, THERE = SCHOOLS[0].id, SCHOOLS[1].id
NEW = {"password": "vijf groene stoelen buiten", "repeated_password": "vijf groene stoelen buiten", "language": "en"}
Clock = Callable[[datetime], None]
START = datetime(2026, 11, 23, 9, tzinfo=UTC)


def is_in(client: PageClient) -> bool:
    return bool(client.get("/account").status_code == 200)


def invited(kind: LinkKind = LinkKind.INVITATION, password: str | None = None) -> tuple[Account, str]:
    with in_school(HERE):
        account = make_account("Noor Bakker", "teacher", password=password)
        return account, make_link(account, kind)


def mails(folder: Path, to: str) -> list[Any]:
    found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.glob("*.eml"))]
    return [mail for mail in found if mail["To"] == to]


@pytest.mark.usefixtures("database")
def test_an_invitation_sets_password_and_language_and_lets_in(client: PageClient) -> None:
    account, token = invited()
    page = client.get(f"/uitnodiging/{token}")
    assert "Noor Bakker" in page.get_data(as_text=True)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert client.get(f"/uitnodiging/{token}").status_code == 200
    done = client.post(f"/uitnodiging/{token}", NEW)
    assert (done.status_code, done.headers["Location"]) == (303, "/")
    assert is_in(client)
    with in_school(HERE):
        assert session.get_one(Account, (HERE, account.id)).language == "en"
    client.post("/uitloggen")
    for answer in (client.get(f"/uitnodiging/{token}"), client.post(f"/uitnodiging/{token}", NEW)):
        assert answer.status_code == 410
        assert "werkt niet meer" in answer.get_data(as_text=True)
    assert not is_in(client)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"password": "kort", "repeated_password": "kort"}, "te kort"),
        ({"password": "password1234", "repeated_password": "password1234"}, "gelekte"),
        ({"password": "a b c d e f g h", "repeated_password": "iets anders hier"}, "niet gelijk"),
        ({"password": "", "repeated_password": ""}, "Vul dit in"),
    ],
)
def test_a_refused_password_leaves_the_link_good(client: PageClient, given: dict[str, str], words: str) -> None:
    _, token = invited()
    client.get(f"/uitnodiging/{token}")
    refused = client.post(f"/uitnodiging/{token}", {**NEW, **given})
    assert refused.status_code == 422
    assert words in refused.get_data(as_text=True)
    assert client.post(f"/uitnodiging/{token}", NEW).status_code == 303


@pytest.mark.usefixtures("database")
def test_a_link_is_worth_nothing_at_another_school_or_as_another_kind(
    client: PageClient, client_at: Callable[[str], PageClient]
) -> None:
    _, token = invited()
    other = client_at("meester-in-nt2")
    other.get("/aanmelden")
    assert other.post(f"/uitnodiging/{token}", NEW).status_code == 410
    client.get("/aanmelden")
    assert client.post(f"/wachtwoord/{token}", NEW).status_code == 410
    assert client.post(f"/nieuw-adres/{token}").status_code == 410
    assert client.post(f"/uitnodiging/{token[:-1]}", NEW).status_code == 410
    assert client.post(f"/uitnodiging/{token}", NEW).status_code == 303


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("kind", "path", "good_for"),
    [
        (LinkKind.INVITATION, "uitnodiging", timedelta(days=7)),
        (LinkKind.PASSWORD_RESET, "wachtwoord", timedelta(hours=1)),
        (LinkKind.NEW_EMAIL, "nieuw-adres", timedelta(hours=24)),
    ],
)
def test_a_link_ends_at_its_hour_and_when_a_newer_one_is_made(
    client: PageClient, clock: Clock, kind: LinkKind, path: str, good_for: timedelta
) -> None:
    clock(START)
    with in_school(HERE):
        account = make_account()
        first = make_link(account, kind, new_email="nieuw@example.org")
        token = make_link(account, kind, new_email="nieuw@example.org")
    assert client.get(f"/{path}/{first}").status_code == 410
    clock(START + good_for - timedelta(seconds=1))
    assert client.get(f"/{path}/{token}").status_code == 200
    clock(START + good_for + timedelta(seconds=1))
    assert client.get(f"/{path}/{token}").status_code == 410


@pytest.mark.usefixtures("database")
def test_a_reset_is_asked_the_same_way_for_whoever_is_named(
    client: PageClient, mail_dir: Path, count_statements: Any
) -> None:
    with in_school(HERE):
        make_account("Noor Bakker", "teacher", email="reset-noor@example.org")
    client.get("/wachtwoord-vergeten")
    answers = []
    for name in ("reset-noor@example.org", "reset-nobody@example.org"):
        with count_statements() as seen:
            response = client.post("/wachtwoord-vergeten", {"name": name})
        answers.append((response.status_code, response.headers["Location"], len(seen)))
    assert answers[0] == answers[1]
    assert "Hoort er een account" in client.get("/wachtwoord-vergeten/verstuurd").get_data(as_text=True)
    with in_school(HERE):
        asked = session.scalars(select(Job.arguments).where(Job.kind == "accounts.send_reset")).all()
        assert len(asked) == 2
        assert "reset-no" not in str(asked)
        do_jobs()
        events = session.scalars(select(AuditEvent.event).where(AuditEvent.event.startswith("accounts.reset"))).all()
        assert sorted(events) == ["accounts.reset_asked", "accounts.reset_asked", "accounts.reset_sent"]
    assert len(mails(mail_dir, "reset-noor@example.org")) == 1
    assert not mails(mail_dir, "reset-nobody@example.org")


@pytest.mark.usefixtures("database")
def test_a_reset_ends_every_session_and_does_not_pass_by_the_second_step(client: PageClient, mail_dir: Path) -> None:
    with in_school(HERE):
        account = make_account("Noor Bakker", "teacher", email="vergeet@example.org")
        secret = give_second_factor(account)
        start_session(account, has_second_factor=True, ip_address=None, browser=None)
    client.get("/wachtwoord-vergeten")
    client.post("/wachtwoord-vergeten", {"name": "vergeet@example.org"})
    with in_school(HERE):
        do_jobs()
    link = re.search(
        r"https://lest-best.localhost(/wachtwoord/\S+)", mails(mail_dir, "vergeet@example.org")[0].get_content()
    )
    assert link
    client.get("/aanmelden")
    wrong = {"name": "vergeet@example.org", "password": "verkeerd"}
    assert [client.post("/aanmelden", wrong).status_code for _ in range(7)] == [422] * 6 + [429]
    client.get(link[1])
    assert client.post(link[1], NEW).headers["Location"] == "/aanmelden"
    assert not is_in(client)
    client.get("/aanmelden")
    assert client.post("/aanmelden", {"name": "vergeet@example.org", "password": PASSWORD}).status_code == 422
    signed = client.post("/aanmelden", {"name": "vergeet@example.org", "password": NEW["password"]})
    assert signed.headers["Location"] == "/aanmelden/tweede-stap"
    client.get("/aanmelden/tweede-stap")
    client.post("/aanmelden/tweede-stap", {"code": code_of(secret)})
    assert is_in(client)
    with in_school(HERE):
        do_jobs()
        events = session.scalars(select(AuditEvent.event)).all()
        assert "accounts.sessions_ended" in events
    assert "veranderd" in mails(mail_dir, "vergeet@example.org")[-1]["Subject"]


@pytest.mark.usefixtures("database")
def test_asking_for_links_is_limited(client: PageClient) -> None:
    client.get("/wachtwoord-vergeten")
    answers = [client.post("/wachtwoord-vergeten", {"name": "x@example.org"}).status_code for _ in range(7)]
    assert answers == [303] * 6 + [429]


@pytest.fixture
def letter(database: Any) -> tuple[Account, str]:
    with in_school(HERE):
        account = make_account("Amina Yilmaz", "teacher", email=None, number="T00042", password=None)
        return account, make_code(account)


def test_a_printed_code_lets_in_once_and_asks_for_a_password(client: PageClient, letter: Any) -> None:
    _, code = letter
    assert re.fullmatch(r"(\w{4}-){2}\w{4}", code)
    client.get("/eerste-keer")
    figures = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    typed = {**NEW, "number": "t00042".translate(figures), "code": code.lower().replace("-", " ").translate(figures)}
    assert client.post("/eerste-keer", {**typed, "code": "AAAA-AAAA-AAAA"}).status_code == 422
    assert client.post("/eerste-keer", {**typed, "number": "T00043"}).status_code == 422
    assert client.post("/eerste-keer", typed).status_code == 303
    assert is_in(client)
    again = PageClient(client.app, client.host)
    again.get("/eerste-keer")
    assert again.post("/eerste-keer", typed).status_code == 422
    assert again.post("/aanmelden", {"name": "T00042", "password": code}).status_code == 422
    assert again.post("/aanmelden", {"name": "T00042", "password": NEW["password"]}).status_code == 303


def test_a_code_is_kept_as_a_keyed_digest_and_ends_after_two_weeks(
    client: PageClient, letter: Any, clock: Clock
) -> None:
    _, code = letter
    with in_school(HERE):
        digest = session.scalars(select(SignInLink.token_digest)).one()
        assert code.replace("-", "").encode() not in digest
        expires = session.scalars(select(SignInLink.expires_at)).one()
    client.get("/eerste-keer")
    clock(expires + timedelta(seconds=1))
    typed = {**NEW, "number": "T00042", "code": code}
    assert client.post("/eerste-keer", typed).status_code == 422


def test_guessing_codes_is_limited(client: PageClient, letter: Any) -> None:
    client.get("/eerste-keer")
    typed = {**NEW, "number": "T00042", "code": "AAAA-AAAA-AAAA"}
    answers = [client.post("/eerste-keer", typed).status_code for _ in range(7)]
    assert answers == [422] * 6 + [429]


@pytest.mark.usefixtures("database")
def test_no_token_stays_readable_in_the_database(client: PageClient) -> None:
    with in_school(HERE):
        make_account("Noor Bakker", "teacher", email="dicht@example.org")
    client.get("/wachtwoord-vergeten")
    client.post("/wachtwoord-vergeten", {"name": "dicht@example.org"})
    with in_school(HERE):
        do_jobs("accounts.send_reset")
        kept = session.scalars(select(func.encode(Mail.sealed, "escape"))).all()
        jobs = session.scalars(select(Job.arguments)).all()
    assert len(kept) == 1
    assert "wachtwoord/" not in f"{kept}{jobs}"
    assert "dicht@" not in f"{kept}{jobs}"
