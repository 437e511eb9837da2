"""Who may act for a learner: recorded with proof and an end, invited, and ended (LB-11, LL-04).

For a learner under 16 that is a parent or guardian, and no longer than the day before she turns 16. For an adult it is
whom she authorised herself, or whom a court appointed; of the latter the extract is seen and not kept (UAVG art. 5).
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
from portal.core.http.languages import _, comma
from portal.core.http.scope import SYSTEM
from portal.learners.record.ages import is_child, sixteen_on
from portal.learners.record.labels import CATEGORIES
from portal.learners.record.models import Learner
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission, Role
from portal.policy.queries import current_policy
from portal.representation.labels import KINDS, PROOFS
from portal.representation.models import (
    BY_COURT,
    FOR_CHILDREN,
    WIDEST,
    ProofKind,
    Representative,
    RepresentativeKind,
)
from portal.representation.queries import taken_over

LONGEST = timedelta(days=5 * 366)
_SEEN_WITHIN = timedelta(days=366)


def last_day_as_child(birth_date: date) -> date:
    """Return the day before somebody turns 16."""
    return sixteen_on(birth_date) - timedelta(days=1)


def record_representative(
    learner_id: UUID,
    *,
    kind: RepresentativeKind,
    name: str,
    email: str | None,
    ends_on: date,
    proof: str = "",
    proof_kind: ProofKind | None = None,
    seen_on: date | None = None,
    categories: Collection[str] = (),
    signs_in: bool = True,
    by: Actor,
    language: str | None = None,
) -> Representative:
    """Record that somebody may act for a learner from today until a day, and invite her to sign in.

    Who has no mail or wants no account (`signs_in`) acts off the portal alone: her address may be left out then.

    She sees and corrects these categories of the policy; without any, all of them. Of whom a court appointed `by` saw
    a `proof_kind` on a day: nothing of it is kept. Somebody who has an account already signs in with that. A curator
    ends what the learner authorised others to (BW 3:72). Raises Invalid where the kind doesn't fit the learner's age,
    the proof is missing, a category isn't the school's or isn't for that kind, or the end is past, more than five years
    away, or beyond the day before she turns 16, and NotAllowed for oneself: a colleague records that.
    """
    by.must(Permission.LEARNER_INVITE)
    learner = get_within_reach(learner_id, by, lock=True)
    row = Representative(
        learner_id=learner.id, kind=kind, name=name, proof=proof.strip(), categories=sorted(categories), ends_on=ends_on
    )
    if kind in BY_COURT:
        _note_seen(row, proof_kind, seen_on, by)
    stored = _store(row, learner, email, signs_in=signs_in, by=by, language=language)
    if kind is RepresentativeKind.CURATOR:
        _end_authorised(learner.id, by)
    return stored


def _note_seen(row: Representative, proof_kind: ProofKind | None, seen_on: date | None, by: Actor) -> None:
    if proof_kind is None:
        raise Invalid("proof_kind", "required")
    if seen_on is None or not today() - _SEEN_WITHIN <= seen_on <= today():
        raise Invalid("seen_on", "not_seen_then")
    row.proof, row.proof_kind, row.seen_on = str(PROOFS[proof_kind]), proof_kind, seen_on
    row.seen_by, row.seen_by_name = by.account_id, by.name


def _end_authorised(learner_id: UUID, by: Actor) -> None:
    _end_all(learner_id, frozenset({RepresentativeKind.AUTHORISED}), by)


def _end_all(learner_id: UUID, kinds: Collection[RepresentativeKind], by: Actor) -> None:
    held = select(Representative.id).where(
        Representative.school_id == current_school_id(),
        Representative.learner_id == learner_id,
        Representative.kind.in_(kinds),
        Representative.is_in_force,
    )
    for each in session.scalars(held.order_by(Representative.id)).all():
        _end(learner_id, each, by)


def end_for_children(learner_id: UUID, *, by: Actor) -> None:
    """End that parents and guardians act for a learner within reach who is 16 or older. Safe to repeat (LL-04).

    They could do nothing any more since that day (`may_act`); from now on it stands so, and is in the ledger.
    """
    learner = get_within_reach(learner_id, by, lock=True)
    if not is_child(learner.birth_date):
        _end_all(learner_id, FOR_CHILDREN, by)


def appoint_representative(
    name: str, email: str, *, ends_on: date, categories: Collection[str] = (), language: str | None = None, by: Actor
) -> Representative:
    """Let a learner say herself who may act for her until a day, within these categories, and invite that person.

    What somebody decides in her place, as a court said, isn't hers to hand on: without any category it is all the rest.
    Raises Invalid as `record_representative`, and NotAllowed for a child under 16, for who acts for her, since nobody
    hands on what she was given, and where a curator decides on all.
    """
    learner = get_within_reach(by.scope.get_own_learner_id(), by, lock=True)
    if by.represents:
        raise NotAllowed("only_herself")
    categories = _hers_to_give(learner.id, categories, by)
    row = Representative(
        learner_id=learner.id,
        kind=RepresentativeKind.AUTHORISED,
        name=name,
        proof=_("zelf aangewezen, ingelogd op %(day)s", day=today().isoformat()),
        categories=sorted(categories),
        ends_on=ends_on,
    )
    return _store(row, learner, email, by=by, language=language)


def _hers_to_give(learner_id: UUID, categories: Collection[str], by: Actor) -> Collection[str]:
    taken = taken_over(learner_id, by.scope)
    if not taken:
        return categories
    left = {each.key for each in current_policy().categories} - taken
    if not left:
        raise NotAllowed("representative_decides")
    if not left.issuperset(categories):
        raise Invalid("categories", "unknown_category")
    return categories or left


def _store(
    row: Representative, learner: Learner, email: str | None, *, signs_in: bool = True, by: Actor, language: str | None
) -> Representative:
    _check(learner, row.kind, row.proof, row.ends_on)
    _check_categories(row.kind, row.categories)
    row.email = clean_email(email or "") if email or signs_in else None
    _must_be_another(row.email, by)
    row.starts_on, row.recorded_by, row.recorded_at = today(), by.account_id, now()
    if row.email is not None and signs_in:
        account = _account_for(row.name, row.email, row.ends_on, by=by, language=language)
        row.account_id, row.email = account.id, account.email
    session.add(row)
    session.flush()
    if row.account_id is not None:
        _keep_role(get_account(row.account_id, SYSTEM))
    audit.record(
        "representation.representative_recorded",
        learner_id=learner.id,
        subject=("representative", row.id),
        facts={"kind": row.kind.value, "ends_on": row.ends_on.isoformat(), "categories": sorted(row.categories)},
        by=by,
    )
    return row


def _must_be_another(email: str | None, by: Actor) -> None:
    """Raise NotAllowed where this is the address of who records it: a colleague does that."""
    account = find_by_email(email) if email is not None else None
    if account is not None and account.id == by.account_id:
        raise NotAllowed("own_account")


def _check(learner: Learner, kind: RepresentativeKind, proof: str, ends_on: date) -> None:
    child = is_child(learner.birth_date)
    if child and kind not in FOR_CHILDREN:
        raise Invalid("kind", "child_needs_parent")
    if not child and kind in FOR_CHILDREN:
        raise Invalid("kind", "not_a_child")
    if not proof.strip():
        raise Invalid("proof", "required")
    if not today() <= ends_on <= today() + LONGEST:
        raise Invalid("ends_on", "not_a_term")
    if child and learner.birth_date is not None and ends_on > last_day_as_child(learner.birth_date):
        raise Invalid("ends_on", "after_sixteen", last=last_day_as_child(learner.birth_date))


def _check_categories(kind: RepresentativeKind, categories: Collection[str]) -> None:
    if not set(categories) <= set(CATEGORIES):
        raise Invalid("categories", "unknown_category")
    if kind in BY_COURT and not categories and kind is not RepresentativeKind.CURATOR:
        raise Invalid("categories", "part_required")
    beyond = sorted(set(categories) - WIDEST.get(kind, frozenset(CATEGORIES)))
    if beyond:
        titles = comma().join(str(CATEGORIES[key]) for key in beyond)
        raise Invalid("categories", "beyond_kind", kind=KINDS[kind], title=titles)
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
