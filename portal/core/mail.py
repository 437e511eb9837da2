"""Mail: asked for in the caller's transaction, sent by a job, by SMTP or as files for the demo.

The address and what the template needs stay sealed in the database until the mail is sent; Redis hears only an id.
"""

import json
import re
import smtplib
import ssl
from collections.abc import Collection, Sequence
from datetime import datetime
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy, default
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from uuid import UUID

from flask import current_app
from flask_babel import force_locale
from jinja2 import TemplateNotFound
from sqlalchemy import ColumnElement, LargeBinary, String, Text, and_, cast, delete, exists, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.config import Settings, settings
from portal.core.crypto import keys
from portal.core.db.base import Base, SchoolOwned, reference
from portal.core.db.bulk import among_ids
from portal.core.db.scope import current_school_id, hidden_learners, reveal
from portal.core.db.session import session
from portal.core.http.languages import DEFAULT, LANGUAGES, _, _n
from portal.core.jobs import HANDED, RUNNING, WAITING, Job, Run, ask, job
from portal.core.personal_data import OWN_TABLE, PersonKind, not_personal, personal, reaches, rows_of
from portal.core.purposes import closed_to, closed_to_mail, is_closed_to_contact
from portal.core.removal import Part
from portal.core.restores.ports import Voided
from portal.core.values import tidy

_PURPOSE = "mail"
_SECONDS = 20
_LINKS = re.compile(r"[:/\\@]+|\.(?=\w{2})")
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class _LinkHeader(UnstructuredHeader, BaseHeader):
    """A header that holds a link: on one line as it is, since mail programs don't decode it (RFC 2047, section 5)."""

    def fold(self, *, policy: Policy) -> str:
        """Return the header as it is sent."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _LinkHeader)
_POLICY = default.clone(header_factory=_HEADERS)


class Mail(SchoolOwned):
    """A mail that is asked for: to the holder of an account, or about a learner.

    Once it is sent only the template's name and the hour stay.
    """

    __tablename__ = "mail"
    __people__ = reaches(
        learner=("account_id", "learner_id"),
        representative="account_id",
        contact_person=("account_id", "contact_person_id"),
        staff="account_id",
    )

    template: Mapped[str] = mapped_column(String(120), info=not_personal())
    language: Mapped[str] = mapped_column(String(8), info=not_personal())
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=personal("dealings"))
    account_id: Mapped[UUID | None] = reference("account", info=personal("dealings"), nullable=True)
    learner_id: Mapped[UUID | None] = mapped_column(info=personal("dealings"))
    contact_person_id: Mapped[UUID | None] = mapped_column(info=personal("dealings"))
    purpose: Mapped[str | None] = mapped_column(String(60), info=not_personal())
    asked_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp(), info=not_personal())
    sent_at: Mapped[datetime | None] = mapped_column(info=not_personal())


def send(
    to: str,
    template: str,
    *,
    language: str | None = None,
    account_id: UUID | None = None,
    learner_id: UUID | None = None,
    contact_person_id: UUID | None = None,
    purpose: str | None = None,
    unsubscribe: str | None = None,
    **context: Any,
) -> UUID:
    """Ask for a mail to one address in the transaction in hand; it leaves after the commit. Returns its id.

    `template` is `accounts/invitation`: `templates/accounts/emails/invitation.txt`, whose first line is the subject,
    and beside it an `.html` if there is one. `context` is what JSON can hold. `language` is the reader's, else Dutch.
    `account_id` is whose address it is, `learner_id` whom the mail is about, `contact_person_id` whom else it is to:
    until it is sent it goes when they go.
    `purpose` is the policy's, where a learner may say no to it: it is asked once more when the mail leaves (art. 21).
    `unsubscribe` is the address by which a mail program stops what comes regularly, by one click (RFC 8058).
    """
    context = {key: _in_a_line(key, value) for key, value in context.items()}
    contents = json.dumps({"to": to, "context": context, "unsubscribe": unsubscribe}, default=str)
    row = Mail(
        template=template,
        language=language if language in LANGUAGES else DEFAULT,
        sealed=keys.seal_for_school(contents, _PURPOSE),
        account_id=account_id,
        learner_id=learner_id,
        contact_person_id=contact_person_id,
        purpose=purpose,
    )
    session.add(row)
    session.flush()
    ask("mail.send", {"mail_id": str(row.id)}, unique=str(row.id))
    return row.id


def send_again(ids: Collection[UUID]) -> int:
    """Ask once more for those of these mails that didn't leave, as when the server was away; return how many."""
    unsent = select(Mail.id).where(Mail.school_id == current_school_id(), Mail.sent_at.is_(None), Mail.id.in_(ids))
    found = session.scalars(unsent.order_by(Mail.id)).all()
    for each in found:
        ask("mail.send", {"mail_id": str(each)}, unique=str(each))
    return len(found)


def is_given_up() -> ColumnElement[bool]:
    """Say of a row of mails whether it didn't leave, and nothing tries to send it any more."""
    tried = and_(Job.school_id == Mail.school_id, Job.kind == "mail.send", Job.unique_key == cast(Mail.id, Text))
    return and_(Mail.sent_at.is_(None), ~exists().where(tried, Job.state.in_((WAITING, HANDED, RUNNING))))


def void_waiting() -> int:
    """Let go of mails that wait, and return how many: in a restored database they went out after its backup."""
    waiting = delete(Mail).where(Mail.school_id == current_school_id(), Mail.sent_at.is_(None))
    return len(session.execute(waiting.returning(Mail.id)).all())


def take_out_of_post(kind: PersonKind, ids: Sequence[UUID], part: Part | None) -> None:
    """Let mails go that wait for somebody's own address, where that is erased; what this act tells her leaves."""
    to = {PersonKind.LEARNER: Mail.learner_id, PersonKind.CONTACT_PERSON: Mail.contact_person_id}.get(kind)
    if to is None or part is None or not part.has(f"{OWN_TABLE[kind]}.email"):
        return
    waiting = delete(Mail).where(Mail.school_id == current_school_id(), Mail.sent_at.is_(None))
    session.execute(waiting.where(among_ids(to, ids), Mail.account_id.is_(None), Mail.asked_at < func.now()))


def _in_a_line(key: str, value: Any) -> Any:
    """Return what fills in a mail in one line; somebody's name also without what a reader would make a link of."""
    if not isinstance(value, str):
        return value
    return tidy(_LINKS.sub(" ", value) if key == "name" else value)


@job("mail.send", attempts=8)
def send_mail(run: Run) -> None:
    """Send one mail, unless it was sent already; a kill between sending and noting it sends it a second time.

    One about somebody who restricted her data goes to herself and who acts for her; to others it doesn't any more. One
    for a purpose to which she said no since it was asked for doesn't leave, nor one for a purpose to an address that
    she restricted: only what is about her own request, her rights or signing in goes there (art. 18).
    """
    restricted = hidden_learners()
    reveal()
    row = session.get(Mail, (current_school_id(), UUID(run.arguments["mail_id"])), with_for_update=True)
    if row is None or row.sealed is None:
        return
    if _is_kept_back(row, restricted):
        session.delete(row)
        session.flush()
        return
    contents = json.loads(keys.unseal_for_school(row.sealed, _PURPOSE))
    message = _compose(row, contents["to"], contents["context"])
    if contents.get("unsubscribe"):
        message["List-Unsubscribe"] = f"<{contents['unsubscribe']}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    deliver(message, settings())
    row.sealed = row.account_id = row.learner_id = row.contact_person_id = None
    row.sent_at = session.scalar(func.clock_timestamp().select())
    session.flush()


def _is_kept_back(row: Mail, restricted: Collection[UUID]) -> bool:
    if row.learner_id is not None and row.learner_id in restricted and not _is_to_her(row, row.learner_id):
        return True
    if row.contact_person_id is not None and is_closed_to_contact(row.purpose, row.contact_person_id):
        return True
    own = _learners_of(row)
    if row.learner_id is not None and row.account_id is not None and row.learner_id not in own:
        return bool(closed_to(row.purpose, [row.learner_id]))  # at the address of who acts for her
    return bool(closed_to_mail(row.purpose, own if row.learner_id is None else [row.learner_id]))


def _learners_of(row: Mail) -> list[UUID]:
    """Return the learner whose own account a mail is to, if it is a learner's."""
    if row.account_id is None or row.purpose is None:
        return []
    learner = Base.metadata.tables["learner"]
    hers = learner.c.school_id == current_school_id(), learner.c.account_id == row.account_id
    return list(session.scalars(select(learner.c.id).where(*hers)))


def _is_to_her(row: Mail, learner_id: UUID) -> bool:
    """Say whether a mail about a learner is to herself, or to who acts or acted for her, as far as an account says."""
    if row.account_id is None:
        return True
    account, acting = (Base.metadata.tables[name] for name in ("account", "representative"))
    here = account.c.id == row.account_id, account.c.school_id == current_school_id()
    hers = rows_of(account, PersonKind.LEARNER, [learner_id])
    acts = account.c.id.in_(select(acting.c.account_id).where(acting.c.learner_id == learner_id))
    return session.scalar(select(account.c.id).where(*here, or_(hers, acts))) is not None


def _compose(row: Mail, to: str, context: dict[str, Any]) -> EmailMessage:
    feature, __, name = row.template.partition("/")
    base = f"{feature}/emails/{name}"
    with force_locale(row.language):
        plain = {"_": _, "gettext": _, "ngettext": _n}  # a text has no entities
        subject, __, body = _render(f"{base}.txt", row.language, plain | context).lstrip().partition("\n")
        try:
            page = _render(f"{base}.html", row.language, context)
        except TemplateNotFound as missing:
            if missing.name != f"{base}.html":
                raise
            page = None
    message = EmailMessage(_POLICY)
    message["Subject"] = " ".join(subject.removeprefix("Subject:").split())
    message["From"] = settings().mail_from
    message["To"] = to
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = f"<{row.id}@{settings().mail_from.rpartition('@')[2].rstrip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.strip() + "\n")
    if page is not None:
        message.add_alternative(page, subtype="html")
    message["Content-Language"] = row.language
    return message


def _render(name: str, language: str, context: dict[str, Any]) -> str:
    """Render without the request's own values: a mail is about what it was given."""
    return current_app.jinja_env.get_template(name).render(lang=language, **context)


def deliver(message: EmailMessage, given: Settings) -> None:
    """Send a mail on its way now; raises OSError or SMTPException where it can't be."""
    if given.mail_dir is not None:
        _keep(message, given.mail_dir)
    if given.smtp_url is not None:
        _hand_to_server(message, urlsplit(given.smtp_url.get_secret_value()))


def _keep(message: EmailMessage, folder: Path) -> None:
    """Write the mail as a file named by its row, so that names sort by when it was asked; whole or not at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = str(message["Message-ID"]).strip("<>").partition("@")[0]
    path = folder / f"{name}.eml"
    half = path.with_suffix(".half")
    half.write_bytes(message.as_bytes())
    half.rename(path)


def _hand_to_server(message: EmailMessage, url: SplitResult) -> None:
    """Hand the mail to the server of `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`.

    It never crosses a network in the open: only a server on this machine, and without a password, needn't have TLS.
    """
    host = url.hostname or "localhost"
    context = ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, timeout=_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, url.port or 25, timeout=_SECONDS)
    with server:
        server.ehlo()
        may_be_open = host in _THIS_MACHINE and not url.username
        if url.scheme == "smtp" and not (may_be_open and not server.has_extn("starttls")):
            server.starttls(context=context)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)


VOID = Voided("mails that waited", void_waiting)
