"""What a restored database must not bring back of purposes: consents that ended, and uses that a learner stopped."""

from uuid import UUID

from sqlalchemy import select

from portal.core import jobs
from portal.core.clock import now, today
from portal.core.crypto.ledger import Ending, EndingsSince, objected, objection_over
from portal.core.db.scope import checkpoint, current_school_id
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.core.restores.ports import AppliedAgain
from portal.core.restores.tries import Tried, tried_rows
from portal.learners.record.ages import sixteen_on
from portal.learners.record.models import Learner
from portal.policy.queries import current_policy
from portal.purposes.coming_of_age.services import VOID_LAPSED
from portal.purposes.models import Consent
from portal.purposes.objections.models import Objection
from portal.purposes.objections.services import make_objections, take_back_objection
from portal.purposes.restrictions.models import Restriction, RestrictionGround
from portal.purposes.restrictions.services import restrict
from portal.purposes.withdrawals.services import begin_withdrawal, carry_out_withdrawal
from portal.schools.queries import current_school


def withdraw_consents_again(ended: EndingsSince) -> int:
    """Withdraw consents again, with what rested on them, at once; return how many. Commits after each."""
    ids = _ended_consents(ended, Ending.CONSENT)
    if not ids:
        return 0
    known = {purpose.key: purpose for purpose in current_policy().consent_purposes()}
    for consent_id in ids:
        consent = session.get_one(Consent, (current_school_id(), consent_id))
        purpose = known.get(consent.purpose)
        if purpose is None:  # the policy has no such switch, and so nothing rests on it
            consent.ended_at = now()
        else:
            withdrawal = begin_withdrawal(consent, purpose, by=PORTAL)
            carry_out_withdrawal(withdrawal.id, by=PORTAL)
        checkpoint()
    return len(ids)


def end_lapsed_again(ended: EndingsSince) -> int:
    """End consents again that lapsed or were replaced, and return how many: nothing goes with them but their files.

    The ledger doesn't hold why. A yes that somebody gave for who is 16 by now lapsed on that birthday; with any other
    she is asked anew by the text in force, for what came in its place isn't in the backup.
    """
    ids = _ended_consents(ended, Ending.LAPSE)
    for consent_id in ids:
        consent = session.get_one(Consent, (current_school_id(), consent_id))
        born = session.get_one(Learner, (current_school_id(), consent.learner_id)).birth_date
        is_grown = born is not None and sixteen_on(born) <= today()
        consent.ended_at, consent.is_ended_at_sixteen = now(), consent.is_by_representative and is_grown
        if not consent.is_ended_at_sixteen:
            consent.ended_by_version_id = current_school().policy_version_id
        jobs.ask(VOID_LAPSED, {"consent_id": str(consent.id)}, unique=str(consent.id))
    session.flush()
    return len(ids)


def object_again(ended: EndingsSince) -> int:
    """Make objections again, and return how many hold anew: a backup knows none that was made after it.

    What was taken back or lost since then ends again, unless she objected once more after that.
    """
    count, learners = 0, _learners(ended, Ending.OBJECTION)
    for purpose in current_policy().purposes if learners else ():  # a school may have no policy yet
        if not purpose.may_be_objected_to:
            continue
        whose = {of(each, purpose.key): each for each in learners for of in (objected, objection_over)}
        for learner_id in sorted({whose[found] for found in ended.among(Ending.OBJECTION, whose)}):
            over = objection_over(learner_id, purpose.key)
            last = ended.last_among(Ending.OBJECTION, (objected(learner_id, purpose.key), over))
            if last == over:
                take_back_objection(learner_id, purpose.key, by=PORTAL)
            else:
                count += len(make_objections(learner_id, [purpose.key], data_request_id=None, by=PORTAL))
    return count


def find_used(ended: EndingsSince) -> list[UUID]:
    """Return the learners whose data is used for a purpose to which they objected, and didn't take that back."""
    learners, found = _learners(ended, Ending.OBJECTION), set()
    purposes = current_policy().purposes if learners else ()
    for purpose in (each.key for each in purposes if each.may_be_objected_to):
        in_force = set(
            session.scalars(
                select(Objection.learner_id).where(
                    Objection.school_id == current_school_id(), Objection.purpose == purpose, Objection.is_in_force
                )
            )
        )
        whose = {objected(each, purpose): each for each in learners if each not in in_force}
        for made in ended.among(Ending.OBJECTION, whose):
            if ended.last_among(Ending.OBJECTION, (made, objection_over(whose[made], purpose))) == made:
                found.add(whose[made])
    return sorted(found)


def find_unrestricted(ended: EndingsSince) -> list[UUID]:
    """Return the learners who restricted their data and of whom not all is hidden."""
    hidden = select(Restriction.learner_id).where(
        Restriction.school_id == current_school_id(), Restriction.is_in_force, Restriction.categories == []
    )
    restricted = set(session.scalars(hidden))
    those = ended.among(Ending.RESTRICTION, _learners(ended, Ending.RESTRICTION))
    return [each for each in those if each not in restricted]


def restrict_again(ended: EndingsSince) -> int:
    """Hide all of a learner again who restricted anything, and return how many; the school looks at each."""
    restricted = 0
    for learner_id in ended.among(Ending.RESTRICTION, _learners(ended, Ending.RESTRICTION)):
        before = now()
        made = restrict(learner_id, ground=RestrictionGround.CLAIM, by=PORTAL)
        restricted += made.started_at >= before
    return restricted


def _ended_consents(ended: EndingsSince, kind: Ending) -> list[UUID]:
    if not ended.has(kind):
        return []
    held = select(Consent.id).where(Consent.school_id == current_school_id(), Consent.is_in_force)
    return ended.among(kind, session.scalars(held.order_by(Consent.id)).all())


def _learners(ended: EndingsSince, kind: Ending) -> list[UUID]:
    """Return every learner of the school in scope, where anything of this kind ended."""
    if not ended.has(kind):
        return []
    return list(session.scalars(select(Learner.id).where(Learner.school_id == current_school_id())))


TRIED = (
    tried_rows(Ending.CONSENT, "withdrawn consents are in force", Consent.id, lambda: [Consent.is_in_force]),
    tried_rows(Ending.LAPSE, "lapsed consents are in force", Consent.id, lambda: [Consent.is_in_force]),
    Tried(Ending.OBJECTION, "learners who objected are used for it", find_used),
    Tried(Ending.RESTRICTION, "restrictions are lost", find_unrestricted),
)
AGAIN = (
    AppliedAgain(Ending.CONSENT, withdraw_consents_again),
    AppliedAgain(Ending.LAPSE, end_lapsed_again),
    AppliedAgain(Ending.OBJECTION, object_again),
    AppliedAgain(Ending.RESTRICTION, restrict_again),
)
