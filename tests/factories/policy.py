"""Policies for tests: the five that ship, as they are or with something set, left out or replaced."""

import json
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update

import portal.wiring  # noqa: F401  (every table is known)
from portal.accounts.council.models import CouncilAnswer, CouncilDecision, CouncilSubject
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.http.access import PORTAL
from portal.core.mail import Mail
from portal.policy.announcements.services import announce_policy, bring_into_force
from portal.policy.models import PolicyVersion
from portal.policy.queries import known_fields
from portal.policy.schema import Policy, PolicyMistakes, read_policy
from portal.policy.services import SHIPPED, publish_policy
from portal.purposes.statement_notices.services import send_notices
from portal.schools.queries import current_school

SLUGS = ("lest-best", "meester-in-nt2", "step-inburgering", "onderwijs-pro", "leren-leren")


def shipped_text(slug: str) -> str:
    """Return the text of a policy that ships."""
    return (SHIPPED / f"{slug}.toml").read_text("utf-8")


def shipped(slug: str) -> Policy:
    """Return a policy that ships, read and checked."""
    return read_policy(shipped_text(slug), known_fields(), name=f"{slug}.toml")


def changed(slug: str, *replacements: tuple[str, str]) -> str:
    """Return the text of a shipped policy with pieces replaced, each of which stands there."""
    text = shipped_text(slug)
    for old, new in replacements:
        assert old in text, f"{slug} holds no {old!r}"
        text = text.replace(old, new, 1)
    return text


def varied(slug: str, values: Mapping[str, Any]) -> str:
    """Return the text of a shipped policy with values set at paths such as `purposes.course.basis`; None takes away.

    What the file doesn't say at such a path comes from the base; a value here is the school's own, as in a file.
    """
    whole = raw(slug)
    for path, value in values.items():
        *tables, last = path.split(".")
        table = whole
        for name in tables:
            table = table.setdefault(name, {})
        if value is None:
            del table[last]
        else:
            table[last] = value
    return written(whole)


def written(whole: Mapping[str, Any]) -> str:
    """Return a policy file with these tables, each in a line."""
    return "\n".join(f"{name} = {_value(value)}" for name, value in whole.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def mistakes_in(text: str) -> list[str]:
    """Return the sentences with which a policy is refused; none when it is accepted."""
    try:
        read_policy(text, known_fields(), name="school.toml")
    except PolicyMistakes as refused:
        return refused.mistakes
    return []


def publish(text: str, **kwargs: Any) -> PolicyVersion:
    """Publish a policy at the school in scope; where people are told before, it is announced, told and due today."""
    try:
        return publish_policy(text, by=kwargs.get("by", PORTAL), **{key: kwargs[key] for key in kwargs if key != "by"})
    except Conflict as refused:
        if refused.code != "notice_first":
            raise
    row = announce_policy(text, in_force_on=today() + timedelta(days=1), by=PORTAL)
    tell(row.id)
    row.in_force_on = today()
    session.flush()
    return bring_into_force(row.id, by=PORTAL)


def let_mails_leave() -> None:
    """Let every mail that waits have left, as the worker does."""
    waits = Mail.school_id == current_school_id(), Mail.sent_at.is_(None)
    session.execute(update(Mail).where(*waits).values(sealed=None, account_id=None, learner_id=None, sent_at=now()))


def tell(announcement_id: UUID) -> int:
    """Send the notice of an announcement until its mails have left; return how many mails were asked for."""
    asked = send_notices(announcement_id, by=PORTAL)
    let_mails_leave()
    send_notices(announcement_id, by=PORTAL)
    return asked


def raw(slug: str) -> dict[str, Any]:
    """Return a shipped policy as TOML gives it."""
    return tomllib.loads(shipped_text(slug))


def in_force() -> str:
    """Return what a form of the school in scope carries of the statement it shows: the id of the version in force."""
    return str(current_school().policy_version_id)


def name_staff(slug: str, *, agreed: bool = True) -> None:
    """Let the school in scope show the names of staff who looked: by its policy, and with their agreement."""
    publish(varied(slug, {"version": "met-namen", "audit.looks": "name"}))
    if agreed:
        session.add(
            CouncilDecision(
                subject=CouncilSubject.NAMES,
                answer=CouncilAnswer.NO_COUNCIL,
                recorded_at=now(),
                recorded_by_name="Dina Bos",
            )
        )
        session.flush()
