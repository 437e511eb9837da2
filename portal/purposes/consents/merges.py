"""Two records of one person become one: of what she decided in each, the newest decision per purpose holds."""

from collections.abc import Collection
from itertools import groupby
from uuid import UUID

from sqlalchemy import Select, select

from portal.core import audit
from portal.core.clock import now
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.languages import language
from portal.policy.queries import current_policy
from portal.purposes.models import Consent
from portal.purposes.withdrawals.services import begin_withdrawal


def settle_consents(kept_id: UUID, other_id: UUID, by: Actor, _taken: Collection[str] = ()) -> None:
    """End what an earlier yes in one record left in force against a later decision in the other (LB-09).

    Where that was a withdrawal, what rested on the consent goes as it does with any withdrawal.
    """
    consents = session.scalars(
        _decisions(kept_id, other_id).with_for_update().execution_options(populate_existing=True)
    ).all()
    for _, decided in groupby(consents, key=lambda consent: consent.purpose):
        for ended in _settle(list(decided), by):
            audit.record(
                "purposes.consent_ended_by_merging",
                learner_id=kept_id,
                subject=("consent", ended.id),
                facts={"purpose": ended.purpose},
                by=by,
            )
    session.flush()


def foresee_consents(kept_id: UUID, other_id: UUID) -> list[str]:
    """Return the titles of the purposes to which she would no longer say yes once the two records are one."""
    consents = session.scalars(_decisions(kept_id, other_id)).all()
    ending = {
        purpose for purpose, decided in groupby(consents, key=lambda consent: consent.purpose) if _ends(list(decided))
    }
    policy = current_policy()
    return [str(policy.text(each.title, language())) for each in policy.consent_purposes() if each.key in ending]


def _decisions(kept_id: UUID, other_id: UUID) -> Select[Consent]:
    return (
        select(Consent)
        .where(Consent.school_id == current_school_id(), Consent.learner_id.in_([kept_id, other_id]))
        .order_by(Consent.purpose, Consent.given_at, Consent.id)
    )


def _ends(consents: list[Consent]) -> bool:
    """Say whether her newest decision, of consents to one purpose in the order they were given, is a no after a yes.

    What lapsed, by another text or as she turned 16, is nobody's no.
    """
    in_force = [consent for consent in consents if consent.is_in_force]
    if not in_force:
        return False
    newest = in_force[-1]
    said_no = (each for each in consents if not each.has_lapsed)
    return any(each.ended_at is not None and each.ended_at > newest.given_at for each in said_no)


def _settle(consents: list[Consent], by: Actor) -> list[Consent]:
    """Let the newest decision on one purpose hold, of consents in the order they were given; returns those it ends."""
    in_force = [consent for consent in consents if consent.is_in_force]
    if not in_force:
        return []
    *earlier, newest = in_force
    is_over = _ends(consents)
    for consent in earlier:
        consent.ended_at = newest.given_at
        record_ending(Ending.LAPSE, consent.id)
    if not is_over:
        return earlier
    purpose = next((each for each in current_policy().consent_purposes() if each.key == newest.purpose), None)
    if purpose is None:  # the policy has no such switch any more, and so nothing rests on it
        newest.ended_at = now()
        record_ending(Ending.LAPSE, newest.id)
    else:
        begin_withdrawal(newest, purpose, by=by)
    return [*earlier, newest]
