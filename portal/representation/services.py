"""Who may act for a learner: recorded with proof and an end, invited, and ended (LB-11, LL-04).

For a learner under 16 that is a parent or guardian, and no longer than the day before she turns 16.
"""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from portal.accounts.invitations.services import add_account, keep_role_until, send_invitation
from portal.accounts.models import Account
from portal.accounts.own_account.emails import clean_email
from portal.accounts.queries import find_by_email, get_account
from portal.accounts.sessions.services import act_for, end_sessions
from portal.core import audit
from portal.core.clock import now, today
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.core.http.languages import _
from portal.core.http.scope import SYSTEM
from portal.learners.record.ages import AGE_OF_CONSENT, is_child
from portal.learners.record.models import Learner
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission, Role
from portal.policy.queries import current_policy
from portal.representation.models import Representative, RepresentativeKind

LONGEST = timedelta(days=5 * 366)
_FOR_CHILDREN = frozenset({RepresentativeKind.PARENT, RepresentativeKind.GUARDIAN})


def last_day_as_child(birth_date: date) -> date:
    """Return the day before somebody turns 16."""
    year = birth_date.year + AGE_OF_CONSENT
    try:
        return birth_date.replace(year=year) - timedelta(days=1)
    except ValueError:
        return date(year, 2, 28)


def record_representative(
    learner_id: UUID,
    *,
    kind: RepresentativeKind,
    name: str,
    email: str,
    proof: str,
    ends_on: date,
    categories: Collection[str] = (),
    by: Actor,
    language: str | None = None,
) -> Representative:
    """Record that somebody may act for a learner from today until a day, and invite her to sign in.

    She sees and corrects these categories of the policy; without any, all of them. Somebody who has an account already
    signs in with that. Raises Invalid where the kind doesn't fit the learner's age, the proof is missing, a category
    isn't the school's, or the end is past, more than five years away, or beyond the day before she turns 16, and
    NotAllowed for oneself: a colleague records that.
    """
    by.must(Permission.LEARNER_INVITE)
    learner = get_within_reach(learner_id, by, lock=True)
    row = Representative(
        learner_id=learner.id, kind=kind, name=name, proof=proof.strip(), categories=sorted(categories), ends_on=ends_on
    )
    return _store(row, learner, email, by=by, language=language)


def appoint_representative(
    name: str, email: str, *, ends_on: date, categories: Collection[str] = (), language: str | None = None, by: Actor
) -> Representative:
    """Let a learner say herself who may act for her until a day, within these categories, and invite that person.

    Raises Invalid as `record_representative`, and NotAllowed for a child under 16 and for who acts for her: nobody
    hands on what she was given.
    """
    learner = get_within_reach(by.scope.get_own_learner_id(), by, lock=True)
    if by.represents:
        raise NotAllowed("only_herself")
    row = Representative(
        learner_id=learner.id,
        kind=RepresentativeKind.AUTHORISED,
        name=name,
        proof=_("zelf aangewezen, ingelogd op %(day)s", day=today().isoformat()),
        categories=sorted(categories),
        ends_on=ends_on,
    )
    return _store(row, learner, email, by=by, language=language)


def _store(row: Representative, learner: Learner, email: str, *, by: Actor, language: str | None) -> Representative:
    _check(learner, row.kind, row.proof, row.ends_on)
    _check_categories(row.categories)
    account = _account_for(row.name, clean_email(email), row.ends_on, by=by, language=language)
    if account.id == by.account_id:
        raise NotAllowed("own_account")
    row.account_id, row.email = account.id, account.email
    row.starts_on, row.recorded_by, row.recorded_at = today(), by.account_id, now()
    session.add(row)
    session.flush()
    _keep_role(account)
    audit.record(
        "representation.representative_recorded",
        learner_id=learner.id,
        subject=("representative", row.id),
        facts={"kind": row.kind.value, "ends_on": row.ends_on.isoformat(), "categories": sorted(row.categories)},
        by=by,
    )
    return row


def _check(learner: Learner, kind: RepresentativeKind, proof: str, ends_on: date) -> None:
    child = is_child(learner.birth_date)
    if child and kind not in _FOR_CHILDREN:
        raise Invalid("kind", "child_needs_parent")
    if not child and kind is RepresentativeKind.PARENT:
        raise Invalid("kind", "not_a_child")
    if not proof.strip():
        raise Invalid("proof", "required")
    if not today() <= ends_on <= today() + LONGEST:
        raise Invalid("ends_on", "not_a_term")
    if child and learner.birth_date is not None and ends_on > last_day_as_child(learner.birth_date):
        raise Invalid("ends_on", "after_sixteen", last=last_day_as_child(learner.birth_date))


def _check_categories(categories: Collection[str]) -> None:
    if any(current_policy().category(key) is None for key in categories):
        raise Invalid("categories", "unknown_category")


def _account_for(name: str, email: str, until: date, *, by: Actor, language: str | None) -> Account:
    account = find_by_email(email)
    if account is None:
        roles = frozenset({Role.REPRESENTATIVE})
        account = add_account(name, email=email, roles=roles, until=until, by=by, language=language)
    if account.password_hash is None:
        send_invitation(account, by=by)
    return account


def _keep_role(account: Account) -> None:
    """Let the role of representative last exactly as long as the longest of her authorisations."""
    longest = session.scalar(
        select(func.max(Representative.ends_on)).where(
            Representative.account_id == account.id, Representative.is_in_force
        )
    )
    keep_role_until(account, Role.REPRESENTATIVE, longest)


def end_representative(learner_id: UUID, representative_id: UUID, *, by: Actor) -> None:
    """End an authorisation at once; who acted by it is signed out. Raises NotFound, or Conflict for one that ended."""
    by.must(Permission.LEARNER_INVITE)
    get_within_reach(learner_id, by)
    _end(learner_id, representative_id, by)


def end_own_representative(representative_id: UUID, *, by: Actor) -> None:
    """Let a learner end at once that somebody acts for her, whoever recorded it. Raises as `end_representative`.

    For a child under 16, for whom parents or a guardian act, and for who acts for her, there is none to end: NotFound.
    """
    learner = get_within_reach(by.scope.get_own_learner_id(), by, lock=True)
    if by.represents or is_child(learner.birth_date):
        raise NotFound("representative")
    _end(learner.id, representative_id, by, kinds=frozenset({RepresentativeKind.AUTHORISED}))


def _end(
    learner_id: UUID,
    representative_id: UUID,
    by: Actor,
    *,
    kinds: Collection[RepresentativeKind] = frozenset(RepresentativeKind),
) -> None:
    row = session.get(Representative, (current_school_id(), representative_id), with_for_update=True)
    if row is None or row.learner_id != learner_id or row.kind not in kinds:
        raise NotFound("representative")
    if not row.is_in_force:
        raise Conflict("already_ended")
    row.ended_at = now()
    session.flush()
    record_ending(Ending.AUTHORISATION, row.id)
    if row.account_id is not None:
        account = get_account(row.account_id, SYSTEM)
        _keep_role(account)
        end_sessions(account)
    audit.record(
        "representation.representative_ended", learner_id=learner_id, subject=("representative", row.id), by=by
    )


def choose_whom(session_id: UUID, learner_id: UUID | None, *, allowed: frozenset[UUID], by: Actor) -> None:
    """Let a session show this learner's record from now on, or the own one; raises NotAllowed for anybody else's."""
    if learner_id is not None and learner_id not in allowed:
        raise NotAllowed("not_represented")
    act_for(session_id, learner_id, by=by)
    audit.record("representation.whom_chosen", learner_id=learner_id, subject=("session", session_id))
