"""Announcing a version, its notice, and letting it come into force on its day (LL-01, MN-19)."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from portal.core import audit, jobs
from portal.core.clock import now, today
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, NotFound
from portal.core.http.access import Actor
from portal.permissions import Permission
from portal.policy.announcements.models import PolicyAnnouncement, PolicyNoticeSeen
from portal.policy.announcements.queries import Announced, announced_policy, find_waiting, get_announcement
from portal.policy.models import PolicyVersion
from portal.policy.queries import current_policy, find_version, known_fields
from portal.policy.schema import Policy, read_policy
from portal.policy.schema.comparison import compare
from portal.policy.schema.differences import differences
from portal.policy.schema.importance import consents_asked_anew, is_important
from portal.policy.versions.services import put_in_force, store_version
from portal.schools.queries import current_school

SEND_NOTICES = "purposes.send_statement_notices"
_LOOKS_AFTER = timedelta(minutes=1)
_TRIES_AFTER = timedelta(hours=1)


def announce_policy(
    text: str,
    *,
    in_force_on: date,
    by: Actor,
    name: str = "policy",
    important: bool = False,
    summary: str | None = None,
) -> PolicyAnnouncement:
    """Announce the text of a policy file as the version that comes into force on a day ahead, and send its notice.

    It is important where its changes are; `important` can only make it so. The same again returns the announcement
    that waits. Raises PolicyMistakes, NotFound where no version is in force to change, and Conflict:
    `policy_version_taken`, `day_not_ahead`, `policy_not_yet_in_force` where the file itself names a later day,
    `announced_already` while another one waits.
    """
    policy = read_policy(text, known_fields(), name=name)
    current_policy()
    waiting = find_waiting(lock=True)
    if waiting is not None:
        if waiting.in_force_on == in_force_on and not compare(announced_policy(waiting), policy):
            return waiting
        raise Conflict("announced_already", version=waiting.version)
    _check_day(policy, in_force_on)
    row = describe_change(policy, text, in_force_on=in_force_on, important=important, summary=summary, by=by)
    _store(row)
    facts = {"version": row.version, "is_important": row.is_important, "in_force_on": in_force_on.isoformat()}
    audit.record("policy.announced", subject=("policy_announcement", row.id), facts=facts, by=by)
    return row


def foresee_announcement(
    text: str,
    *,
    in_force_on: date,
    by: Actor,
    name: str = "policy",
    important: bool = False,
    summary: str | None = None,
) -> Announced:
    """Return what an announcement would bring, without storing anything; raises as `announce_policy` does."""
    by.must(Permission.POLICY_ANNOUNCE)
    policy, older = read_policy(text, known_fields(), name=name), current_policy()
    waiting = find_waiting()
    if waiting is not None:
        raise Conflict("announced_already", version=waiting.version)
    _check_day(policy, in_force_on)
    row = describe_change(policy, text, in_force_on=in_force_on, important=important, summary=summary, by=by)
    return Announced(row, policy, older, differences(older, policy))


def _check_day(policy: Policy, in_force_on: date) -> None:
    if find_version(policy.version) is not None:
        raise Conflict("policy_version_taken", version=policy.version)
    if in_force_on <= today():
        raise Conflict("day_not_ahead")
    if policy.in_force_on is not None and policy.in_force_on > in_force_on:
        raise Conflict("policy_not_yet_in_force", in_force_on=policy.in_force_on.isoformat())


def describe_change(
    policy: Policy, text: str, *, in_force_on: date, important: bool, summary: str | None, by: Actor
) -> PolicyAnnouncement:
    """Return what there is to say of a policy that follows the one in force, not stored yet."""
    older = current_policy()
    return PolicyAnnouncement(
        id=new_id(),
        version=policy.version,
        source=text,
        parsed=policy.model_dump(mode="json", exclude_none=True),
        follows_id=current_school().policy_version_id,
        in_force_on=in_force_on,
        is_important=important or is_important(differences(older, policy)),
        summary=summary,
        asked_anew=list(consents_asked_anew(older, policy)),
        announced_at=now(),
        announced_by=by.account_id,
        announced_by_name=by.name,
    )


def send_notice_of(row: PolicyAnnouncement, version: PolicyVersion) -> None:
    """Keep what there is to say of a version that is in force already, and send its notice."""
    row.version_id, row.in_force_at = version.id, now()
    _store(row)


def _store(row: PolicyAnnouncement) -> None:
    session.add(row)
    session.flush()
    if row.is_important:
        ask_to_tell(row)


def ask_to_tell(row: PolicyAnnouncement) -> None:
    """Ask the worker to send the notice of an announcement; asked twice it goes out once."""
    jobs.ask(SEND_NOTICES, {"announcement_id": str(row.id)}, unique=str(row.id))


def ask_to_look_again(row: PolicyAnnouncement) -> None:
    """Ask the worker to see within a minute whether the mails of a notice have left; who asks with it asks the same."""
    moment = (now() + _LOOKS_AFTER).replace(second=0, microsecond=0)
    jobs.ask_later(
        SEND_NOTICES, {"announcement_id": str(row.id)}, unique=f"{row.id} {moment.isoformat()}", run_after=moment
    )


def ask_to_try_again(row: PolicyAnnouncement) -> None:
    """Ask the worker to ask in an hour once more for the mails of a notice that didn't leave."""
    jobs.ask_later(
        SEND_NOTICES,
        {"announcement_id": str(row.id), "tries_again": True},
        unique=f"{row.id} again",
        run_after=now() + _TRIES_AFTER,
    )


def note_told(row: PolicyAnnouncement, *, mails: int, readers: int) -> None:
    """Note that the notice of an announcement went out: how many mails left, and to how many who can sign in."""
    row.told_at, row.mails, row.readers = now(), mails, readers
    session.flush()
    facts = {"version": row.version, "mails": mails, "readers": readers}
    audit.record("policy.notice_sent", subject=("policy_announcement", row.id), facts=facts)


def cancel_announcement(announcement_id: UUID, *, by: Actor) -> PolicyAnnouncement:
    """Take an announcement back before its version is in force. A second time changes nothing.

    Raises NotFound, and Conflict("in_force") where it is too late.
    """
    by.must(Permission.POLICY_ANNOUNCE)
    row = get_announcement(announcement_id, by.scope, lock=True)
    if row.in_force_at is not None:
        raise Conflict("in_force")
    if row.cancelled_at is None:
        row.cancelled_at, row.cancelled_by, row.cancelled_by_name = now(), by.account_id, by.name
        session.flush()
        facts = {"version": row.version}
        audit.record("policy.announcement_cancelled", subject=("policy_announcement", row.id), facts=facts, by=by)
    return row


def bring_into_force(announcement_id: UUID, *, by: Actor) -> PolicyVersion:
    """Let the school work by an announced version from its day on, after its notice went out (LL-01).

    Safe to run again: the version that is in force already is returned. Raises NotFound, and Conflict: `cancelled`,
    `too_early`, `notice_first` where it is important and its notice didn't go out.
    """
    row = get_announcement(announcement_id, by.scope, lock=True)
    if row.version_id is not None:
        return session.get_one(PolicyVersion, (row.school_id, row.version_id))
    if row.cancelled_at is not None:
        raise Conflict("cancelled")
    if row.in_force_on > today():
        raise Conflict("too_early")
    if row.is_important and row.told_at is None:
        raise Conflict("notice_first")
    policy = announced_policy(row)
    version = store_version(
        policy, row.source, in_force_on=row.in_force_on, is_important=row.is_important, summary=row.summary, by=by
    )
    row.version_id, row.in_force_at = version.id, now()
    session.flush()
    put_in_force(version, policy, by=by)
    return version


def bring_due_into_force(*, by: Actor) -> bool:
    """Bring the version whose day has come into force; says whether one did.

    One whose notice didn't go out waits, and its notice is asked for once more.
    """
    row = find_waiting()
    if row is None:
        return False
    if row.is_important and row.told_at is None:
        ask_to_tell(row)
        return False
    if row.in_force_on > today():
        return False
    bring_into_force(row.id, by=by)
    return True


def note_read(announcement_id: UUID, *, by: Actor) -> None:
    """Note that somebody read the notice of a version, once; raises NotFound where no such notice went out."""
    row = get_announcement(announcement_id, by.scope)
    if not row.is_told or by.account_id is None:
        raise NotFound("announcement")
    values = {
        "school_id": current_school_id(),
        "id": new_id(),
        "announcement_id": row.id,
        "account_id": by.account_id,
        "seen_at": now(),
    }
    session.execute(insert(PolicyNoticeSeen).values(values).on_conflict_do_nothing())
