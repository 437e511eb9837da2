"""Letting go of what is past the audit's term: whole seals, their entries, and whom those are about."""

from datetime import datetime
from itertools import takewhile

from sqlalchemy import select, text

from portal.core.audit.models import AuditExpiry, AuditSeal, Chain
from portal.core.audit.seals import FIRST, Standing, code_of_expiry, last_expiry, seal_key
from portal.core.audit.verification import Finding, finding_in
from portal.core.clock import now
from portal.core.db.scope import current_school_id
from portal.core.db.session import session

_SEALS_AT_ONCE = 100
_LOCK = text("select pg_advisory_xact_lock(hashtextextended(cast(:school as text), 7403))")
_EXPIRE = text("select expire_audit(:chain)")


class ChainNotWhole(Exception):
    """A chain has a finding in what would go: it stays, so that what was done to it can be seen."""

    def __init__(self, chain: Chain, finding: Finding) -> None:
        self.chain, self.finding = chain, finding
        super().__init__(f"the chain {chain.value} is not whole: {finding}")


def expire_entries(chain: Chain, before: datetime) -> int:
    """Let go of the oldest seals of a chain that were made before a moment, at most 100; return how many entries went.

    A line stays that says which seals went and where the chain stood. The database takes only what is past the term of
    the policy in force, and only what the line says. Raises ChainNotWhole where a seal or an entry isn't as it was
    sealed.
    """
    session.execute(_LOCK, {"school": current_school_id()})
    oldest = select(AuditSeal).where(AuditSeal.chain == chain).order_by(AuditSeal.number).limit(_SEALS_AT_ONCE)
    seals = list(takewhile(lambda seal: seal.at < before, session.scalars(oldest)))
    if not seals:
        return 0
    key, previous = seal_key(), last_expiry(chain)
    standing = Standing(previous.last_number, previous.standing, previous.last_at) if previous else Standing()
    for seal in seals:
        finding = finding_in(key, seal, standing)
        if finding is not None:
            raise ChainNotWhole(chain, finding)
        standing = Standing(seal.number, seal.code, seal.at)
    line = _line(chain, seals)
    line.code = code_of_expiry(key, previous.code if previous else FIRST, line)
    session.add(line)
    session.flush()
    return int(session.scalars(_EXPIRE, {"chain": chain.value}).one())


def _line(chain: Chain, seals: list[AuditSeal]) -> AuditExpiry:
    first, last = seals[0], seals[-1]
    return AuditExpiry(
        chain=chain,
        first_number=first.number,
        last_number=last.number,
        first_at=first.at,
        last_at=max(seal.at for seal in seals),  # the latest, also where a clock went back between two
        entries=sum(len(seal.event_ids) for seal in seals),
        standing=last.code,
        at=now(),
    )
