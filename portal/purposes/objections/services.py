"""Making an objection, which stops the use at once, taking it back, and what the school decides on it (AVG art. 21)."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select

from portal.core import audit, jobs
from portal.core.clock import now
from portal.core.crypto.ledger import Ending, objected, objection_over, record_ending
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.learners.record.services import lock_learner
from portal.policy.queries import current_policy
from portal.purposes.objections.models import Objection
from portal.purposes.objections.queries import list_objections

VOID_OBJECTED = "disclosures.void_objected"
COUNT_FIGURES = "hours.count_figures"
"""The job that counts the school's figures anew, without whom they may no longer be made of."""


def make_objections(
    learner_id: UUID, purposes: Collection[str], *, data_request_id: UUID | None, by: Actor
) -> list[Objection]:
    """Stop the use of a learner's data for these purposes; those to which she objects already stay as they are.

    What is marketing stops for good at once (AVG art. 21(3)). Raises NotFound, and Invalid for a purpose against which
    there is no objection.
    """
    policy = current_policy()
    known = {purpose.key: purpose for purpose in policy.purposes if purpose.may_be_objected_to}
    if not set(purposes) <= set(known):
        raise Invalid("purposes", "unknown_purpose")
    lock_learner(learner_id, by)
    there = {each.purpose for each in list_objections(learner_id, by.scope)}
    moment = now()
    made = [
        Objection(
            learner_id=learner_id,
            purpose=key,
            data_request_id=data_request_id,
            made_at=moment,
            made_by=by.account_id,
            settled_at=moment if known[key].nature == "marketing" else None,
        )
        for key in sorted(set(purposes) - there)
    ]
    session.add_all(made)
    session.flush()
    record_ending(Ending.OBJECTION, *(objected(learner_id, each.purpose) for each in made))
    for each in made:
        jobs.ask(VOID_OBJECTED, {"objection_id": str(each.id)}, unique=str(each.id))
        if each.purpose in policy.purposes_of_figures():
            jobs.ask(COUNT_FIGURES, {}, unique=str(each.id))
        _log("purposes.objection_made", each, by)
    return made


def settle_objections(
    learner_id: UUID, *, won: Collection[str], lost: Collection[str], by: Actor
) -> Sequence[Objection]:
    """Let objections that are weighed hold for good, or end where the school proved compelling grounds.

    Whichever request they were made by; returns those that were settled. One that holds for good already stays: no
    ground weighs against an objection to marketing (AVG art. 21(3)).
    """
    weighed = [each for each in _lock_objections(learner_id, {*won, *lost}) if each.settled_at is None]
    for each in weighed:
        if each.purpose in won:
            each.settled_at = now()
            _log("purposes.objection_won", each, by)
        else:
            _end(each)
            _log("purposes.objection_lost", each, by)
    session.flush()
    return weighed


def end_weighed_objections(learner_id: UUID, purposes: Collection[str], *, by: Actor) -> None:
    """End the objections to these purposes that the school weighs: she took her request back. Those won stay."""
    for each in _lock_objections(learner_id, purposes):
        if each.settled_at is None:
            _end(each)
            _log("purposes.objection_taken_back", each, by)
    session.flush()


def take_back_objection(learner_id: UUID, purpose: str, *, by: Actor) -> None:
    """End a learner's objection to a purpose, won or weighed: she says yes again. A second time changes nothing.

    Raises NotFound for a learner out of reach.
    """
    lock_learner(learner_id, by)
    for each in _lock_objections(learner_id, [purpose]):
        _end(each)
        _log("purposes.objection_taken_back", each, by)
    session.flush()


def _end(objection: Objection) -> None:
    """Let an objection hold no more: the use goes on, also after a backup from before is put back."""
    objection.ended_at = now()
    record_ending(Ending.OBJECTION, objection_over(objection.learner_id, objection.purpose))
    if objection.purpose in current_policy().purposes_of_figures():
        jobs.ask(COUNT_FIGURES, {}, unique=f"{objection.id} over")


def _lock_objections(learner_id: UUID, purposes: Collection[str]) -> Sequence[Objection]:
    return session.scalars(
        select(Objection)
        .where(
            Objection.school_id == current_school_id(),
            Objection.learner_id == learner_id,
            Objection.purpose.in_(purposes),
            Objection.is_in_force,
        )
        .order_by(Objection.purpose)
        .with_for_update()
    ).all()


def _log(event: str, objection: Objection, by: Actor) -> None:
    audit.record(
        event,
        learner_id=objection.learner_id,
        subject=("objection", objection.id),
        facts={"purpose": objection.purpose},
        by=by,
    )
