"""What stays after an erasure, with the law that asks it and its last day; read before anything is erased."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.config import settings
from portal.core.clock import local, today
from portal.core.crypto import backup_keys
from portal.core.db.bulk import among_ids
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.personal_data import PersonKind
from portal.finances.models import InvoiceLine
from portal.policy.queries import current_policy
from portal.policy.schema.periods import Period
from portal.requests.answers.erasures import AccountOutcome, Refusal
from portal.requests.data_requests.services import PROOF
from portal.retention.certificates.models import ErasureCertificate

FISCAL = "Algemene wet inzake rijksbelastingen, art. 52"
ACCOUNTABILITY = "AVG art. 5 lid 2"
_FISCAL_YEARS = Period(number=7, unit="years")

INVOICES, LOG, REQUEST, CERTIFICATE, BACKUPS = "invoices", "log", "request", "certificate", "backups"
ACCOUNT = "account"
PROVES, REFUSED, NOT_OVER, NEEDED, OTHER_ROLE = "proves", "refused", "not_over", "needed", "other_role"
STAFF = "staff."
"""Before the key of what is held of who works here, as it stands on a certificate."""
WITH_LEARNERS, TO_BOOKS = "with_learners", "to_books"
BOOKKEEPING, NO_NAME, UNREADABLE, LOCKED = "bookkeeping", "no_name", "unreadable", "locked"
NAMED, SIGNED_IN = "named", "signed_in"


@dataclass(frozen=True)
class KeptPart:
    """Something that stays: `what` is a category, or what else there is of her; `why` a code of this module.

    `ground` is the article of a refusal. Without `until` the last day isn't known yet, and the term says it in words.
    """

    what: str
    why: str
    law: str | None = None
    until: date | None = None
    ground: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        day = self.until.isoformat() if self.until is not None else None
        return {"what": self.what, "why": self.why, "law": self.law, "until": day, "ground": self.ground}


def part_from(stored: Mapping[str, Any]) -> KeptPart:
    """Return what was stored by `as_json`."""
    until = date.fromisoformat(stored["until"]) if stored.get("until") else None
    return KeptPart(stored["what"], stored["why"], stored.get("law"), until, stored.get("ground"))


def account_outcome(row: ErasureCertificate) -> AccountOutcome | None:
    """Return what a certificate says of the account; None where there was none, or a part went that it isn't in."""
    if any((part.what, part.why) == (ACCOUNT, OTHER_ROLE) for part in map(part_from, row.kept)):
        return AccountOutcome.STAYS
    return AccountOutcome.GONE if ACCOUNT in row.erased else None


def kept_in_part(refused: Mapping[str, Refusal], ends: Mapping[str, date | None]) -> Iterator[KeptPart]:
    """Yield the categories that stay where one or more went: what was refused, and what shows what was done for her."""
    policy = current_policy()
    for category in policy.categories:
        law, until = policy.term_for(category.key).law, ends.get(category.key)
        if category.key in refused:
            said = refused[category.key]
            yield KeptPart(category.key, REFUSED, law, said.until or until, said.article)
        elif category.key in PROOF:
            yield KeptPart(category.key, PROVES, law, until)


def kept_of_whole(kind: PersonKind, invoiced_until: date | None, *, is_asked: bool) -> Iterator[KeptPart]:
    """Yield what stays in the portal once all of a person went: nothing of it has her name.

    But for who worked here: her name stays beside what she wrote down of learners, for as long as that is kept, and in
    the log of what she did, which is only added to.
    """
    policy, day, is_staff = current_policy(), today(), kind is PersonKind.STAFF
    proven_until = policy.accountability_term.added_to(day)
    if is_staff:
        yield from (KeptPart(each, WITH_LEARNERS) for each in staff_data_kept("learners"))
        until = policy.activity_term.added_to(day)
        yield from (KeptPart(each, SIGNED_IN, until=until) for each in staff_data_kept("activity"))
    if invoiced_until is not None:
        yield KeptPart(INVOICES, BOOKKEEPING, FISCAL, invoiced_until)
    yield KeptPart(LOG, NAMED if is_staff else UNREADABLE, ACCOUNTABILITY, policy.audit.term.added_to(day))
    if is_asked:
        yield KeptPart(REQUEST, NO_NAME, ACCOUNTABILITY, proven_until)
    yield KeptPart(CERTIFICATE, NO_NAME, ACCOUNTABILITY, proven_until)


def kept_in_backups() -> KeptPart:
    """Return that it stands in backups, until the term of the last of those that are there.

    Names and addresses stand in them in the open, behind the key of the backup.
    """
    until, day = backup_keys.latest_until(), today()
    last = local(until).date() if until is not None else None
    if last is None or last < day:
        last = day + timedelta(days=settings().backup_days)
    return KeptPart(BACKUPS, LOCKED, None, last)


def staff_data_kept(how: str) -> list[str]:
    """Return what the policy holds of who works here and keeps in this way, as a certificate calls it."""
    staff = current_policy().staff
    return [f"{STAFF}{each.key}" for each in staff.data if each.kept == how] if staff is not None else []


def invoiced_until(kind: PersonKind, person_ids: Sequence[UUID]) -> dict[UUID, date]:
    """Return until when the bookkeeping keeps the invoices of these people (AWR art. 52(4)); nobody without one."""
    if kind is not PersonKind.LEARNER:
        return {}
    last = select(InvoiceLine.learner_id, func.max(InvoiceLine.issued_on)).where(
        InvoiceLine.school_id == current_school_id(), among_ids(InvoiceLine.learner_id, person_ids)
    )
    found = session.execute(last.group_by(InvoiceLine.learner_id)).all()
    return {person_id: _FISCAL_YEARS.added_to(date(day.year, 12, 31)) for person_id, day in found}
