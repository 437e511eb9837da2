"""Making an objection, which stops the use at once, and what the school decides on it (AVG art. 21)."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select

from portal.core import audit, jobs
from portal.core.clock import now
from portal.core.crypto.ledger import Ending, objected, record_ending
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


def settle_objections(data_request_id: UUID, *, won: Collection[str], lost: Collection[str], by: Actor) -> None:
    """Let the objections of a request hold for good, or end where the school proved compelling grounds.

    One that holds for good already stays: no ground weighs against an objection to marketing (AVG art. 21(3)).
    """
    for each in _list_of(data_request_id):
        if each.purpose in won and each.settled_at is None:
            each.settled_at = now()
            _log("purposes.objection_won", each, by)
        elif each.purpose in lost and each.settled_at is None:
            each.ended_at = now()
            _log("purposes.objection_lost", each, by)
    session.flush()


def _list_of(data_request_id: UUID) -> Sequence[Objection]:
    return session.scalars(
        select(Objection)
        .where(
            Objection.school_id == current_school_id(),
            Objection.data_request_id == data_request_id,
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
