"""Inviting learners to sign in: by e-mail through the worker, or with a printed letter that holds a one-time code.

Who is under 16 gets no account of her own: her parent is recorded and signs in for her (LL-04, LL-12).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.accounts.invitations.links import end_links, make_code
from portal.accounts.invitations.services import add_account, send_invitation
from portal.accounts.models import Account
from portal.accounts.queries import get_account
from portal.accounts.sessions.services import end_sessions
from portal.core import audit
from portal.core.clock import now
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.core.jobs import Job, ask
from portal.learners.invitations.queries import Invitable, Way, find_invitable
from portal.learners.record.ages import is_child
from portal.learners.record.models import Learner
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission, Role

MOST_AT_ONCE = 200
INVITING = "learners.send_invitations"


@dataclass(frozen=True)
class Letter:
    """What a printed first sign-in says; the code is shown nowhere else."""

    name: str
    number: str
    code: str


def _check(learner_ids: Sequence[UUID], *, by: Actor) -> list[Invitable]:
    """Return who is to be invited; raises Invalid("learners", …), also for a child, who is named (LL-04)."""
    by.must(Permission.LEARNER_INVITE)
    if not learner_ids:
        raise Invalid("learners", "nobody")
    if len(learner_ids) > MOST_AT_ONCE:
        raise Invalid("learners", "too_many", most=MOST_AT_ONCE)
    found = find_invitable(learner_ids, by.scope)
    if len(found) != len(set(learner_ids)):
        raise NotFound("learner")
    for learner in found:
        if learner.way is Way.PARENT:
            raise Invalid("learners", "ask_the_parent", name=learner.name)
    return found


def invite_by_email(learner_ids: Sequence[UUID], *, by: Actor) -> Job:
    """Ask the worker to send each of these learners a link; raises Invalid for one who has no address of her own."""
    for learner in _check(learner_ids, by=by):
        if learner.way is not Way.EMAIL:
            raise Invalid("learners", "no_own_email", name=learner.name)
    job = ask("learners.send_invitations", {"learner_ids": [str(each) for each in learner_ids]})
    audit.record("learners.invitations_asked", learner_ids=learner_ids, subject=("job", job.id), by=by)
    return job


def send_invitations(learner_ids: Sequence[UUID], *, by: Actor, progress: Callable[[int, int], None]) -> int:
    """Send the links that were asked for; whoever was invited meanwhile, or became unfit for it, is left out."""
    found = [each for each in find_invitable(learner_ids, by.scope) if each.way is Way.EMAIL and not each.has_password]
    for done, invitable in enumerate(found, start=1):
        learner = session.get_one(Learner, (current_school_id(), invitable.id))
        account = _account_of(learner, by=by)
        if account.email is None:
            account.email = (learner.email or "").lower()
            session.flush()
        send_invitation(account, by=by)
        progress(done, len(found))
    return len(found)


def print_letters(learner_ids: Sequence[UUID], *, by: Actor) -> list[Letter]:
    """Make a letter with number and one-time code for each of these learners; earlier codes are worth nothing then."""
    letters = []
    for invitable in _check(learner_ids, by=by):
        learner = session.get_one(Learner, (current_school_id(), invitable.id))
        account = _account_of(learner, by=by)
        letters.append(Letter(invitable.name, account.sign_in_number or learner.number, make_code(account)))
    audit.record("learners.letters_printed", learner_ids=learner_ids, by=by)
    return letters


def _account_of(learner: Learner, *, by: Actor) -> Account:
    """Return the learner's account, made now where she has none; it can be signed in to by her school number."""
    if learner.account_id is None:
        roles = frozenset({Role.LEARNER})
        language = learner.preferred_language
        account = add_account(learner.full_name, sign_in_number=learner.number, roles=roles, by=by, language=language)
        learner.account_id = account.id
        session.flush()
        return account
    account = get_account(learner.account_id, SYSTEM)
    if not account.is_in_force:
        raise Conflict("account_ended")
    if account.sign_in_number is None:
        account.sign_in_number = learner.number
        session.flush()
    return account


def end_access(learner_id: UUID, *, by: Actor) -> None:
    """End a learner's account at once; her record stays. Raises NotFound where she has none."""
    by.must(Permission.LEARNER_INVITE)
    account = _her_account(learner_id, by=by)
    account.ended_at = now()
    session.flush()
    record_ending(Ending.ACCOUNT, account.id)
    end_sessions(account)
    end_links(account.id)
    audit.record("learners.access_ended", learner_id=learner_id, subject=("account", account.id), by=by)


def let_in_again(learner_id: UUID, *, by: Actor) -> None:
    """Let a learner whose account was ended use it again. Raises NotFound where she has none, Conflict for a child."""
    by.must(Permission.LEARNER_INVITE)
    account = _her_account(learner_id, by=by)
    if is_child(get_within_reach(learner_id, by).birth_date):
        raise Conflict("ask_the_parent")
    account.ended_at = None
    session.flush()
    audit.record("learners.access_given_back", learner_id=learner_id, subject=("account", account.id), by=by)


def find_account(learner: Learner) -> Account | None:
    """Return the account with which a learner signs in herself, also one that has ended; None where she has none."""
    return get_account(learner.account_id, SYSTEM) if learner.account_id is not None else None


def _her_account(learner_id: UUID, *, by: Actor) -> Account:
    learner = get_within_reach(learner_id, by)
    if learner.account_id is None:
        raise NotFound("account")
    return get_account(learner.account_id, SYSTEM)
