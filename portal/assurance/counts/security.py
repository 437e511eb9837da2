"""Counts of who can reach what, second steps, traces, and the log itself."""

from datetime import timedelta

from sqlalchemy import and_, exists, func, not_, or_, select, union_all

from portal.accounts.models import Account, AccountSession, Membership, SignInLink
from portal.accounts.passkeys.models import Passkey
from portal.accounts.passkeys.queries import has_passkeys
from portal.assurance.counts.rows import count_rows, is_here
from portal.assurance.counts.terms import ROUND
from portal.assurance.figures.keys import Count
from portal.core.audit.models import AuditEvent, Chain
from portal.core.audit.verification import verify
from portal.core.clock import now, start_of, today
from portal.core.crypto.ledger import Ending, find_endings
from portal.core.db.base import Base
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.personal_data import OWN_TABLE
from portal.permissions import OUTSIDE
from portal.policy.schema import Policy
from portal.schools.queries import get_school
from portal.signals.models import Signal

_AT_ONCE = 5_000


def count_ended_roles(_policy: Policy, _subject: str) -> Count:
    """Return how many people who left have no role any more."""
    in_force = exists().where(
        Membership.school_id == Account.school_id,
        Membership.account_id == Account.id,
        Membership.role.not_in(OUTSIDE),
        Membership.lasts_until(today() + timedelta(days=1)),
    )
    worked = exists().where(
        Membership.school_id == Account.school_id, Membership.account_id == Account.id, Membership.role.not_in(OUTSIDE)
    )
    return count_rows(Account, and_(~Account.is_in_force, worked), ~in_force)


def count_whole_trail(_policy: Policy, _subject: str) -> Count:
    """Return how many entries of the log are in its seals, unaltered; one fewer where anything is wrong (LB-08)."""
    verdicts = [verify(chain) for chain in Chain]
    total = sum(each.entries for each in verdicts)
    wrong = sum(each.finding is not None for each in verdicts)
    return Count(total, total + wrong)


def count_second_factors(_policy: Policy, _subject: str) -> Count:
    """Return how many people in a role that needs a second step have one, of those who can sign in (LL-17)."""
    roles = sorted(get_school().second_factor_roles)
    needs = exists().where(
        Membership.school_id == Account.school_id,
        Membership.account_id == Account.id,
        Membership.role.in_(roles),
        Membership.holds_on(today()),
    )
    able = and_(Account.is_in_force, Account.password_hash.is_not(None))
    return count_rows(Account, and_(able, needs), or_(Account.totp_secret.is_not(None), has_passkeys()))


def count_gone_activity(policy: Policy, _subject: str) -> Count:
    """Return how many traces of signing in are within their term, those in the audit too (OP-03, LL-11).

    A session in force stays for as long, but without its address; so does a passkey, without when it was last used.
    """
    moment, since = now(), start_of(policy.activity_term.kept_since(today()) - ROUND)
    of_session = or_(AccountSession.ip_address.is_not(None), not_(AccountSession.is_live(moment)))
    of_activity = AuditEvent.chain == Chain.ACTIVITY
    traces = union_all(
        *(
            select(at.label("at")).where(model.school_id == current_school_id(), which)
            for model, at, which in (
                (AccountSession, AccountSession.created_at, of_session),
                (Passkey, Passkey.last_used_at, Passkey.last_used_at.is_not(None)),
                (SignInLink, SignInLink.made_at, SignInLink.has_expired(moment)),
                (AuditEvent, AuditEvent.at, of_activity),
            )
        )
    ).subquery()
    row = session.execute(select(func.count().filter(traces.c.at >= since), func.count()).select_from(traces)).one()
    return Count(row[0], row[1])


def count_decisions_by_people(_policy: Policy, _subject: str) -> Count:
    """Return how many answered signals name who answered: the portal itself takes no measure (OP-06, LL-13)."""
    return count_rows(Signal, Signal.answered_at.is_not(None), Signal.answered_by_name.is_not(None))


def count_kept_erasures(_policy: Policy, _subject: str) -> Count:
    """Return how many people of any kind stand here that the ledger doesn't know as erased (OP-07, MN-15)."""
    own = [Base.metadata.tables[name] for name in OWN_TABLE.values()]
    ids = list(session.scalars(union_all(*(select(table.columns.id).where(is_here(table)) for table in own))))
    back = sum(len(find_endings(Ending.ERASURE, ids[at : at + _AT_ONCE])) for at in range(0, len(ids), _AT_ONCE))
    return Count(len(ids) - back, len(ids))
