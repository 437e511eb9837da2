"""The mails that a demo wrote as files, read back for the school in scope."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from sqlalchemy import select

from portal.config import settings
from portal.core.db.session import session
from portal.core.mail import Mail

_MOST = 100
_LINK = re.compile(r"(https?://\S+)")


@dataclass(frozen=True)
class WrittenMail:
    """A mail as its reader would see it; each line is cut up so that every second part is a link."""

    to: str
    subject: str
    asked_at: datetime
    language: str
    lines: list[list[str]]


def is_demo() -> bool:
    """Say whether this is a demo, which sends no mail and shows what it would have sent."""
    given = settings()
    return given.demo and given.mail_dir is not None


def list_mails() -> list[WrittenMail]:
    """Return the newest mails of the school in scope that were written, newest first."""
    folder = settings().mail_dir
    if folder is None:
        return []
    found = []
    for row in session.execute(
        select(Mail.id, Mail.asked_at, Mail.language).order_by(Mail.asked_at.desc()).limit(_MOST)
    ):
        path = folder / f"{row.id}.eml"
        if path.exists():
            found.append(_read(path.read_bytes(), row.asked_at, row.language))
    return found


def _read(raw: bytes, asked_at: datetime, language: str) -> WrittenMail:
    message = message_from_bytes(raw, EmailMessage, policy=policy.default)
    body = message.get_body(preferencelist=("plain",))
    text = body.get_content() if body is not None else ""
    lines = [_LINK.split(line) for line in text.splitlines()]
    return WrittenMail(str(message["To"]), str(message["Subject"]), asked_at, language, lines)
