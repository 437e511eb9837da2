"""Inviting learners to sign in: by e-mail through the worker, or with a printed letter that holds a one-time code.

Who is under 16 gets no account of her own: her parent is recorded and signs in for her (LL-04, LL-12).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.accounts.invitations.links import end_links, make_code
from portal.accounts.invitations.services import add_account, send_invitation
from portal.accounts.models import Account
from portal.accounts.passkeys.services import remove_passkeys
from portal.accounts.queries import get_account, is_name_taken
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
from portal.learners.invitations.queries import Invitable, find_invitable
from portal.learners.record.ages import is_child
from portal.learners.record.models import Learner
from portal.learners.scope.services import check_number, get_within_reach
from portal.permissions import Permission, Role

INVITING = "learners.send_invitations"


@dataclass(frozen=True)
class Letter:
    """What a printed first sign-in says; the code is shown nowhere else."""

    name: str
    number: str
    code: str


@dataclass(frozen=True)
class Selection:
    """Of who was ticked: to whom a link or a letter can go, and to whom it can't."""

    reached: list[Invitable]
    left_out: list[Invitable]


def _select(learner_ids: Sequence[UUID], reaches: Callable[[Invitable], bool], *, by: Actor) -> Selection:
    """Divide who is ticked by whether she can be reached; raises Invalid("learners", …), NotFound."""
    by.must(Permission.LEARNER_INVITE)
    check_number(learner_ids)
    found = find_invitable(learner_ids, by.scope)
    if len(found) != len(set(learner_ids)):
        raise NotFound("learner")
    return Selection([each for each in found if reaches(each)], [each for each in found if not reaches(each)])


def select_for_email(learner_ids: Sequence[UUID], *, by: Actor) -> Selection:
    """Return to whom of these learners a link can be sent: not to a child (LL-04), nor where no address is her own."""
    return _select(learner_ids, lambda each: each.may_get_email, by=by)


def invite_by_email(learner_ids: Sequence[UUID], *, by: Actor) -> Job:
    """Ask the worker to send a link to whom of these learners one can be sent; raises Invalid where that is nobody."""
    reached = [each.id for each in select_for_email(learner_ids, by=by).reached]
    if not reached:
        raise Invalid("learners", "nobody_by_email")
    job = ask("learners.send_invitations", {"learner_ids": [str(each) for each in reached]})
    audit.record("learners.invitations_asked", learner_ids=reached, subject=("job", job.id), by=by)
    return job


def send_invitations(learner_ids: Sequence[UUID], *, by: Actor, progress: Callable[[int, int], None]) -> int:
    """Send the links that were asked for; whoever was invited meanwhile, or became unfit for it, is left out."""
    found = [each for each in find_invitable(learner_ids, by.scope) if each.may_get_email]
    for done, invitable in enumerate(found, start=1):
        learner = session.get_one(Learner, (current_school_id(), invitable.id))
        account = _account_of(learner, number=None if invitable.is_number_taken else learner.number, by=by)
        if account.email is None:
            account.email = (learner.email or "").lower()
            session.flush()
        send_invitation(account, by=by)
        progress(done, len(found))
    return len(found)


def print_letters(learner_ids: Sequence[UUID], *, by: Actor) -> tuple[list[Letter], list[Invitable]]:
    """Make a letter with number and one-time code for whom of these learners one can be made; return who is left out.

    Earlier codes are worth nothing then. Raises Invalid where a letter can be made for nobody.
    """
    selection = _select(learner_ids, lambda each: each.may_get_letter, by=by)
    if not selection.reached:
        raise Invalid("learners", "nobody_by_letter")
    letters = []
    for invitable in selection.reached:
        learner = session.get_one(Learner, (current_school_id(), invitable.id))
        account = _account_of(learner, number=learner.number, by=by)
        letters.append(Letter(invitable.name, account.sign_in_number or learner.number, make_code(account)))
    audit.record("learners.letters_printed", learner_ids=[each.id for each in selection.reached], by=by)
    return letters, selection.left_out


def _account_of(learner: Learner, *, number: str | None, by: Actor) -> Account:
    """Return the learner's account, made now where she has none; it can be signed in to by her number, where given."""
    if learner.account_id is not None:
        account = get_account(learner.account_id, SYSTEM)
        account.sign_in_number = account.number_she_knows or number or account.sign_in_number
        session.flush()
        return account
    account = add_account(
        learner.full_name,
        email=(learner.email or "").lower() if number is None else None,
        sign_in_number=number,
        roles=frozenset({Role.LEARNER}),
        by=by,
        language=learner.preferred_language,
    )
    learner.account_id = account.id
    session.flush()
    return account


def end_access(learner_id: UUID, *, by: Actor) -> None:
    """End a learner's account at once, and her passkeys for good: a phone may be lost. Her record stays.

    Raises NotFound where she has none.
    """
    by.must(Permission.LEARNER_INVITE)
    account = _her_account(learner_id, by=by)
    account.ended_at = now()
    session.flush()
    record_ending(Ending.ACCOUNT, account.id)
    end_sessions(account)
    end_links(account.id)
    remove_passkeys(account, by=by)
    audit.record("learners.access_ended", learner_id=learner_id, subject=("account", account.id), by=by)


def let_in_again(learner_id: UUID, *, by: Actor) -> None:
    """Let a learner whose account was ended use it again. Raises NotFound where she has none, Conflict for a child."""
    by.must(Permission.LEARNER_INVITE)
    account = _her_account(learner_id, by=by)
    learner = get_within_reach(learner_id, by)
    if is_child(learner.birth_date):
        raise Conflict("ask_the_parent")
    _drop_taken_names(account, learner.number)
    account.ended_at = None
    session.flush()
    audit.record("learners.access_given_back", learner_id=learner_id, subject=("account", account.id), by=by)


def _drop_taken_names(account: Account, number: str) -> None:
    """Leave to others what they sign in by now; she does by her record's number. Raises Conflict."""
    if account.email is not None and is_name_taken(account.email, besides=account):
        account.email = None
    if account.sign_in_number is not None or account.email is None:
        account.sign_in_number = number
    if account.sign_in_number is not None and is_name_taken(account.sign_in_number, besides=account):
        raise Conflict("number_taken")


def find_account(learner: Learner) -> Account | None:
    """Return the account with which a learner signs in herself, also one that has ended; None where she has none."""
    return get_account(learner.account_id, SYSTEM) if learner.account_id is not None else None


def _her_account(learner_id: UUID, *, by: Actor) -> Account:
    learner = get_within_reach(learner_id, by)
    if learner.account_id is None:
        raise NotFound("account")
    return get_account(learner.account_id, SYSTEM)
